"""Guesses against the truth. Attacks see neither this module nor the truth."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from bench.leakage.knowledge import NOTHING
from bench.leakage.patterns import Linked
from bench.leakage.target import ATTRIBUTES, Integers

GIVEN, FAMILY, BIRTH, HOUSEHOLD = range(len(ATTRIBUTES))
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Truth:
    """The attributes of each stolen row; of a decoy, NOTHING."""

    people: Integers

    @property
    def children(self) -> Integers:
        """Which rows are children."""
        return np.not_equal(self.people[:, HOUSEHOLD], NOTHING)

    def recovered(self, guess: Integers, without: Integers | None = None) -> Row:
        """Percentages of all children whose value was guessed right; without those rows that the thief knew before."""
        counted = self.children.copy()
        if without is not None:
            counted[without] = False
        right = (guess == self.people)[counted]
        return {
            "forename %": _percent(right[:, GIVEN]),
            "family name %": _percent(right[:, FAMILY]),
            "both names %": _percent(right[:, GIVEN] & right[:, FAMILY]),
            "birth date %": _percent(right[:, BIRTH]),
            "household %": _percent(right[:, HOUSEHOLD]),
            "guessed %": _percent((guess[counted] != NOTHING).any(axis=1)),
        }

    def households(self, linked: Linked) -> Row:
        """Of the children who have a brother or sister in the registry, those linked with one; how many of all links
        are right; and how many are linked by a thief who keeps so many of the strongest links that half are right.
        """
        homes = self.people[:, HOUSEHOLD]
        sizes = np.bincount(homes[self.children])
        siblings = self.children & (sizes[np.maximum(homes, 0)] > 1)
        made = linked.rows != NOTHING
        right = made & (homes[linked.rows] == homes) & self.children
        strongest_first = np.argsort(-linked.strength[made], kind="stable")
        so_far = np.cumsum(right[made][strongest_first])
        half = np.flatnonzero(2 * so_far >= np.arange(1, len(so_far) + 1))
        return {
            "linked with a sibling %": _percent(right[siblings]),
            "links that are right %": _percent_of(right.sum(), made.sum()),
            "linked where half are right %": _percent_of(so_far[half[-1]] if len(half) else 0, siblings.sum()),
        }


def _percent(right: Integers) -> float:
    return 100 * float(right.mean()) if len(right) else 0.0


def _percent_of(some: int, of: int) -> float:
    return 100 * int(some) / max(1, int(of))
