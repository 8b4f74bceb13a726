"""Two samples of times: how far they differ, how sure that is, and whether chance alone explains it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import wilcoxon

from bench.tables import Row, percentile

RESAMPLED = 2_000
SEED = 1

Times = NDArray[Any]
Whose = NDArray[Any]


def delta(one: Times, other: Times) -> float:
    """Cliff's delta: how much oftener a time of `one` is the greater of a pair than the smaller. 0 where neither is."""
    ordered = np.sort(other)
    below = np.searchsorted(ordered, one, side="left").sum()
    above = (len(ordered) - np.searchsorted(ordered, one, side="right")).sum()
    return float(below - above) / (len(one) * len(other))


def interval(one: Times, other: Times, asked: Whose) -> tuple[float, float]:
    """The 95% interval of `delta`, by the percentiles of samples in which each child is drawn again (bootstrap).

    Of children and not of times: how much a search has to do differs from child to child and from place to place, and
    however often the same are asked, that says nothing of the next child.
    """
    chance = np.random.default_rng(SEED)
    turns = [np.flatnonzero(asked == each) for each in np.unique(asked)]
    drawn = []
    for _ in range(RESAMPLED):
        kept = np.concatenate([turns[each] for each in chance.integers(0, len(turns), len(turns))])
        drawn.append(delta(one[kept], other[kept]))
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(low), float(high)


def slower(one: Times, other: Times, asked: Whose) -> Times:
    """For each child by how much the median of `one` is the greater."""
    return np.array([np.median(one[asked == each]) - np.median(other[asked == each]) for each in np.unique(asked)])


def row(what: str, right: Sequence[float], wrong: Sequence[float], asked: Sequence[int]) -> Row:
    """What the table says of the times of a guess that is right, beside those of one that is not.

    In each turn the same child was guessed rightly and wrongly; `asked` says which.
    """
    one, other, whose = np.array(right), np.array(wrong), np.array(asked)
    low, high = interval(one, other, whose)
    by_child = slower(one, other, whose)
    return {
        "guessed by": what,
        "n a side": len(one),
        "children": len(by_child),
        "right, p50 ms": f"{percentile(right, 50):.2f}",
        "wrong, p50 ms": f"{percentile(wrong, 50):.2f}",
        "right, p95 ms": f"{percentile(right, 95):.2f}",
        "wrong, p95 ms": f"{percentile(wrong, 95):.2f}",
        "Cliff's delta": f"{delta(one, other):+.4f}",
        "95% interval": f"{low:+.4f} to {high:+.4f}",
        "right is slower for": f"{100 * float((by_child > 0).mean()):.0f}%",
        "Wilcoxon p": f"{wilcoxon(by_child).pvalue:.3f}",
    }
