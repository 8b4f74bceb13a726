"""What is enough to search by: no trawling by a name, an area or a date alone."""

from datetime import date

import pytest

from registry.vocabulary import Gender
from tests.unit.registry.values import NHS_NUMBER, OWN_NUMBER, PUPIL_NUMBER, criteria

BORN = date(2017, 4, 9)
FULL, PART = "M33 4AB", "M33"


@pytest.mark.parametrize(
    ("given", "enough"),
    [
        ({}, False),
        ({"given": "Amina"}, False),
        ({"family": "Hussain"}, False),
        ({"given": "Amina", "family": "Hussain"}, False),
        ({"given": "Amina", "family": "Hussain", "gender": Gender.FEMALE}, False),
        ({"date_of_birth": BORN}, False),
        ({"postcode": FULL}, False),
        ({"age": 8}, False),
        ({"gender": Gender.FEMALE}, False),
        ({"date_of_birth": BORN, "postcode": FULL, "gender": Gender.FEMALE}, False),
        ({"age": 8, "postcode": FULL}, False),
        ({"given": "Amina", "age": 8}, False),
        ({"family": "Hussain", "age": 8}, False),
        ({"family": "Hussain", "postcode": PART}, False),
        ({"family": "Hussain", "age": 8, "postcode": PART, "gender": Gender.FEMALE}, False),
        ({"given": "A", "date_of_birth": BORN}, False),
        ({"given": "A", "family": "H", "age": 8}, False),
        ({"given": "A", "family": "Hussain", "age": 8}, False),
        ({"family": "Hussain", "date_of_birth": BORN}, True),
        ({"given": "Amina", "date_of_birth": BORN}, True),
        ({"given": "A", "family": "Hussain", "date_of_birth": BORN}, True),
        ({"family": "Hussain", "postcode": FULL}, True),
        ({"given": "Amina", "postcode": FULL}, True),
        ({"given": "Amina", "family": "Hussain", "age": 8}, True),
        ({"given": "Amina", "family": "Hussain", "age": 0}, True),
        ({"given": "Amina", "family": "Hussain", "postcode": PART}, True),
        ({"given": "Amina", "family": "Hussain", "year_of_birth": 2017}, True),
        ({"given": "Amina", "year_of_birth": 2017, "month_of_birth": 4}, False),
        ({"given": "Jo", "family": "Ng", "age": 8}, True),
        ({"given": "小明", "family": "王", "date_of_birth": BORN}, True),
        ({"given": "A", "family": "Hussain", "postcode": FULL}, True),
        ({"given": "Amina", "family": "Hussain", "postcode": "M33 4"}, True),
        ({"family": "Hussain", "postcode": "M33 4"}, False),
        ({"family": "Hussain", "house": "33", "street": "Oak Road"}, True),
        ({"family": "Hussain", "street": "Oak Road"}, False),
        ({"house": "33", "street": "Oak Road"}, False),
        ({"family": "H", "house": "33", "street": "Oak Road"}, False),
        ({"number": NHS_NUMBER}, True),
        ({"number": OWN_NUMBER}, True),
    ],
)
def test_is_enough_by_the_table(given: dict[str, object], enough: bool) -> None:
    assert criteria(**given).is_enough() is enough


@pytest.mark.parametrize("field", ["given", "family"])
def test_is_enough_never_with_one_letter_of_a_name_and_a_postcode(field: str) -> None:
    assert not criteria(**{field: "A", "postcode": FULL}).is_enough()


def test_to_log_holds_what_was_given_and_nothing_else() -> None:
    asked = criteria(family="Hussain", date_of_birth=BORN, age=0, gender=Gender.FEMALE)
    assert asked.to_log() == {"family": "Hussain", "date_of_birth": "2017-04-09", "age": "0", "gender": "female"}
    assert criteria().to_log() == {}
    assert criteria(year_of_birth=2017).to_log() == {"date_of_birth": "2017"}
    assert criteria(year_of_birth=2017, month_of_birth=4).to_log() == {"date_of_birth": "2017-04"}


@pytest.mark.parametrize(
    ("given", "hidden"),
    [
        ({"given": "Amina", "family": "Hussain", "date_of_birth": BORN, "gender": Gender.FEMALE, "age": 8}, False),
        ({"number": OWN_NUMBER}, False),
        ({"number": NHS_NUMBER}, True),
        ({"number": PUPIL_NUMBER}, True),
        ({"given": "Amina", "date_of_birth": BORN, "postcode": PART}, True),
        ({"family": "Hussain", "house": "33", "street": "Oak Road"}, True),
        ({"number": OWN_NUMBER, "postcode": FULL}, True),
    ],
)
def test_uses_hidden_field_for_what_a_shield_hides(given: dict[str, object], hidden: bool) -> None:
    assert criteria(**given).uses_hidden_field() is hidden
