"""Compulsory school age in England, day by day."""

from datetime import date, timedelta

import pytest

from registry.rules.school_age import is_of_school_age, school_age_begins, school_age_ends

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("born", "begins"),
    [
        (date(2021, 1, 1), date(2026, 3, 31)),
        (date(2021, 3, 30), date(2026, 3, 31)),
        (date(2021, 3, 31), date(2026, 3, 31)),  # on a prescribed day: from the birthday itself
        (date(2021, 4, 1), date(2026, 8, 31)),
        (date(2021, 8, 31), date(2026, 8, 31)),
        (date(2021, 9, 1), date(2026, 12, 31)),
        (date(2021, 12, 31), date(2026, 12, 31)),
        (date(2020, 2, 29), date(2025, 3, 31)),
    ],
)
def test_it_begins_on_the_day_that_is_prescribed_next_after_the_fifth_birthday(born: date, begins: date) -> None:
    assert school_age_begins(born) == begins
    assert not is_of_school_age(born, begins - DAY)
    assert is_of_school_age(born, begins)


@pytest.mark.parametrize(
    ("born", "ends"),
    [
        (date(2009, 9, 1), date(2026, 6, 26)),
        (date(2010, 1, 1), date(2026, 6, 26)),
        (date(2010, 6, 26), date(2026, 6, 26)),
        (date(2010, 8, 31), date(2026, 6, 26)),  # sixteen after that day, in the same school year
        (date(2010, 9, 1), date(2027, 6, 25)),
        (date(2007, 9, 1), date(2024, 6, 28)),
        (date(2006, 9, 1), date(2023, 6, 30)),  # where the month ends on a Friday
        (date(2008, 2, 29), date(2024, 6, 28)),
    ],
)
def test_it_ends_on_the_last_friday_of_june_of_the_school_year_in_which_they_are_sixteen(
    born: date, ends: date
) -> None:
    assert school_age_ends(born) == ends
    assert ends.strftime("%A") == "Friday"
    assert is_of_school_age(born, ends)
    assert not is_of_school_age(born, ends + DAY)
