"""Who misuses the service: chosen before anybody has an account, since it may decide where somebody lives and works."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from review.simulation.misuse import KINDS, Kind, Stage
from review.simulation.misuse.circle import FormerPartner
from review.simulation.misuse.clear_case import ClearCase
from review.simulation.people import Person, Term
from review.simulation.world import World

_TRIES = 200


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of misuse with those who commit it."""

    kind: Kind
    people: list[Person]


class NobodyFitsError(Exception):
    """Among these people nobody can be found for a kind of misuse: there are too few of them, or of the children."""


def cast(
    world: World, people: Sequence[Person], term: Term, *, share: float, each_kind: bool, clear_case: bool, seed: int
) -> tuple[list[Case], Stage]:
    """Cases until that share of the people misuses the service; with `each_kind` one of each kind at least.

    With `clear_case` the first is one that is clear to whoever reads it. Of several users who look at one child, all
    count. Raises NobodyFitsError.
    """
    stage = Stage(world, people, term, Random(f"{seed} misuse"))
    wanted = round(share * len(people))
    kinds = [*([ClearCase()] if clear_case else []), *(KINDS.values() if each_kind else [])]
    cases = [_case(stage, kind) for kind in kinds]
    if lacking := [case.kind.code for case in cases if not case.people]:
        raise NobodyFitsError(f"Nobody was found for {', '.join(lacking)}. Ask for more users, or for more days.")
    # Whoever is to find the clear case is not to find another like it.
    drawn = [each for each in KINDS.values() if not (clear_case and isinstance(each, FormerPartner))]
    for _ in range(_TRIES):
        there = sum(len(case.people) for case in cases)
        if there >= wanted:
            break
        # One child in the news is looked at by several: where few are wanted, none is.
        fitting = [each for each in drawn if each.takes(stage) <= wanted - there]
        cases.append(_case(stage, stage.random.choice(fitting)))
    return [case for case in cases if case.people], stage


def _case(stage: Stage, kind: Kind) -> Case:
    return Case(kind, kind.cast(stage))
