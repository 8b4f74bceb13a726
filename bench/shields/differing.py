"""Two samples of times: how far they differ, how sure that is, and whether chance alone explains it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import mannwhitneyu

from bench.tables import Row, percentile

RESAMPLED = 2_000
SEED = 1

Times = NDArray[Any]


def delta(one: Times, other: Times) -> float:
    """Cliff's delta: how much oftener a time of `one` is the greater of a pair than the smaller. 0 where neither is."""
    ordered = np.sort(other)
    below = np.searchsorted(ordered, one, side="left").sum()
    above = (len(ordered) - np.searchsorted(ordered, one, side="right")).sum()
    return float(below - above) / (len(one) * len(other))


def interval(one: Times, other: Times) -> tuple[float, float]:
    """The 95% interval of `delta`, by the percentiles of samples drawn again from each (bootstrap)."""
    chance = np.random.default_rng(SEED)
    drawn = [delta(chance.choice(one, len(one)), chance.choice(other, len(other))) for _ in range(RESAMPLED)]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(low), float(high)


def row(what: str, right: Sequence[float], wrong: Sequence[float]) -> Row:
    """What the table says of the times of a guess that is right, beside those of one that is not."""
    one, other = np.array(right), np.array(wrong)
    low, high = interval(one, other)
    return {
        "guessed by": what,
        "n a side": len(one),
        "right, p50 ms": f"{percentile(right, 50):.2f}",
        "wrong, p50 ms": f"{percentile(wrong, 50):.2f}",
        "right, p95 ms": f"{percentile(right, 95):.2f}",
        "wrong, p95 ms": f"{percentile(wrong, 95):.2f}",
        "Cliff's delta": f"{delta(one, other):+.4f}",
        "95% interval": f"{low:+.4f} to {high:+.4f}",
        "Mann-Whitney p": f"{mannwhitneyu(one, other).pvalue:.3f}",
    }
