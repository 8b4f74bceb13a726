"""Shares, intervals and verdicts are what they say."""

from datetime import date
from pathlib import Path

import pytest

from bench.mistakes import Asked
from bench.search import figures
from bench.search.asking import Outcome
from bench.search.figures import Judged, wilson
from bench.search.kinds import KINDS
from bench.search.steady import Load, Steady
from bench.search.truth import Question
from registry.demonstration.shapes import Origin

TRUE = Asked("Ann", "Hill", date(2015, 3, 4))
EXACT = KINDS[0]


def judged(
    *found: int, child: int = 1, others: int = 0, milliseconds: float = 1.0, origin: Origin = Origin.ENGLISH
) -> Judged:
    question = Question(EXACT.name, origin, child, TRUE, TRUE)
    times = (milliseconds,) * 5
    return Judged(Outcome(question, found, not found, len(found), *times), others)


@pytest.mark.parametrize(
    ("found", "of", "low", "high"),
    # By the formula of Wilson (1927), worked out by hand to one place.
    [(10, 10, 72.2, 100.0), (0, 10, 0.0, 27.8), (5, 10, 23.7, 76.3), (990, 1000, 98.2, 99.5), (0, 0, 0.0, 100.0)],
)
def test_intervals(found: int, of: int, low: float, high: float) -> None:
    assert wilson(found, of) == pytest.approx((low, high), abs=0.06)


def test_who_is_found_first_counts_where_the_question_fits_one_child() -> None:
    row = figures.found_row(EXACT, [judged(1), judged(2, 1), judged(2, 1, others=1), judged(others=10)])
    assert row["in ten %"] == 75
    assert row["with room %"] == 100
    assert (row["one child"], row["first %"]) == (2, 50)
    assert row["too many"] == 1


def test_children_missed_are_said() -> None:
    assert figures.not_found({EXACT: [judged(1)] * 100}) == []
    assert figures.not_found({EXACT: [judged(1)] * 98 + [judged(2)] * 2}) == ["exact: 98.0% in ten, goal 99"]
    assert figures.not_found({EXACT: [judged(1)] * 96 + [judged(2, 1)] * 4}) == [
        "exact: 96.0% first where one child fits, goal 97"
    ]


def test_children_whom_ten_others_resemble_are_not_missed() -> None:
    assert figures.not_found({EXACT: [judged(others=10)] * 10}) == []


def test_time_missed_is_said() -> None:
    assert figures.slow({EXACT: [judged(1).outcome] * 10}) == []
    assert figures.slow({EXACT: [judged(1, milliseconds=100).outcome] * 10}) == [
        "exact: candidates p95 100.0 ms, goal 15",
        "exact: whole view p95 100.0 ms, goal 60",
    ]


def test_origins_stand_worst_first_beside_the_mean_over_all_children() -> None:
    some = [judged(1)] * 10 + [judged(1, origin=Origin.POLISH), judged(2, origin=Origin.POLISH)]
    rows, mean = figures.origin_rows(some, {Origin.ENGLISH: 90, Origin.POLISH: 10})
    assert [row["origin of names"] for row in rows] == ["polish", "english"]
    assert mean == pytest.approx(95)


def test_searches_a_second() -> None:
    load = Load("alike", questions=[], users_file=Path(), processes=2, seconds=4)
    row = figures.steady_row(Steady(load, whole_view=True, milliseconds=[10.0, 20.0, 30.0, 40.0]))
    assert (row["a second"], row["median ms"]) == (1, 25)


def test_times_are_shown_by_kind() -> None:
    row = figures.time_row(EXACT, [judged(1, milliseconds=each).outcome for each in (1, 2, 3)])
    assert (row["view"], row["fetch"]) == (2, 2)
    assert row["view p99"] == pytest.approx(2.98)
