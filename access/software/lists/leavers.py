"""A list of people who have left: the e-mail address of each, and nothing more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from access.models import User
from access.models.addresses import plain_address
from access.models.user import email_fingerprint
from access.people.addresses import problem_with
from access.software.lists.spreadsheets import CellError, Row, unreadable

COLUMNS = ("email",)

UNKNOWN = "Nobody in your organisations uses this address. Check how it is written, or take the line out."
OWN = "This is your own address. Another administrator must say that you have left. Take the line out."


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a list: the people, where every line is right; else every error, by line."""

    people: list[User]
    errors: list[CellError]


def check(rows: list[Row], people: QuerySet[User], *, own_id: int | None = None) -> Checked:
    """Look every address up among `people`, whom the one who sent the list may suspend; `own_id` is theirs.

    People of other organisations are unknown here, as if they were not there at all. An address that stands twice in
    the list is taken once.
    """
    prints = {row.line: email_fingerprint(row.cells["email"]) for row in rows}
    known = {person.email_fingerprint: person for person in people.filter(email_fingerprint__in=set(prints.values()))}
    errors: list[CellError] = []
    for row in rows:
        errors.extend(list(unreadable(row)) or _wrong(row, known.get(prints[row.line]), own_id))
    named: Mapping[str, None] = dict.fromkeys(prints.values())
    return Checked([] if errors else [known[one] for one in named], errors)


def _wrong(row: Row, person: User | None, own_id: int | None) -> Iterable[CellError]:
    problem = problem_with(plain_address(row.cells["email"]))
    if problem is None and person is None:
        problem = UNKNOWN
    if person is not None and person.pk == own_id:
        problem = OWN
    if problem:
        yield CellError(row.line, "email", problem)
