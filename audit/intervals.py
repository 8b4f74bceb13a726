"""Whole numbers as intervals: how many there are between two of them costs nothing."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple


class Interval(NamedTuple):
    """Numbers that follow one another, both ends included."""

    first: int
    last: int


def between(numbers: Iterable[int]) -> Iterator[Interval]:
    """What lies between these numbers and is none of them."""
    for before, after in pairwise(sorted(numbers)):
        if after - before > 1:
            yield Interval(before + 1, after - 1)


def without(intervals: Iterable[Interval], others: Iterable[Interval]) -> Iterator[Interval]:
    """What of the intervals lies in none of the others, which may overlap and come in any order."""
    taken = sorted(others)
    for first, last in intervals:
        begin = first
        for other in taken:
            if other.last < begin:
                continue
            if other.first > last:
                break
            if begin < other.first:
                yield Interval(begin, other.first - 1)
            begin = other.last + 1
        if begin <= last:
            yield Interval(begin, last)


def size(intervals: Iterable[Interval]) -> int:
    """How many numbers lie in them."""
    return sum(last - first + 1 for first, last in intervals)
