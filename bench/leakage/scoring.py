"""Guesses against the truth. Attacks see neither this module nor the truth."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from bench.leakage.knowledge import NOTHING
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

    def households(self, linked: Integers) -> Row:
        """Of the children who have a brother or sister in the registry, those linked with one; and how many of all
        links are right."""
        homes = self.people[:, HOUSEHOLD]
        sizes = np.bincount(homes[self.children])
        siblings = self.children & (sizes[np.maximum(homes, 0)] > 1)
        right = (linked != NOTHING) & (homes[linked] == homes) & self.children
        return {
            "linked with a sibling %": _percent(right[siblings]),
            "links that are right %": 100 * float(right.sum()) / max(1, int((linked != NOTHING).sum())),
        }


def _percent(right: Integers) -> float:
    return 100 * float(right.mean()) if len(right) else 0.0
