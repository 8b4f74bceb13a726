"""Rows as suppliers send them of synthetic children, with what people get wrong (bench/mistakes.py).

How often each is wrong is assumed: no supplier has published it. Nothing here knows how rows are matched.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from random import Random

from bench import mistakes
from bench.mistakes import Asked, Mistake
from feeds.rows import Row, RowGuardian, RowName
from registry.demonstration.countrywide import all_england
from registry.demonstration.england import households
from registry.demonstration.shapes import Address, Child, Guardian, Household
from registry.values import PostalAddress, Summary, SummaryName
from registry.vocabulary import AddressState, Gender, NameKind

ELSEWHERE = 77  # a seed
A_DAY = date(2026, 1, 1)  # always the same, so that the same population comes of the same seed

# Of a hundred rows, how many have it.
MISTAKES: dict[str, tuple[float, Mistake]] = {
    "exact": (82, mistakes.exact),
    "family name typed wrong": (2, mistakes.family_name_wrong),
    "given name typed wrong": (2, mistakes.given_name_wrong),
    "a name heard wrong": (1.5, mistakes.name_heard_wrong),
    "a name read wrong": (1, mistakes.name_read_wrong),
    "both names typed wrong": (0.3, mistakes.both_names_wrong),
    "a date slip": (2, mistakes.date_slip),
    "date slip, a name typed wrong": (
        0.2,
        mistakes.one_after_the_other(mistakes.date_slip, mistakes.either_name_wrong),
    ),
    "names swapped": (0.5, mistakes.names_swapped),
    "nickname": (3, mistakes.nickname),
    "transliteration": (1.5, mistakes.transliterated),
    "half a double-barrelled name": (1.5, mistakes.half_a_family_name),
    "postcode wrong": (1, mistakes.postcode_wrong),
    "born on 1 January": (0.5, lambda asked, _random: _made_up(asked)),
    "another family name": (0.8, lambda asked, random: replace(asked, family=_anybody(random).family)),
    "another given name": (0.2, lambda asked, random: replace(asked, given=_anybody(random).given)),
    "another date": (0.3, lambda asked, random: replace(asked, date_of_birth=_anybody(random).date_of_birth)),
}
FORMER_NAME = 0.01  # of those who have one
ANOTHER_ADDRESS, NO_ADDRESS, NO_HOUSE = 0.06, 0.03, 0.03
ALL_FORENAMES = 0.5
GUARDIANS = 0.5
NHS_NUMBER, PUPIL_NUMBER = 0.85, 0.9
NO_GENDER, WRONG_GENDER = 0.02, 0.003
ANOTHER_GUARDIAN, ANOTHER_NHS_NUMBER, ANOTHER_PUPIL_NUMBER = 0.04, 0.002, 0.01


@dataclass(frozen=True, slots=True)
class Person:
    """A synthetic child with the home it lives in."""

    child: Child
    home: Household

    @property
    def guardians(self) -> tuple[Guardian, ...]:
        place = self.home.children.index(self.child)
        return tuple(each for each in self.home.guardians if place in each.children)


@dataclass(frozen=True, slots=True)
class Sent:
    """A row, who it is about, and what is wrong with it."""

    row: Row
    about: int
    mistake: str


def people(children: int, *, seed: int) -> list[Person]:
    """So many synthetic children, and at most five more, in whole households of England."""
    homes = households(all_england(), seed=seed, children=children, today=A_DAY)
    return [Person(child, home) for home in homes for child in home.children]


def summary_of(person: Person) -> Summary:
    """The child as search knows it, were it not shielded."""
    child, address = person.child, person.home.address
    known = child.address_state != AddressState.NONE_KNOWN
    return Summary(
        names=tuple(SummaryName(name.kind, name.given, name.family) for name in child.names),
        date_of_birth=child.date_of_birth,
        gender=child.gender,
        number=child.registry_number,
        town=address.town if known else "",
        postcode=address.postcode if known else "",
        numbers=tuple(filter(None, (child.nhs_number, child.upn))),
        shielded=False,
        lines=", ".join(address.lines) if known else "",
    )


def guardians_of(person: Person) -> tuple[tuple[str, str], ...]:
    return tuple((each.given, each.family) for each in person.guardians)


def rows(of: Iterable[tuple[int, Person]], random: Random, *, numbers: bool) -> Iterator[Sent]:
    """A row of each, mistakes as they come. Without `numbers` none has one."""
    names, shares = list(MISTAKES), [share for share, _make in MISTAKES.values()]
    for place, person in of:
        (name,) = random.choices(names, shares)
        yield row(place, person, name, random, numbers=numbers) or _exact(place, person, random, numbers=numbers)


def rows_with(of: Iterable[tuple[int, Person]], mistake: str, random: Random, *, numbers: bool) -> Iterator[Sent]:
    """A row of each with whom that mistake can be made."""
    for place, person in of:
        if sent := row(place, person, mistake, random, numbers=numbers):
            yield sent


def row(place: int, person: Person, mistake: str, random: Random, *, numbers: bool) -> Sent | None:
    """A row about the child with that mistake in it, or None where nobody could make it with this child."""
    child = person.child
    name = child.names[0]
    former = next((each for each in child.names if each.kind == NameKind.FORMER), None)
    if former and random.random() < FORMER_NAME:
        name = former
    address = _address(person, random)
    given = name.given if random.random() < ALL_FORENAMES else name.given.split()[0]
    true = Asked(
        given=given,
        family=name.family,
        date_of_birth=child.date_of_birth,
        postcode=address.postcode if address else "",
    )
    _share, make = MISTAKES[mistake]
    wrong = make(true, random)
    if wrong is None or wrong.date_of_birth is None:
        return None
    nhs, upn = _numbers(child, random) if numbers else ("", "")
    made = Row(
        line=place + 1,
        key=f"K{place}",
        name=RowName(wrong.given, wrong.family),
        date_of_birth=wrong.date_of_birth,
        gender=_gender(child, random),
        nhs_number=nhs,
        pupil_number=upn,
        address_state=AddressState.CURRENT if address else AddressState.NONE_KNOWN,
        postal=_postal(address, wrong.postcode, random) if address else None,
        guardians=_guardians(person, random) if random.random() < GUARDIANS else (),
    )
    return Sent(made, place, mistake)


def _exact(place: int, person: Person, random: Random, *, numbers: bool) -> Sent:
    sent = row(place, person, "exact", random, numbers=numbers)
    if sent is None:  # nothing is made of it
        raise ValueError(place)
    return sent


def _address(person: Person, random: Random) -> Address | None:
    """As the supplier has it: sometimes that of before, or of a grandmother."""
    drawn = random.random()
    if drawn < NO_ADDRESS:
        return None
    home = person.home
    if drawn < NO_ADDRESS + ANOTHER_ADDRESS:
        return home.previous_address or all_england().address(random, all_england().districts.pick(random))
    return home.address


def _postal(address: Address, postcode: str, random: Random) -> PostalAddress:
    return PostalAddress(() if random.random() < NO_HOUSE else address.lines, address.town, postcode)


def _gender(child: Child, random: Random) -> Gender:
    drawn = random.random()
    if drawn < NO_GENDER:
        return Gender.NOT_SPECIFIED
    if drawn < NO_GENDER + WRONG_GENDER and child.gender != Gender.NOT_SPECIFIED:
        return Gender.MALE if child.gender == Gender.FEMALE else Gender.FEMALE
    return child.gender


def _numbers(child: Child, random: Random) -> tuple[str, str]:
    """As the supplier has them: now and then one that was given anew, or is somebody else's."""
    other = _somebody(random).child
    nhs = other.nhs_number if random.random() < ANOTHER_NHS_NUMBER else child.nhs_number
    upn = (other if child.upn and random.random() < ANOTHER_PUPIL_NUMBER else child).upn or ""
    return (nhs if random.random() < NHS_NUMBER else "", upn if random.random() < PUPIL_NUMBER else "")


def _guardians(person: Person, random: Random) -> tuple[RowGuardian, ...]:
    other = random.random() < ANOTHER_GUARDIAN
    of = _somebody(random) if other else person
    return tuple(
        RowGuardian(
            given=each.given,
            family=each.family,
            relation=each.relation,
            parental_responsibility=each.parental_responsibility,
            lives_with_child=each.lives_with_child,
        )
        for each in of.guardians[:1]
    )


def _anybody(random: Random) -> Asked:
    child = _somebody(random).child
    name = child.names[0]
    return Asked(given=name.given, family=name.family, date_of_birth=child.date_of_birth)


def _somebody(random: Random) -> Person:
    """A child of another England, who is nobody of this one."""
    return random.choice(_elsewhere())


@cache
def _elsewhere() -> list[Person]:
    return people(1000, seed=ELSEWHERE)


def _made_up(asked: Asked) -> Asked | None:
    """The birthday that is written down where nobody knows it."""
    return replace(asked, date_of_birth=asked.date_of_birth.replace(month=1, day=1)) if asked.date_of_birth else None
