"""On which days a service can have begun and ended."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules.retention import MAJORITY, age
from registry.rules.service_days import Life, WrongDay, wrong_end, wrong_start

TODAY = date(2026, 11, 28)
LIVING = Life(date(2017, 4, 9))
GROWN = Life(date(2006, 5, 20))
DEAD = Life(date(2015, 1, 2), died=date(2025, 3, 4))
LEAP = Life(date(2004, 2, 29))
days = st.dates(date(2000, 1, 1), date(2030, 1, 1))


@pytest.mark.parametrize(
    ("life", "day", "wrong"),
    [
        (LIVING, date(2017, 4, 8), WrongDay.BEFORE_BIRTH),
        (LIVING, date(2017, 4, 9), None),
        (LIVING, TODAY, None),
        (LIVING, date(2026, 11, 29), WrongDay.NOT_YET),
        (GROWN, date(2024, 5, 19), None),
        (GROWN, date(2024, 5, 20), WrongDay.GROWN_UP),
        (LEAP, date(2022, 2, 28), None),
        (LEAP, date(2022, 3, 1), WrongDay.GROWN_UP),
        (DEAD, date(2025, 3, 4), None),
        (DEAD, date(2025, 3, 5), WrongDay.AFTER_DEATH),
    ],
)
def test_start_lies_within_childhood(life: Life, day: date, wrong: WrongDay | None) -> None:
    assert wrong_start(day, life, today=TODAY) == wrong


@pytest.mark.parametrize(
    ("life", "day", "wrong"),
    [
        (LIVING, date(2020, 1, 1), None),
        (LIVING, date(2019, 12, 31), WrongDay.BEFORE_START),
        (LIVING, date(2017, 4, 8), WrongDay.BEFORE_BIRTH),
        (LIVING, date(2026, 11, 29), WrongDay.NOT_YET),
        (GROWN, date(2025, 7, 20), None),  # to the end of the school year
        (DEAD, date(2025, 3, 4), None),
        (DEAD, date(2025, 3, 5), WrongDay.AFTER_DEATH),
    ],
)
def test_end_lies_after_the_start_and_within_life(life: Life, day: date, wrong: WrongDay | None) -> None:
    assert wrong_end(day, life, started_on=date(2020, 1, 1), today=TODAY) == wrong


def test_end_before_the_birth_is_refused_even_where_a_supplier_said_that_it_began_before() -> None:
    day = date(2017, 3, 1)
    assert wrong_end(day, LIVING, started_on=date(2017, 2, 1), today=TODAY) == WrongDay.BEFORE_BIRTH


@given(days, days)
def test_eighteenth_birthday_is_the_day_on_which_somebody_is_eighteen(born: date, day: date) -> None:
    assert (day >= Life(born).grown_up_on) is (age(born, day) >= MAJORITY)
