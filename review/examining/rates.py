"""How often something usually happens, where it happens to some far more often than to others."""

from dataclasses import dataclass
from math import lgamma, log, log1p, log2
from typing import NamedTuple

UNEVEN = 2.0  # how unevenly, until counts have shown it
LIKE_PAIRS = 10.0  # pairs: how many outweigh that
LEAST, MOST = 0.1, 20.0  # as unevenly, and as evenly, as anything is taken to happen
ENOUGH = 1e-6


class Counted(NamedTuple):
    """What was counted of many.

    `pairs` are of each one the number times that less one, `squares` the squares of their exposure.
    """

    total: float = 0.0
    exposure: float = 0.0
    pairs: float = 0.0
    squares: float = 0.0


@dataclass(frozen=True, slots=True)
class Usual:
    """Each one's own rate is drawn by a gamma distribution of that mean and shape: the less shape, the more uneven.

    What one meets with then follows a negative binomial distribution. An even rate would take whoever has an unusual
    task for a wonder.
    """

    mean: float
    shape: float = UNEVEN

    @classmethod
    def of(cls, counted: Counted, *, prior: float, like: float) -> "Usual":
        """As it was counted, drawn towards `prior`, which counts as much as so much exposure."""
        mean = (counted.total + prior * like) / (counted.exposure + like)
        together = counted.pairs + LIKE_PAIRS * (1 + 1 / UNEVEN)
        by_chance = mean * mean * counted.squares + LIKE_PAIRS
        uneven = together / by_chance - 1
        return cls(mean, min(MOST, max(LEAST, 1 / uneven if uneven > 0 else MOST)))

    def surprise(self, number: int, exposure: float = 1.0) -> float:
        """How surprising so many or more are, in bits."""
        expected = self.mean * exposure
        if number <= expected:
            return 0.0
        share = expected / (self.shape + expected)
        term = total = 1.0
        place = number
        while term > ENOUGH * total:
            term *= share * (place + self.shape) / (place + 1)
            total += term
            place += 1
        first = lgamma(number + self.shape) - lgamma(self.shape) - lgamma(number + 1)
        first += self.shape * log1p(-share) + number * log(share)
        return -(first / log(2) + log2(total))
