"""How rare a name is, in bits: -log2 of the share of people who have it. Whoever has a rare name is seldom another's.

Names go together: whoever is called Mohammed is more often called Khan than Smith. Pairs are therefore counted in the
groups of names that are given together, and added up; taken apart they would look rarer than they are, in some groups
more than in others. A name that is not in the table is taken for the commonest of those: never for rarer than it is.
"""

import json
from functools import cache, lru_cache
from math import log2
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("rarity.json")
MOST_BITS = 20
Shares = dict[str, list[tuple[int, float]]]  # of a name: in which groups, and by how many of a group it is borne


class Table:
    """Shares of names by group, as `manage.py estimate_rarity` writes them."""

    def __init__(self, written: dict[str, Any]) -> None:
        self.unknown_family: float = written["unknown_family"]
        self.unknown_given: float = written["unknown_given"]
        self._groups: list[float] = [group["share"] for group in written["groups"]]
        self._families = _by_name(written, "families")
        self._given = _by_name(written, "given")

    def family(self, family: str) -> float:
        """The share of people who have that family name."""
        share = sum(self._groups[group] * each for group, each in self._families.get(family, ()))
        return max(share, self.unknown_family)

    @property
    def forenames(self) -> frozenset[str]:
        """The first forenames that it knows: names in their own right, and no slips of others."""
        return frozenset(self._given)

    def whole(self, given: str, family: str) -> float:
        """The share of people who have both names."""
        borne = dict(self._given.get(given, ()))
        groups = self._families.get(family)
        if groups is None:
            share = sum(self._groups[group] * each for group, each in borne.items())
            return max(share, self.unknown_given) * self.unknown_family
        return sum(self._groups[group] * each * borne.get(group, self.unknown_given) for group, each in groups)


@lru_cache(maxsize=65536)
def of_family(family: str) -> int:
    """How rare a family name is, from 0 bits to MOST_BITS."""
    return _bits(table().family(family))


@lru_cache(maxsize=65536)
def of_whole(given: str, family: str) -> int:
    """How rare a first forename with a family name is."""
    return _bits(table().whole(given, family))


@cache
def table() -> Table:
    return Table(json.loads(FILE.read_text(encoding="utf-8")))


def _bits(share: float) -> int:
    return min(MOST_BITS, max(0, round(-log2(share))))


def _by_name(written: dict[str, Any], kind: str) -> Shares:
    found: Shares = {}
    for number, group in enumerate(written["groups"]):
        for name, millionths in group[kind].items():
            found.setdefault(name, []).append((number, millionths / 1e6))
    return found
