"""Pairs of twins, and whether a row about one is ever linked with the other."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from random import Random

from bench.feeds import making
from bench.feeds.making import Person
from bench.tables import Row as Figures
from feeds.matching.comparing import Comparing, Held
from feeds.matching.deciding import Outcome, decide
from feeds.matching.matcher import candidate
from feeds.matching.remembered import of_summary
from feeds.matching.weights import Weights
from feeds.rows import Row
from registry.demonstration.countrywide import all_england
from registry.demonstration.england import household
from registry.vocabulary import NumberKind

CHILDREN = 12.0  # in bits: the smallest registry there is, in which least speaks against a match


@dataclass(frozen=True, slots=True)
class Pair:
    """Twins, each with what is held of them."""

    people: tuple[Person, Person]
    held: tuple[Held, Held]


def pairs(wanted: int, *, seed: int) -> Iterator[Pair]:
    """So many pairs of twins of one synthetic England."""
    number = found = 0
    while found < wanted:
        home = household(all_england(), seed=seed, number=number, today=making.A_DAY)
        number += 1
        for one, other in combinations([child for child in home.children if child.twin], 2):
            if one.date_of_birth == other.date_of_birth and found < wanted:
                found += 1
                twins = (Person(one, home), Person(other, home))
                yield Pair(twins, (_held(0, twins[0]), _held(1, twins[1])))


def judge(of: list[Pair], by: Weights, random: Random) -> list[Figures]:
    """Rows about one twin where the other alone is on record, where both are, and with the other's number."""
    figures = []
    for told, numbers in (("without numbers", False), ("with numbers", True)):
        rows = [(pair, _row(pair, random, numbers=numbers)) for pair in of]
        alone, both = [], []
        for pair, row in rows:
            alone.append(_outcome(row, pair.held[:1], by))
            both.append(_outcome(row, pair.held, by))
        figures += [
            _counted(f"{told}, the other on record", alone),
            _counted(f"{told}, both on record", both),
        ]
    right = [_outcome(_right(pair, random), pair.held[:1], by) for pair in of]
    figures.append(_counted("nothing wrong, without numbers, the other on record", right))
    mixed = [_outcome(_with_the_others_number(pair, random), pair.held, by) for pair in of]
    return [*figures, _counted("with the other's NHS number, both on record", mixed)]


def _held(place: int, person: Person) -> Held:
    return of_summary(place, making.summary_of(person), making.guardians_of(person))


def _row(pair: Pair, random: Random, *, numbers: bool) -> Row:
    (sent,) = making.rows([(1, pair.people[1])], random, numbers=numbers)
    return sent.row


def _right(pair: Pair, random: Random) -> Row:
    (sent,) = making.rows_with([(1, pair.people[1])], "exact", random, numbers=False)
    return sent.row


def _with_the_others_number(pair: Pair, random: Random) -> Row:
    return replace(_row(pair, random, numbers=False), nhs_number=dict(pair.held[0].numbers)[NumberKind.NHS])


def _outcome(row: Row, held: tuple[Held, ...], by: Weights) -> str:
    comparing = Comparing(row)
    decision = decide([candidate(comparing, each, by, CHILDREN) for each in held], by)
    if decision.outcome != Outcome.LINK:
        return str(decision.outcome)
    return "right" if decision.child_id == 1 else "wrong"


def _counted(of: str, outcomes: list[str]) -> Figures:
    return {
        "rows": of,
        "pairs": len(outcomes),
        "linked with the other": outcomes.count("wrong"),
        "linked right": outcomes.count("right"),
        "new": outcomes.count("new"),
        "held": outcomes.count("doubt"),
    }
