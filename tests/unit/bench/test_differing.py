"""What the benchmark of shields says of two samples: whether one is told from the other."""

import numpy as np
import pytest

from bench.shields import differing

MANY = np.random.default_rng(1).normal(10, 1, 2_000)
AS_MANY = np.random.default_rng(2).normal(10, 1, 2_000)
ASKED = np.arange(2_000) % 100


@pytest.mark.parametrize(
    ("one", "other", "delta"),
    [([1, 2], [3, 4], -1), ([3, 4], [1, 2], 1), ([1, 2], [1, 2], 0), ([1, 1], [1, 1], 0), ([2, 3], [2, 1], 0.75)],
)
def test_delta_is_how_much_oftener_one_is_the_greater(one: list[int], other: list[int], delta: float) -> None:
    assert differing.delta(np.array(one), np.array(other)) == delta


def test_samples_of_one_kind_are_not_told_apart() -> None:
    low, high = differing.interval(MANY, AS_MANY, ASKED)
    assert low < 0 < high
    assert float(differing.row("nothing", list(MANY), list(AS_MANY), list(ASKED))["Wilcoxon p"]) > 0.05


def test_two_hundredths_of_the_time_are_seen() -> None:
    low, _high = differing.interval(MANY + 0.2, AS_MANY, ASKED)
    told = differing.row("two hundredths", list(MANY + 0.2), list(AS_MANY), list(ASKED))
    assert low > 0
    assert (float(told["Wilcoxon p"]), told["children"]) < (0.01, 101)


def test_what_is_so_of_some_children_alone_is_not_taken_for_a_rule() -> None:
    """Whose own place happens to be busier is slower each time they are asked for, and others faster."""
    busy = np.random.default_rng(3).normal(0, 1, 12)[np.arange(len(MANY)) % 12]
    low, high = differing.interval(MANY + busy, AS_MANY, np.arange(len(MANY)) % 12)
    assert low < 0 < high
    assert high - low > 0.2
