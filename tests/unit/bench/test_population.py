"""Whom else a question fits: by any of a child's names, to the letter, with what else is given."""

from dataclasses import replace
from datetime import date

import pytest

from bench.mistakes import Asked
from bench.search.population import by_names, fitting
from bench.search.truth import Question
from registry.demonstration.shapes import Origin
from tests.unit.bench.summaries import summary

TODAY = date(2026, 6, 1)
ANN = summary(("Ann Mary", "Hill"), former=("Ann", "Dale"), date_of_birth=date(2015, 3, 4), postcode="M33 4AB")
EXACT = Asked("Ann", "Hill", date(2015, 3, 4))
NOBODY = Asked("Nobody", "Known")


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        (EXACT, True),
        (replace(EXACT, given="ANN MARY"), True),
        (replace(EXACT, family="Dale"), True),
        (replace(EXACT, given=""), True),
        (replace(EXACT, family="", postcode="M33 4AB"), True),
        (replace(EXACT, postcode="M33"), True),
        (replace(EXACT, postcode="M3"), False),
        (Asked("Ann", "Hill", age=12), True),
        (Asked("Ann", "Hill", age=13), False),
        (Asked("Ann", house="7", street="Cross Street"), True),
        (Asked("Ann", house="17", street="Cross Street"), False),
        (Asked("Ann", house="7", street="Cross"), False),
        (replace(EXACT, given="Mary"), False),
        (replace(EXACT, family="Hall"), False),
        (replace(EXACT, date_of_birth=date(2015, 4, 3)), False),
        (replace(EXACT, postcode="M33 4AD"), False),
    ],
)
def test_fits_to_the_letter(asked: Asked, fits: bool) -> None:
    question = Question("exact", Origin.ENGLISH, 1, asked, NOBODY)
    assert fitting(by_names([question]), ANN, TODAY) == ({0} if fits else set())


def test_a_child_that_fits_what_should_have_been_asked_is_one_of_them() -> None:
    question = Question("exact", Origin.ENGLISH, 1, NOBODY, EXACT)
    assert fitting(by_names([question]), ANN, TODAY) == {0}
