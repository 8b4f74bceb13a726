"""When a new record is made tells nothing of when the old one was closed."""

from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from registry.worker.severing import EARLIEST, LATEST, is_drawn

CLOSED_ON = date(2026, 11, 2)
BEGIN = timezone.make_aware(datetime.combine(CLOSED_ON, time.min)) + EARLIEST
END = BEGIN + LATEST - EARLIEST
HOUR = timedelta(hours=1)


def drawn_at() -> datetime:
    """The hour at which a record is made that is drawn for each hour, like `make_drawn` does."""
    now = BEGIN - 30 * HOUR
    while not is_drawn(CLOSED_ON, now):
        now += HOUR
    return now


def test_none_is_made_before_its_first_day_nor_left_after_its_last() -> None:
    assert not any(is_drawn(CLOSED_ON, BEGIN - timedelta(seconds=1)) for _ in range(2_000))
    assert all(is_drawn(CLOSED_ON, END - HOUR / 2) for _ in range(100))
    assert all(is_drawn(CLOSED_ON, END + 40 * HOUR) for _ in range(100))


def test_each_day_between_is_as_likely_as_any_other() -> None:
    many = 1_400
    days = Counter((drawn_at() - BEGIN) // timedelta(days=1) for _ in range(many))
    expected = many / (LATEST - EARLIEST).days
    assert set(days) == set(range((LATEST - EARLIEST).days))
    # Seven days: a fair draw exceeds this once in about a million runs.
    assert sum((count - expected) ** 2 / expected for count in days.values()) < 40


@pytest.mark.parametrize("missed", [5, 60])
def test_hours_that_were_missed_are_made_up_for(missed: int) -> None:
    chances = [is_drawn(CLOSED_ON, END - missed * HOUR) for _ in range(3_000)]
    assert 0.3 / missed < sum(chances) / len(chances) < 3 / missed
