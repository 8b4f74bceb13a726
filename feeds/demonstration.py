"""What suppliers sent to the demonstration.

A school census that was taken in and left doubts to decide, and a list of child benefit that was checked and is not as
usual: written from the children who are there, with slips by a rule of their own, and sent through the same steps as
any batch. To do it again changes nothing.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from itertools import islice

from access.models import Organisation
from feeds.models import Batch, Supplier
from feeds.readers import Format
from feeds.worker.receiving import receive
from feeds.worker.waiting import process_waiting
from registry.demonstration.england import Places, households
from registry.demonstration.shapes import Child, Household
from registry.vocabulary import AddressState, Gender, Source

PUPILS, FAMILIES = 600, 150
ELSEWHERE = 5_000_000  # households from here on are nobody's in a demonstration of any size
SLIP_EVERY, STRANGER_EVERY, REFUSED_EVERY = 8, 25, 120
STRANGERS_OF_BENEFIT = 3  # every so many is of somewhere else: as where the list of another council was sent
GENDERS = {Gender.FEMALE: "F", Gender.MALE: "M", Gender.NOT_SPECIFIED: "N"}
# How many of a thousand rows were about children on record before: the census is as usual, and so lets itself in.
CENSUS_LINKED, BENEFIT_LINKED = 850, 960
LOOKALIKES = {"a": "e", "e": "a", "i": "y", "y": "i", "k": "c", "c": "k", "s": "z", "n": "m", "o": "u", "u": "o"}

Cells = dict[str, str]
Slip = Callable[[Cells, Cells], Cells]


def make(organisation: Organisation, *, seed: int, generated_on: date, today: date) -> list[Batch]:
    """Both feeds and a batch of each, unless they are there. Returns the batches."""
    homes = Homes(seed, generated_on)
    census = _supplier(organisation, Source.SCHOOL_CENSUS, must_supply=True, asks=False, usual_linked=CENSUS_LINKED)
    benefit = _supplier(organisation, Source.CHILD_BENEFIT, must_supply=True, asks=True, usual_linked=BENEFIT_LINKED)
    _send(census, lambda: census_of(homes, today))
    _send(benefit, lambda: benefit_of(homes, today))
    # A batch that lets itself in is checked the first time, and taken in the second.
    while process_waiting():
        pass
    return list(Batch.objects.filter(supplier__in=[census, benefit]).order_by("pk"))


class Homes:
    """The demonstration's own households, and others, as they were made."""

    def __init__(self, seed: int, generated_on: date) -> None:
        self._seed = seed
        self._generated_on = generated_on
        self._places = Places.load()

    def own(self) -> Iterator[tuple[Household, Child]]:
        return self._from(0)

    def others(self) -> Iterator[tuple[Household, Child]]:
        return self._from(ELSEWHERE)

    def _from(self, start: int) -> Iterator[tuple[Household, Child]]:
        made = households(self._places, seed=self._seed, children=10**9, today=self._generated_on, start=start)
        return ((home, child) for home in made for child in home.children if _is_plain(child))


def census_of(homes: Homes, today: date) -> Iterator[Cells]:
    """Pupils of the authority. Most rows say what stands on record; of others something is wrong, or new."""
    pupils = islice((each for each in homes.own() if each[1].school), PUPILS)
    strangers = (each for each in homes.others() if each[1].school)
    earlier: Cells = {}
    slips = 0
    for number, (home, child) in enumerate(pupils, start=1):
        if number % STRANGER_EVERY == 0:
            home, child = next(strangers)  # noqa: PLW2901 - somebody else's row in its place
        row = _pupil(home, child, key=f"P{number:05}", today=today)
        if number % REFUSED_EVERY == 0:
            row = replaced(row, date_of_birth="31/02/2015")
        elif number % SLIP_EVERY == 0 and earlier:
            row = SLIPS[slips % len(SLIPS)](row, earlier)
            slips += 1
        earlier = row
        yield row


def benefit_of(homes: Homes, today: date) -> Iterator[Cells]:
    """Families of the authority, and between them far too many of somewhere else."""
    own, others = homes.own(), homes.others()
    for number in range(1, FAMILIES + 1):
        home, child = next(others if number % STRANGERS_OF_BENEFIT == 0 else own)
        yield _who(home, child, key=f"B{number:05}", today=today)


def written(rows: Iterable[Cells]) -> bytes:
    """The rows as a supplier writes them, headed as our own fields are named."""
    out = io.StringIO()
    listed = list(rows)
    writer = csv.DictWriter(out, fieldnames=list(dict.fromkeys(name for row in listed for name in row)))
    writer.writeheader()
    writer.writerows(listed)
    return out.getvalue().encode()


def replaced(row: Cells, **cells: str) -> Cells:
    return row | cells


def misspelt(row: Cells, _earlier: Cells) -> Cells:
    """A letter of the given name is another, and the number is missing."""
    return replaced(row, given=_another_letter(row["given"]), pupil_number="")


def moved_and_misspelt(row: Cells, earlier: Cells) -> Cells:
    """They live where somebody else does, and their family name has a letter wrong."""
    return _at(earlier, replaced(row, family=_another_letter(row["family"]), pupil_number=""))


def born_another_day(row: Cells, earlier: Cells) -> Cells:
    """The year of birth is one out, and they have moved."""
    born = date.fromisoformat(row["date_of_birth"])
    year_before = (born - timedelta(days=365)).isoformat()
    return _at(earlier, replaced(row, date_of_birth=year_before, pupil_number=""))


def other_family_name(row: Cells, _earlier: Cells) -> Cells:
    """They are called as a parent is."""
    return replaced(row, family=row["guardian_1_family"] or row["family"], pupil_number="")


def anothers_number(row: Cells, earlier: Cells) -> Cells:
    """The number of the pupil in the line before."""
    return replaced(row, pupil_number=earlier["pupil_number"])


def short_name(row: Cells, earlier: Cells) -> Cells:
    """Half of a given name, at another address."""
    given = row["given"]
    return _at(earlier, replaced(row, given=given[: max(3, len(given) // 2)], pupil_number=""))


def moved_upstairs(row: Cells, _earlier: Cells) -> Cells:
    """They live in a flat, of which no other source knows. The number says who they are, so that it is linked."""
    return replaced(row, address_1=f"Flat 2, {row['address_1']}")


SLIPS: tuple[Slip, ...] = (
    misspelt,
    moved_and_misspelt,
    born_another_day,
    other_family_name,
    anothers_number,
    short_name,
    moved_upstairs,
)


def _supplier(organisation: Organisation, source: Source, **how: object) -> Supplier:
    made, _new = Supplier.objects.get_or_create(
        organisation=organisation, source=source, format=Format.TABLE, defaults=how
    )
    return Supplier.objects.select_related("organisation").get(pk=made.pk)


def _send(supplier: Supplier, rows: Callable[[], Iterable[Cells]]) -> None:
    if not Batch.objects.filter(supplier=supplier).exists():
        receive(supplier=supplier, stream=io.BytesIO(written(rows())))


def _is_plain(child: Child) -> bool:
    """Of whom nothing is hidden, and who lives where they live."""
    return not child.shielded and child.address_state == AddressState.CURRENT


def _pupil(home: Household, child: Child, *, key: str, today: date) -> Cells:
    place = home.children.index(child)
    guardian = next((each for each in home.guardians if place in each.children), None)
    return {
        **_who(home, child, key=key, today=today),
        "pupil_number": child.upn or "",
        "guardian_1_given": guardian.given if guardian else "",
        "guardian_1_family": guardian.family if guardian else "",
        "guardian_1_relation": guardian.relation.value if guardian else "",
        "guardian_1_responsibility": "yes" if guardian and guardian.parental_responsibility else "no",
        "guardian_1_lives_with_child": "yes" if guardian and guardian.lives_with_child else "no",
        "school_code": child.school or "",
        "school_started_on": child.school_since.isoformat() if child.school_since else "",
    }


def _who(home: Household, child: Child, *, key: str, today: date) -> Cells:
    name = child.names[0]
    lines = [*home.address.lines, ""]
    return {
        "key": key,
        "given": name.given,
        "family": name.family,
        "date_of_birth": child.date_of_birth.isoformat(),
        "gender": GENDERS[child.gender],
        "address_1": lines[0],
        "address_2": lines[1],
        "town": home.address.town,
        "postcode": home.address.postcode,
        "confirmed_on": (today - timedelta(days=1)).isoformat(),
    }


def _at(where: Cells, row: Cells) -> Cells:
    return row | {name: where[name] for name in ("address_1", "address_2", "town", "postcode")}


def _another_letter(name: str) -> str:
    """The last letter of the first word, but its first, that looks or sounds like another: as that one."""
    first, space, rest = name.partition(" ")
    for place in range(len(first) - 1, 0, -1):
        if first[place] in LOOKALIKES:
            return first[:place] + LOOKALIKES[first[place]] + first[place + 1 :] + space + rest
    return f"{first}e{space}{rest}"
