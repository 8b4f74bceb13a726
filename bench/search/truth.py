"""Random children of the synthetic England that the registry holds, and what is true of each of them.

No more are made than are asked about: each household follows from the seed and its own number. Of a demonstration
(`make demo`), which was made in order, all are made.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from random import Random

import psycopg

from bench import people
from bench.mistakes import Asked
from bench.search.kinds import Kind, only
from registry.demonstration.countrywide import all_england
from registry.demonstration.england import (
    HOUSEHOLDS_IN_A_BLOCK,
    Places,
    blocks_for,
    first_number,
    household,
    households,
)
from registry.demonstration.shapes import Address, Child, Household, Origin
from registry.models import Child as Registered
from registry.rules.numbers import number_fingerprint
from registry.rules.retention import age
from registry.search import index
from registry.vocabulary import AddressState, NameKind, NumberKind

LOOKED_UP_AT_ONCE = 1000
NOT_THIS_ENGLAND = "The registry holds none of this England. Give --children and --england-seed as it was made with."


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, for whom, and what is true of that child in the fields that are given."""

    kind: str
    origin: Origin
    child_id: int
    asked: Asked
    true: Asked


@dataclass(frozen=True, slots=True)
class England:
    """The children of a registry, in a random order of households that the seed settles. Raises SystemExit when the
    registry holds none of them."""

    children: int
    made_with: int
    made_on: date

    def random_children(self, random: Random, *, shielded: bool = False) -> Iterator[tuple[Child, Household, int]]:
        """Children with their household and their id in the registry: none twice; those shielded, or all others."""
        homes = self._homes(random)
        checked = False
        while some := list(islice(homes, LOOKED_UP_AT_ONCE)):
            known = [(child, home) for home in some for child in home.children if child.shielded == shielded]
            ids = _ids([child for child, _home in known])
            for child, home in known:
                if child.nhs_number in ids:
                    child_id = ids[child.nhs_number]
                    # Once: another seed's children have the same NHS numbers.
                    checked = checked or self._check(child, child_id)
                    yield child, home, child_id
            if not checked and known:
                raise SystemExit(NOT_THIS_ENGLAND)

    def _check(self, child: Child, child_id: int) -> bool:
        """True. Raises SystemExit where the registry knows that child by another name."""
        field = Registered._meta.get_field("summary")
        with psycopg.connect(people.address("worker")) as worker:
            statement = "SELECT row_version, summary FROM registry_child WHERE id = %s"
            row = worker.execute(statement, [child_id]).fetchone()
        summary = field.open_stored(bytes(row[1]), row=child_id, version=row[0]) if row else None
        if summary is None or child.names[0].family not in {name.family for name in summary.names}:
            raise SystemExit(NOT_THIS_ENGLAND)
        return True

    def _homes(self, random: Random) -> Iterator[Household]:
        if not self._is_country():
            stream = households(Places.load(), seed=self.made_with, children=self.children, today=self.made_on)
            homes = list(stream)
            random.shuffle(homes)
            yield from homes
            return
        count = len(blocks_for(self.children)) * HOUSEHOLDS_IN_A_BLOCK
        for number in random.sample(range(count), count):
            yield household(all_england(), seed=self.made_with, number=number, today=self.made_on)

    def _is_country(self) -> bool:
        """Whether `make_england` made it, which gives the registry numbers too, or `make_demonstration`."""
        first = number_fingerprint("own", first_number(seed=self.made_with, number=0))
        with psycopg.connect(people.address("worker")) as worker:
            statement = "SELECT FROM registry_child WHERE number_fingerprint = %s"
            return worker.execute(statement, [first]).fetchone() is not None


def england(children: int, made_with: int) -> England:
    return England(children, made_with, index.started_on())


def questions(
    of: Iterable[tuple[Child, Household, int]],
    kinds: Iterable[Kind],
    *,
    each: int,
    most: int,
    today: date,
    random: Random,
) -> list[Question]:
    """`each` questions of every kind, or as many as `most` children give; at most one of a kind for a child."""
    asked: dict[Kind, list[Question]] = {kind: [] for kind in kinds}
    wanted = list(asked)
    for child, home, child_id in islice(of, most):
        for kind in wanted:
            question = ask(kind, child, home, child_id, today, random)
            if question:
                asked[kind].append(question)
        wanted = [kind for kind in wanted if len(asked[kind]) < each]
        if not wanted:
            break
    return [question for of_kind in asked.values() for question in of_kind]


def ask(kind: Kind, child: Child, home: Household, child_id: int, today: date, random: Random) -> Question | None:
    """A question of that kind for the child, or None. A date that the form refuses at sight is no question."""
    if kind.needs_address and child.address_state != AddressState.CURRENT:
        return None
    if kind.of == "twins" and not child.twin:
        return None
    true = _true_of(child, home, NameKind.FORMER if kind.of == "former" else NameKind.LEGAL, today)
    asked = kind.ask(true, random) if true else None
    if true is None or asked is None or (asked.date_of_birth and asked.date_of_birth > today):
        return None
    return Question(kind.name, child.origin, child_id, asked, only(true, kind.gives))


def by_origin(
    of: Iterable[tuple[Child, Household, int]],
    kinds: Sequence[Kind],
    *,
    each: int,
    most: int,
    today: date,
    random: Random,
) -> tuple[list[Question], dict[Origin, int]]:
    """`each` questions, of a random kind, for children of every origin, and how many children of each were met.

    No more than `most` children are looked at.
    """
    asked: dict[Origin, list[Question]] = {origin: [] for origin in Origin}
    met = dict.fromkeys(Origin, 0)
    for child, home, child_id in islice(of, most):
        met[child.origin] += 1
        if len(asked[child.origin]) < each:
            question = ask(random.choice(kinds), child, home, child_id, today, random)
            if question:
                asked[child.origin].append(question)
        elif all(len(some) >= each for some in asked.values()):
            break
    return [question for some in asked.values() for question in some], met


def _true_of(child: Child, home: Household, kind: NameKind, today: date) -> Asked | None:
    """What is true of the child, under its name of that kind. People ask by the first forename."""
    name = next((each for each in child.names if each.kind == kind), None)
    if name is None:
        return None
    house, street = _house_and_street(home.address)
    return Asked(
        given=name.given.split()[0],
        family=name.family,
        date_of_birth=child.date_of_birth,
        age=age(child.date_of_birth, today),
        postcode=home.address.postcode,
        house=house,
        street=street,
    )


def _house_and_street(address: Address) -> tuple[str, str]:
    """The first line that begins with a number; flats are seldom known."""
    line = next((line for line in address.lines if line[:1].isdigit()), "")
    house, _, street = line.partition(" ")
    return house, street


def _ids(children: list[Child]) -> dict[str, int]:
    """Ids by NHS number. A lean England has the registry's own numbers alone; a demonstration those of the NHS."""
    own = {number_fingerprint("own", child.registry_number): child.nhs_number for child in children}
    nhs = {number_fingerprint(NumberKind.NHS, child.nhs_number): child.nhs_number for child in children}
    with psycopg.connect(people.address("worker")) as worker:  # the truth is no secret to the worker
        own_rows = worker.execute(
            "SELECT number_fingerprint, id FROM registry_child WHERE number_fingerprint = ANY (%s)", [list(own)]
        ).fetchall()
        nhs_rows = worker.execute(
            "SELECT fingerprint, child_id FROM registry_childnumber WHERE fingerprint = ANY (%s)", [list(nhs)]
        ).fetchall()
    found = {own[bytes(fingerprint)]: child_id for fingerprint, child_id in own_rows}
    return found | {nhs[bytes(fingerprint)]: child_id for fingerprint, child_id in nhs_rows}
