"""Plain text with trigrams, where the machine has it: the rival is no straw man."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import psycopg
import pytest
from django.utils import timezone

from bench.mistakes import Asked
from bench.search import rival
from bench.search.rival import Rival
from tests.unit.bench.summaries import summary

FOUND = rival.programs(children=10)
ANN = Asked("Ann", "Okonkwo", date(2015, 3, 4), postcode="M33 4AB")

pytestmark = pytest.mark.skipif(FOUND is None, reason="no PostgreSQL with pg_trgm is installed on this machine")


@pytest.fixture
def asked(django_db_setup: None) -> Iterator[Rival]:
    """The rival, with few children in it. It takes on the settings of our own server, by our own database."""
    assert FOUND
    ann = summary(("Ann", "Okonkwo"), date_of_birth=date(2015, 3, 4), postcode="M33 4AB")
    others = [
        (number, summary(("Ben", "Smith"), date_of_birth=date(2012, 5, number), postcode="SK1 1AA"))
        for number in range(2, 9)
    ]
    with rival.server(FOUND) as address:
        rival.add(address, [(1, ann), *others])
        seconds, size = rival.finish(address)
        assert seconds >= 0
        assert size > 0
        with psycopg.connect(address, autocommit=True) as connection:
            yield Rival(connection)


def test_it_finds_what_trigrams_can_find(asked: Rival) -> None:
    day = timezone.localdate()
    age = day.year - 2015 - ((day.month, day.day) < (3, 4))
    for question in (
        ANN,
        replace(ANN, family="Okonwko", postcode=""),
        replace(ANN, given="Okonkwo", family="Ann", postcode=""),
        replace(ANN, date_of_birth=date(2015, 4, 3), postcode=""),
        replace(ANN, date_of_birth=None, age=age + 1, postcode=""),
        replace(ANN, given="", date_of_birth=None),
        replace(ANN, given="", date_of_birth=None, postcode="M33 4AD"),
    ):
        assert asked.by_trigrams(question).found == (1,), question
        assert asked.by_date_first(question).found == (1,), question


def test_it_finds_nobody_who_is_not_alike(asked: Rival) -> None:
    assert asked.by_date_first(Asked("Zoltan", "Quigley", date(2012, 5, 3))).found == ()


def test_it_is_timed(asked: Rival) -> None:
    assert asked.by_trigrams(ANN).milliseconds > 0
