"""When simulated people work."""

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.models import OrganisationKind
from review.simulation import calendar
from review.simulation.calendar import Span, bank_holidays, easter, hours_of, in_term

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def drawn(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - always the same


def days() -> list[date]:
    return [YEAR[0] + timedelta(days=number) for number in range(365)]


@pytest.mark.parametrize(
    "sunday", [date(2008, 3, 23), date(2011, 4, 24), date(2024, 3, 31), date(2026, 4, 5), date(2038, 4, 25)]
)
def test_easter(sunday: date) -> None:
    assert easter(sunday.year) == sunday


def test_bank_holidays_are_those_of_england() -> None:
    """As gov.uk lists them; what falls on a weekend is kept on the next working day."""
    told = ["01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-28"]
    assert sorted(day.isoformat()[5:] for day in bank_holidays(2026)) == told
    assert {date(2021, 12, 27), date(2021, 12, 28)} <= bank_holidays(2021)


@given(st.integers(2000, 2060))
def test_schools_teach_for_about_190_days_and_never_in_august(year: int) -> None:
    taught = [
        each
        for number in range(366)
        if (each := date(year, 1, 1) + timedelta(days=number)).year == year and in_term(each)
    ]
    assert 180 <= len(taught) <= 205
    assert not any(day.month == 8 for day in taught)


@pytest.mark.parametrize("kind", OrganisationKind)
def test_hours_fit_the_calling(kind: OrganisationKind) -> None:
    for seed in range(30):
        hours = hours_of(drawn(seed), kind, *YEAR, social_care=kind == OrganisationKind.AUTHORITY)
        worked = [day for day in days() if hours.on(day)]
        assert 60 < len(worked) < 240
        if not hours.shifts:
            assert all(day.weekday() < calendar.SATURDAY and day not in bank_holidays(2026) for day in worked)
            assert all(span.end <= 19 * 60 for day in worked if (span := hours.on(day)))
        if hours.shifts:
            assert any(day.weekday() >= calendar.SATURDAY for day in worked)


def test_nights_on_call_are_of_some_who_work_for_social_care_alone() -> None:
    on_call = [hours_of(drawn(seed), OrganisationKind.AUTHORITY, *YEAR, social_care=True) for seed in range(60)]
    nights = [sum(hours.night_of(day) is not None for day in days()) for hours in on_call]
    assert 10 < sum(count > 0 for count in nights) < 50
    assert max(nights) <= 56
    others = [hours_of(drawn(seed), OrganisationKind.SCHOOL, *YEAR, social_care=False) for seed in range(60)]
    assert not any(hours.night_of(day) for hours in others for day in days())


@given(st.integers(), st.integers(0, 24 * 60), st.integers(30, 10 * 60))
def test_a_moment_lies_within_its_hours(seed: int, begin: int, length: int) -> None:
    day = date(2026, 6, 10)
    found = calendar.moment(drawn(seed), day, Span(begin, begin + length))
    assert calendar.at(day, begin) <= found <= calendar.at(day, begin + length)
