"""Children in memory are found by a day that may be meant beside a name that sounds so, and not by either alone."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from feeds.matching.comparing import Held
from feeds.matching.remembered import Remembered
from feeds.rows import Row, RowName
from registry.search import births
from registry.values import SummaryName
from registry.vocabulary import NameKind

BORN = date(2014, 5, 19)
DAYS = some.dates(date(2008, 1, 1), date(2026, 12, 31))


def held(born: date, given_name: str = "Amina", family: str = "Hussain") -> Held:
    return Held(1, (SummaryName(NameKind.LEGAL, given_name, family),), born)


def row(born: date, given_name: str = "Amina", family: str = "Malik") -> Row:
    return Row(line=1, key="K", name=RowName(given_name, family), date_of_birth=born)


def is_found(of: Held, by: Row) -> bool:
    remembered = Remembered()
    remembered.add(of)
    return bool(remembered.like(by))


@pytest.mark.parametrize("said", [date(2014, 5, 20), date(2014, 6, 19), date(2013, 5, 19), date(2014, 5, 10), BORN])
def test_found_by_one_name_and_a_day_that_may_be_meant(said: date) -> None:
    assert is_found(held(BORN), row(said))


def test_first_of_january_stands_for_any_day_of_its_year_on_either_side() -> None:
    assert is_found(held(BORN), row(date(2014, 1, 1)))
    assert is_found(held(date(2014, 1, 1)), row(BORN))
    assert not is_found(held(BORN), row(date(2016, 1, 1)))


def test_another_name_is_found_by_the_very_day_alone() -> None:
    assert is_found(held(BORN), row(BORN, "Omar"))
    assert not is_found(held(BORN), row(date(2014, 5, 20), "Omar"))


@given(DAYS, DAYS)
def test_days_that_are_meant_are_those_that_may_be_slips(born: date, said: date) -> None:
    year_alone = births.is_made_up(said) or births.is_made_up(born)
    meant = said == born or born in births.slips(said) or (year_alone and said.year == born.year)
    assert is_found(held(born), row(said)) == meant
