"""Which day belongs to which reminder."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.people.reminding import bands

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("days_left", "step"),
    [(-1, None), (0, 7), (7, 7), (8, 30), (30, 30), (31, 60), (60, 60), (61, None)],
)
def test_day_belongs_to_the_nearest_step(days_left: int, step: int | None) -> None:
    day = TODAY + timedelta(days=days_left)

    assert [band.days for band in bands(today=TODAY) if band.first <= day <= band.last] == ([step] if step else [])


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 60))
def test_each_of_the_last_sixty_days_belongs_to_one_step(today: date, days_left: int) -> None:
    day = today + timedelta(days=days_left)

    assert sum(band.first <= day <= band.last for band in bands(today=today)) == 1
