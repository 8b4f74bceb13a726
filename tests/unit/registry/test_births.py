"""Dates of birth as people give them: which are asked for, and that any day has its neighbours."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.search import births


@pytest.mark.parametrize(
    ("meant", "given_"),
    [
        (date(2010, 5, 19), date(2010, 5, 20)),
        (date(2016, 7, 31), date(2016, 8, 1)),
        (date(2015, 12, 31), date(2016, 1, 1)),
        (date(2016, 1, 15), date(2015, 12, 15)),
        (date(2017, 4, 30), date(2017, 5, 31)),
        (date(2016, 4, 9), date(2017, 4, 9)),
        (date(2015, 2, 28), date(2016, 2, 29)),
        (date(2016, 2, 29), date(2015, 2, 28)),
        (date(2017, 9, 4), date(2017, 4, 9)),
        (date(2017, 4, 19), date(2017, 4, 9)),
    ],
)
def test_slips_hold_the_date_that_was_meant(meant: date, given_: date) -> None:
    assert meant in births.slips(given_)
    assert births.level(given_, meant) != "other"


@given(st.dates())
def test_slips_of_any_date_are_other_dates_each_once(born: date) -> None:
    slips = births.slips(born)
    assert born not in slips
    assert len(slips) == len(set(slips)) > 0


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(-1, 1))
def test_years_near_hold_the_year_of_a_day_beside_it(born: date, days: int) -> None:
    assert (born + timedelta(days=days)).year in births.years_near(born)
    assert births.years_near(born)[0] == born.year


def test_years_near_are_one_in_the_middle_of_the_year() -> None:
    assert births.years_near(date(2017, 6, 30)) == (2017,)
    assert births.years_near(date(2017, 1, 20)) == (2017, 2016)
    assert births.years_near(date(2017, 12, 3)) == (2017, 2018)


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (date(2017, 4, 30), "same"),
        (date(2017, 3, 9), "month_out"),
        (date(2017, 9, 9), "year"),
        (date(2017, 1, 1), "year"),
        (date(2016, 4, 9), "year_out"),
        (date(2015, 4, 9), "other"),
        (date(2016, 9, 9), "other"),
    ],
)
def test_month_level(held: date, expected: str) -> None:
    assert births.month_level((2017, 4), held) == expected


def test_month_level_across_the_year() -> None:
    assert births.month_level((2017, 12), date(2018, 1, 2)) == "month_out"
    assert births.month_level((2017, 12), date(2018, 1, 1)) == "other"


@pytest.mark.parametrize(
    ("year", "expected"), [(2017, "same"), (2016, "year_out"), (2018, "year_out"), (2015, "other")]
)
def test_year_level(year: int, expected: str) -> None:
    assert births.year_level(year, date(2017, 4, 9)) == expected
