"""How long a record lives, and how old a child is."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encryption.keys import cohort_of
from registry.rules.retention import ARCHIVE_YEARS, MAJORITY, age, archive_on, destroy_on, grown_up_on
from tests.unit.registry.values import births


@pytest.mark.parametrize(
    ("born", "died", "gone"),
    [
        (date(2010, 5, 20), None, date(2034, 5, 20)),
        (date(2008, 2, 29), None, date(2032, 3, 1)),  # 2026 has no 29 February
        (date(2010, 5, 20), date(2015, 1, 2), date(2022, 1, 2)),
        (date(2010, 5, 20), date(2016, 2, 29), date(2023, 3, 1)),
        (date(2010, 5, 20), date(2010, 5, 20), date(2017, 5, 20)),
        (date(2010, 5, 20), date(2028, 3, 1), date(2034, 5, 20)),  # 18 comes before a year past death
    ],
)
def test_destroyed_after_majority_or_death_and_archive(born: date, died: date | None, gone: date) -> None:
    assert destroy_on(born, died) == gone


@given(births, st.none() | st.integers(0, 18 * 365))
def test_destroyed_never_before_the_archive_is_over(born: date, days: int | None) -> None:
    died = None if days is None else born + timedelta(days=days)
    gone = destroy_on(born, died)
    assert born.replace(year=born.year + 7, day=1) <= gone <= born.replace(year=born.year + 25, day=1)
    assert died is None or gone <= destroy_on(born, None)


@given(births | st.sampled_from([date(2008, 2, 29), date(2010, 1, 31)]), st.none() | st.integers(0, 18 * 366))
def test_the_month_of_archiving_tells_the_cohort(born: date, days: int | None) -> None:
    """So that the worker finds who is due in a month by the key of that month, six years later."""
    died = None if days is None else born + timedelta(days=days)
    archived = archive_on(born, died)
    assert cohort_of(destroy_on(born, died)) == cohort_of(archived.replace(day=1, year=archived.year + ARCHIVE_YEARS))


@given(births)
def test_eighteenth_birthday_is_the_first_day_of_being_eighteen(born: date) -> None:
    day = grown_up_on(born)
    assert (age(born, day), age(born, day - timedelta(days=1))) == (MAJORITY, MAJORITY - 1)
    assert destroy_on(born, None).year == day.year + ARCHIVE_YEARS


@pytest.mark.parametrize("year", [2004, 2008, 2016])
def test_whoever_was_born_on_29_february_grows_up_on_1_march(year: int) -> None:
    assert grown_up_on(date(year, 2, 29)) == date(year + MAJORITY, 3, 1)


@pytest.mark.parametrize(
    ("born", "today", "years"),
    [
        (date(2017, 4, 9), date(2026, 4, 8), 8),
        (date(2017, 4, 9), date(2026, 4, 9), 9),
        (date(2017, 4, 9), date(2017, 4, 9), 0),
        (date(2016, 2, 29), date(2026, 2, 28), 9),
        (date(2016, 2, 29), date(2026, 3, 1), 10),
        (date(2016, 2, 29), date(2024, 2, 29), 8),
    ],
)
def test_age_is_whole_years_lived(born: date, today: date, years: int) -> None:
    assert age(born, today) == years
