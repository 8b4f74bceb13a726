"""A list of people to be invited: name, e-mail address, role and organisation of each."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from access.models import Role
from access.models.addresses import plain_address
from access.models.user import email_fingerprint
from access.people.actions.inviting import NewPerson
from access.people.addresses import problem_with
from access.people.names import NAME, NO_NAME
from access.people.selectors.people import addresses_taken
from access.software.lists.spreadsheets import CellError, Row, unreadable
from pages.typed import plain

COLUMNS = ("name", "email", "role", "organisation")
ROLES = {word.casefold(): role for role in Role for word in (role.value, role.label)}
ROLE_NAMES = ", ".join(role.label for role in Role)

NO_ROLE = f"There is no such role. Write one of: {ROLE_NAMES}."
NO_ORGANISATION = (
    "This is not the directory number of an organisation that you may invite for. Look it up on the page Organisations."
)
USED = "This address is used already. Find the person on the page People and take the line out."


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a list: the people, where every line is right; else every error, by line."""

    people: list[NewPerson]
    errors: list[CellError]


def check(rows: list[Row], organisations: Mapping[str, int]) -> Checked:
    """Check every cell of every row. `organisations` has the ids of those that the inviter may invite for, by code."""
    used = addresses_taken({email_fingerprint(row.cells["email"]) for row in rows})
    first: dict[str, int] = {}
    errors: list[CellError] = []
    rows = [_with_plain_name(row) for row in rows]
    for row in rows:
        found = list(unreadable(row)) or list(_wrong(row, organisations, used, first))
        errors.extend(found)
        first.setdefault(email_fingerprint(row.cells["email"]), row.line)
    people = [] if errors else [_person(row, organisations) for row in rows]
    return Checked(people, errors)


def _with_plain_name(row: Row) -> Row:
    return replace(row, cells={**row.cells, "name": plain(row.cells["name"])})


def _wrong(
    row: Row, organisations: Mapping[str, int], used: Collection[str], first: Mapping[str, int]
) -> Iterable[CellError]:
    if not NAME.fullmatch(row.cells["name"]):
        yield CellError(row.line, "name", NO_NAME)
    address = plain_address(row.cells["email"])
    known = email_fingerprint(address)
    problem = problem_with(address) or (USED if known in used else None) or _twice(known, first)
    if problem:
        yield CellError(row.line, "email", problem)
    if row.cells["role"].casefold() not in ROLES:
        yield CellError(row.line, "role", NO_ROLE)
    if row.cells["organisation"] not in organisations:
        yield CellError(row.line, "organisation", NO_ORGANISATION)


def _twice(known: str, first: Mapping[str, int]) -> str | None:
    line = first.get(known)
    return f"The same address stands in line {line}. Take one of them out." if line else None


def _person(row: Row, organisations: Mapping[str, int]) -> NewPerson:
    return NewPerson(
        name=row.cells["name"],
        email=plain_address(row.cells["email"]),
        role=ROLES[row.cells["role"].casefold()],
        organisation_id=organisations[row.cells["organisation"]],
    )
