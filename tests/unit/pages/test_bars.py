"""Bars add up, and no share is said to be nothing, or all, that is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.bars import WAYS, counted, percent, pieces


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=7))
def test_pieces_lie_beside_one_another_and_fill_the_bar(counts: list[int]) -> None:
    found = pieces(counts, sum(counts))
    assert len(found) == sum(1 for each in counts if each)
    end = 0.0
    for piece in found:
        assert float(piece.x) == pytest.approx(end, abs=0.05)
        end = float(piece.x) + float(piece.width)
    assert end == pytest.approx(100 if any(counts) else 0, abs=0.1)


def test_each_count_keeps_its_pattern() -> None:
    assert [each.way for each in pieces([5, 0, 5], 10)] == [0, 2]
    assert [each.way for each in pieces([1] * 8, 8)] == [*range(WAYS), 0]
    assert pieces([3], 0) == []


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (0, 0, "–"),
        (0, 9, "0%"),
        (1, 1000, "less than 1%"),
        (1, 100, "1%"),
        (999, 1000, "more than 99%"),
        (9, 9, "100%"),
    ],
)
def test_percent(part: int, whole: int, said: str) -> None:
    assert percent(part, whole) == said


def test_a_number_with_its_share() -> None:
    assert counted(1200, 4800) == "1,200 (25%)"
    assert counted(0, 10) == "0"
