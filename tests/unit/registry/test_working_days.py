"""Working days, of which Saturdays and Sundays are none."""

from datetime import date

import pytest

from registry.rules.working_days import after_working_days

MONDAY, FRIDAY, SATURDAY, SUNDAY = date(2026, 3, 2), date(2026, 3, 6), date(2026, 3, 7), date(2026, 3, 8)


@pytest.mark.parametrize(
    ("day", "number", "then"),
    [
        (MONDAY, 0, MONDAY),
        (MONDAY, 1, date(2026, 3, 3)),
        (MONDAY, 5, date(2026, 3, 9)),
        (MONDAY, 10, date(2026, 3, 16)),
        (FRIDAY, 1, date(2026, 3, 9)),
        (SATURDAY, 1, date(2026, 3, 9)),
        (SUNDAY, 10, date(2026, 3, 20)),
    ],
)
def test_the_day_after_so_many(day: date, number: int, then: date) -> None:
    assert after_working_days(day, number) == then
