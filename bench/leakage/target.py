"""Children of the synthetic England: a population to be stolen, and overlapping ones that a thief may know."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from registry.demonstration import shapes
from registry.demonstration.countrywide import all_england
from registry.demonstration.england import households
from registry.search import normalise
from registry.search.summaries import summarise
from registry.values import Address, Name, PostalAddress, Provenance, Summary
from registry.vocabulary import AddressState, NameKind, Source

TODAY = date(2026, 9, 1)
ATTRIBUTES = ("given", "family", "birth", "household")
Integers = NDArray[Any]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Person:
    """A child with what is sealed of them. `household` numbers their family."""

    summary: Summary
    names: tuple[tuple[NameKind, Name], ...]
    address: Address | None
    household: int

    @property
    def attributes(self) -> tuple[str, str, str, str]:
        """What a thief is after, in the order of ATTRIBUTES: first forename, family name, birth date, household."""
        name = self.summary.names[0]
        given = (normalise.name_parts(name.given) or ("",))[0]
        return given, normalise.whole_name(name.family), self.summary.date_of_birth.isoformat(), str(self.household)


class Coding:
    """Numbers for attributes, the same in every population, so that guesses compare with the truth."""

    def __init__(self) -> None:
        self._codes: list[dict[str, int]] = [{} for _ in ATTRIBUTES]

    def of(self, people: Sequence[Person]) -> Integers:
        """A row for each of `people`, a column for each of ATTRIBUTES."""
        rows = [
            [codes.setdefault(value, len(codes)) for codes, value in zip(self._codes, each.attributes, strict=True)]
            for each in people
        ]
        return np.array(rows, dtype=np.int64).reshape(len(people), len(ATTRIBUTES))


def population(children: int, seed: int) -> list[Person]:
    """So many children, in households, in the order in which they were made."""
    return list(islice(_people(children, seed), children))


def overlapping(people: Sequence[Person], strangers: Sequence[Person], share: float, random: Random) -> list[Person]:
    """As many as `people`, of whom `share` are among them, by household; the others are strangers. In no order."""
    homes = sorted({each.household for each in people})
    known = set(random.sample(homes, round(len(homes) * share)))
    kept = [each for each in people if each.household in known]
    mixed = kept + list(strangers[: len(people) - len(kept)])
    random.shuffle(mixed)
    return mixed


def _people(children: int, seed: int) -> Iterator[Person]:
    for home in households(all_england(), seed=seed, children=children, today=TODAY):
        for child in home.children:
            yield _person(home, child, household=(seed << 32) + home.number)


def _person(home: shapes.Household, child: shapes.Child, household: int) -> Person:
    names = tuple((each.kind, _name(each)) for each in child.names)
    address = _address(home.address) if child.address_state != AddressState.NONE_KNOWN else None
    numbers = (child.nhs_number, *([child.upn] if child.upn else []))
    summary = summarise(
        names=names,
        date_of_birth=child.date_of_birth,
        gender=child.gender,
        number=child.registry_number,
        numbers=numbers,
        address=address,
        shielded=child.shielded,
    )
    return Person(summary, names, address, household)


def _name(name: shapes.Name) -> Name:
    return Name(name.given, name.family, name.valid_from, name.valid_to, _provenance())


def _address(address: shapes.Address) -> Address:
    postal = PostalAddress(address.lines, address.town, address.postcode)
    return Address(AddressState.CURRENT, postal, None, None, _provenance())


def _provenance() -> Provenance:
    return Provenance(Source.PERSONAL_DEMOGRAPHICS, TODAY)
