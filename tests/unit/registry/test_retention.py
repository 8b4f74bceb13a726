"""How long a record lives, and how old a child is."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encryption.keys import cohort_of
from registry.rules.retention import (
    ARCHIVE_YEARS,
    MAJORITY,
    Circumstances,
    Stage,
    age,
    archive_on,
    away_until,
    consent_counts,
    destroy_on,
    grown_up_on,
    stage_on,
)
from registry.values import Address, Provenance
from registry.vocabulary import AddressState, Source
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


BORN = date(2008, 2, 29)
SEVENTEEN = date(2025, 3, 1)
LEFT = {AddressState.LEFT_RETURNING, AddressState.LEFT_NOT_RETURNING, AddressState.LEFT_UNKNOWN}


def address(state: AddressState, since: date | None, confirmed: date = date(2020, 5, 6)) -> Address:
    return Address(state, None, since, None, Provenance(Source.LOCAL_AUTHORITY, confirmed))


@pytest.mark.parametrize(
    ("died", "known", "archived"),
    [
        (None, Circumstances(consented_on=SEVENTEEN), date(2033, 3, 1)),
        (None, Circumstances(consented_on=date(2025, 2, 28)), date(2026, 3, 1)),  # too young to say so
        (None, Circumstances(away_until=date(2020, 1, 2)), date(2020, 1, 2)),
        (None, Circumstances(away_until=date(2030, 1, 2)), date(2026, 3, 1)),
        (None, Circumstances(SEVENTEEN, date(2030, 1, 2)), date(2030, 1, 2)),
        (date(2028, 5, 6), Circumstances(consented_on=SEVENTEEN), date(2029, 5, 6)),
    ],
)
def test_kept_to_25_by_consent_and_ended_by_whatever_comes_first(
    died: date | None, known: Circumstances, archived: date
) -> None:
    assert archive_on(BORN, died, known) == archived
    assert destroy_on(BORN, died, known).year == archived.year + ARCHIVE_YEARS
    assert stage_on(archived - timedelta(days=1), BORN, died, known) is Stage.LIVE
    assert stage_on(archived, BORN, died, known) is Stage.ARCHIVED
    assert stage_on(destroy_on(BORN, died, known), BORN, died, known) is Stage.GONE


@pytest.mark.parametrize("day", [date(2025, 2, 28), SEVENTEEN])
def test_consent_counts_from_the_17th_birthday(day: date) -> None:
    assert consent_counts(BORN, day) is (day >= SEVENTEEN)
    assert not consent_counts(BORN, None)


@pytest.mark.parametrize("state", list(AddressState))
def test_whoever_left_england_has_a_record_for_a_year_or_three(state: AddressState) -> None:
    years = {AddressState.LEFT_NOT_RETURNING: 1, AddressState.LEFT_RETURNING: 3, AddressState.LEFT_UNKNOWN: 3}
    found = away_until(address(state, date(2024, 2, 29)))
    assert found == (date(2024 + years[state], 3, 1) if state in LEFT else None)
    unsaid = away_until(address(state, None))
    assert unsaid == (date(2020 + years[state], 5, 6) if state in LEFT else None)
    assert away_until(None) is None
