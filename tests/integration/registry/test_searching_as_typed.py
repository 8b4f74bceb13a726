"""What was typed or pasted is understood, and what does not fit together is told."""

import re
from datetime import date

import pytest
from django.urls import reverse

from registry.vocabulary import Gender
from tests.integration.registry.people import AddChildren, Town, draft, full_draft
from tests.integration.registry.visiting import SEARCH, Visitor, kinds, text_of

SHIELDED_SINCE = date(2026, 1, 5)
MISFIT = "The {} and the rest do not fit together"
DIFFERS = "Not as you entered: "


@pytest.fixture
def teacher(town: Town) -> Visitor:
    return Visitor(town.teacher)


@pytest.mark.parametrize(
    ("typed", "differs"),
    [
        ({"family_name": "Kowalski"}, "family name"),
        ({"given_name": "Zbigniew", "family_name": "Kowalski"}, "family name, given name"),
        ({**SEARCH, "date_of_birth_year": "2009"}, "date of birth"),
        ({"age": "15"}, "age"),
        ({"gender": "male"}, "gender"),
        ({"postcode": "OL1 2CD"}, "postcode"),
        (
            {"given_name": "Zbigniew", "date_of_birth_day": "1/2/2011", "gender": "male"},
            "given name, date of birth, gender",
        ),
    ],
)
def test_number_with_what_does_not_fit_it_is_told(
    town: Town, teacher: Visitor, add: AddChildren, typed: dict[str, str], differs: str
) -> None:
    add(full_draft(town, gender=Gender.FEMALE))
    page = text_of(teacher.search(**typed, number="943 476 5919"))
    assert "1 child found" in page
    assert MISFIT.format("NHS number") in page
    assert f"{DIFFERS}{differs}</p>" in page


@pytest.mark.parametrize(
    "typed",
    [
        {},
        SEARCH,
        {"given_name": "Amina", "family_name": "Malik"},  # a former name
        {"given_name": "Hussain", "family_name": "Amina"},  # the wrong way round, and told so
        {"family_name": "Husain", "age": "8"},
        {"postcode": "M33 9ZZ"},  # the district alone is shown
        {"house": "7", "street": "Oak Road", "family_name": "Hussain"},  # no street is shown
    ],
)
def test_number_with_what_fits_it_is_told_nothing(
    town: Town, teacher: Visitor, add: AddChildren, typed: dict[str, str]
) -> None:
    add(full_draft(town))
    page = text_of(teacher.search(**typed, number="943 476 5919"))
    assert "1 child found" in page
    assert "do not fit together" not in page
    assert DIFFERS not in page


def test_number_that_nobody_has_is_said_to_have_been_looked_for_alone(
    town: Town, teacher: Visitor, add: AddChildren
) -> None:
    add(draft(town))
    alone = "A search with a number looks for the number alone"
    assert alone in text_of(teacher.search(**SEARCH, number="943 476 5919"))
    assert alone not in text_of(teacher.search(number="943 476 5919"))


def test_registry_number_of_a_shielded_child_tells_no_more_than_the_row(
    town: Town, teacher: Visitor, add: AddChildren
) -> None:
    (child,) = add(full_draft(town, shielded_since=SHIELDED_SINCE))
    number = child.number.open()
    page = text_of(teacher.search(family_name="Kowalski", number=number))
    assert MISFIT.format("registry number") in page
    assert f"{DIFFERS}family name</p>" in page
    # The address is hidden: it can neither fit nor be said to differ, for nobody is found by it.
    assert "No child found" in text_of(teacher.search(postcode="OL1 2CD", number=number))


def test_date_of_birth_with_another_age_is_told_before_searching(town: Town, teacher: Visitor) -> None:
    response = teacher.post(reverse("search"), **SEARCH, age="3")
    assert response.status_code == 200
    assert re.search(r"A child born on 9 April 2017 is \d+ now\. Correct the date or the age", text_of(response))
    assert 'value="3"' in text_of(response)
    assert kinds() == []


def test_what_was_pasted_is_searched_and_shown_in_its_boxes(town: Town, teacher: Visitor, add: AddChildren) -> None:
    add(full_draft(town))
    pasted = {"family_name": "Hussain\u200b", "date_of_birth_year": "2017-04-09", "postcode": "m33‑4AB."}
    page = text_of(teacher.search(**pasted))
    assert "1 child found" in page
    assert "M33 4AB" in page
    again = text_of(teacher.post(reverse("search"), **pasted, age="x"))
    for box, value in (("day", "09"), ("month", "04"), ("year", "2017")):
        assert re.search(rf'name="date_of_birth_{box}"[^>]*value="{value}"', again)


@pytest.mark.parametrize(
    "typed", ["O’Brien‐Núñez", "O′Brien—Nu\u0301n\u0303ez", "OʼBrien−NÚÑEZ", "Ｏ＇Brien\u2011Núñez\u200f"]
)
@pytest.mark.parametrize("held", ["O'Brien-Núñez", "O´Brien–Núñez", "OʼBrien‑Nu\u0301n\u0303ez"])
def test_name_is_found_whatever_its_apostrophe_and_hyphen(
    town: Town, teacher: Visitor, add: AddChildren, typed: str, held: str
) -> None:
    add(draft(town, family=held))
    assert "same family name" in text_of(teacher.search(**SEARCH | {"family_name": typed}))
