"""Intervals against sets of the same numbers, which say the same where there are few."""

import random

import pytest

from audit.intervals import Interval, between, size, without


def numbers(intervals: list[Interval]) -> set[int]:
    return {number for first, last in intervals for number in range(first, last + 1)}


@pytest.mark.parametrize("seed", range(50))
def test_intervals_say_what_sets_say(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    known = chance.sample(range(60), chance.randint(2, 25))
    others = [Interval(first, first + chance.randint(0, 9)) for first in chance.sample(range(60), chance.randint(0, 8))]

    found = list(between(known))
    left = list(without(found, others))

    assert numbers(found) == set(range(min(known), max(known))) - set(known)
    assert numbers(left) == numbers(found) - numbers(others)
    assert (size(found), size(left)) == (len(numbers(found)), len(numbers(left))), "none stands in two of them"
