"""Draws by weight, quick enough for eleven million children."""

from bisect import bisect
from collections.abc import Iterable, Iterator
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Weighted(Generic[Value]):
    """Values, each drawn in proportion to its weight. Raises ValueError when there is nothing to draw."""

    __slots__ = ("_cumulative", "_last", "_total", "values")

    def __init__(self, pairs: Iterable[tuple[Value, float]]) -> None:
        kept = [(value, weight) for value, weight in pairs if weight > 0]
        if not kept:
            raise ValueError("Nothing to draw from: give at least one value with a weight above zero.")
        self.values = tuple(value for value, _ in kept)
        self._cumulative = tuple(accumulate(weight for _, weight in kept))
        self._total = self._cumulative[-1]
        self._last = len(kept) - 1

    def shares(self) -> Iterator[tuple[Value, float]]:
        """Each value with how often it is drawn."""
        steps = zip((0.0, *self._cumulative), self._cumulative, strict=False)
        yield from ((value, (to - since) / self._total) for value, (since, to) in zip(self.values, steps, strict=True))

    def pick(self, random: Random) -> Value:
        # The last place is the limit, for a product that rounds up to the total itself.
        return self.values[bisect(self._cumulative, random.random() * self._total, 0, self._last)]


def choose(random: Random, values: tuple[Value, ...]) -> Value:
    """One of the values, each as likely as the other; quicker than Random.choice."""
    return values[int(random.random() * len(values))]


def chance(random: Random, share: float) -> bool:
    return random.random() < share
