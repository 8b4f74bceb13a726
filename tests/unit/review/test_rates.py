"""How surprising a number is, where something happens to some far more often than to others."""

from math import exp, log2
from random import Random

import pytest

from review.examining.rates import MOST, UNEVEN, Counted, Usual


@pytest.mark.parametrize("number", [1, 2, 5])
def test_of_an_exponential_rate_it_is_a_share_for_each(number: int) -> None:
    """With shape one, each further is as unlikely as the one before: mean over one and the mean."""
    assert Usual(3.0, shape=1.0).surprise(number, 0.1) == pytest.approx(number * -log2(0.3 / 1.3), abs=1e-4)


def test_of_an_even_rate_it_is_nearly_poisson() -> None:
    tail = 1 - exp(-1) * (1 + 1 + 1 / 2 + 1 / 6)
    assert Usual(1.0, shape=1e6).surprise(4) == pytest.approx(-log2(tail), abs=1e-3)


def test_it_grows_with_the_number_and_falls_with_the_exposure() -> None:
    usual = Usual(0.03)
    assert usual.surprise(0) == 0
    bits = [usual.surprise(number, 40) for number in range(2, 30)]
    assert bits == sorted(bits)
    assert usual.surprise(6, 10) > usual.surprise(6, 100) > usual.surprise(6, 200) == 0


def test_whoever_has_an_unusual_task_is_no_wonder_among_uneven_people() -> None:
    assert Usual(0.03, shape=0.3).surprise(10, 100) < 4
    assert Usual(0.03, shape=20).surprise(10, 100) > 8


def test_how_uneven_it_is_comes_from_what_was_counted() -> None:
    random = Random(1)  # noqa: S311 - no secret
    people = [(random.gammavariate(0.5, 0.1 / 0.5), 50.0) for _ in range(4_000)]
    numbers = [sum(random.random() < rate / 20 for _ in range(20 * 50)) for rate, _ in people]
    counted = Counted(
        sum(numbers), 50.0 * len(numbers), sum(each * (each - 1) for each in numbers), 2_500.0 * len(numbers)
    )
    usual = Usual.of(counted, prior=0.04, like=300)
    assert usual.mean == pytest.approx(0.1, rel=0.1)
    assert usual.shape == pytest.approx(0.5, rel=0.15)


def test_nobody_counted_is_as_was_thought() -> None:
    assert Usual.of(Counted(), prior=0.04, like=300) == Usual(0.04, pytest.approx(UNEVEN))


def test_nothing_is_taken_to_be_quite_even() -> None:
    counted = Counted(100.0, 10_000.0, 50.0, 1_000_000.0)
    assert Usual.of(counted, prior=0.01, like=1).shape == MOST
