"""What may be typed to find a child: put in one way of writing, or told in plain words next to its field.

No message repeats what was typed, and nothing of it reaches a log.
"""

import logging
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.forms import SearchForm
from registry.vocabulary import Gender
from tests.unit.registry.typing_errors import BAD_NAMES, LONG, RIGHT_TO_LEFT, assert_plain
from tests.unit.registry.values import NHS_NUMBER, OWN_NUMBER, PUPIL_NUMBER, TODAY, criteria

Data = dict[str, str]

SEARCH: Data = {
    "given_name": "Amina",
    "family_name": "Hussain",
    "date_of_birth_day": "9",
    "date_of_birth_month": "4",
    "date_of_birth_year": "2017",
}


def search_form(**changes: str) -> SearchForm:
    return SearchForm(SEARCH | changes, today=TODAY)


def test_search_takes_what_is_known_in_one_way_of_writing() -> None:
    form = search_form(
        given_name="  Amina   Noor ", family_name="O’Brien-Núñez", postcode="m334ab", gender="female", age=" 8 "
    )
    assert form.is_valid(), form.errors
    assert form.criteria() == criteria(
        given="Amina Noor",
        family="O’Brien-Núñez",
        date_of_birth=date(2017, 4, 9),
        postcode="M33 4AB",
        gender=Gender.FEMALE,
        age=8,
    )


@pytest.mark.parametrize(
    "name",
    ["Ng", "Smith-Jones", "O'Neill", "O’Neill", "O‘Neill", "Oʼneill", "St. John", "Núñez", "Иванов", "محمد", "小明"],
)
@pytest.mark.parametrize("field", ["given_name", "family_name"])
def test_search_takes_a_name_of_any_script(field: str, name: str) -> None:
    form = search_form(**{field: name})
    assert form.is_valid(), form.errors
    assert form.cleaned_data[field] == name


@pytest.mark.parametrize("typed", ["\u202eAmina\u202c", "Am\u200bina", "Ami\u00adna"])
def test_search_leaves_out_what_nobody_sees(typed: str) -> None:
    form = search_form(given_name=typed)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["given_name"] == "Amina"


@pytest.mark.parametrize("typed", BAD_NAMES)
@pytest.mark.parametrize("field", ["given_name", "family_name"])
def test_search_refuses_what_is_no_name(field: str, typed: str) -> None:
    assert_plain(search_form(**{field: typed}), field, typed)


@pytest.mark.parametrize(
    ("day", "month", "year"),
    [
        ("31", "2", "2017"),
        ("0", "4", "2017"),
        ("9", "13", "2017"),
        ("9", "4", "17"),
        ("9", "4", "1066"),
        ("9", "4", "2099"),
        ("-9", "4", "2017"),
        ("nine", "4", "2017"),
        ("9", "4", ""),
        ("", "4", ""),
        ("9" * 500, "4", "2017"),
        ("9", "4", "9" * 500),
        ("9\x00", "4", "2017"),
        ("😀", "4", "2017"),
        ("٩", "4", "2017"),
        (RIGHT_TO_LEFT, "4", "2017"),
        ("%", "%", "%"),
        ("9.5", "4", "2017"),
        ("1e1", "4", "2017"),
        (LONG, LONG, LONG),
    ],
)
def test_search_refuses_what_is_no_date(day: str, month: str, year: str) -> None:
    form = search_form(date_of_birth_day=day, date_of_birth_month=month, date_of_birth_year=year)
    assert_plain(form, "date_of_birth", max(day, month, year, key=len))


@pytest.mark.parametrize(
    "typed",
    [
        "-1",
        "19",
        "9" * 20,
        "9" * 5000,
        "-" + "9" * 500,
        "8.5",
        "eight",
        "😀",
        "8\x00",
        RIGHT_TO_LEFT,
        "%",
        "1e1",
        "NaN",
        LONG,
    ],
)
def test_search_refuses_what_is_no_age(typed: str) -> None:
    assert_plain(search_form(age=typed), "age", typed)


@pytest.mark.parametrize(
    "typed",
    [
        "XYZ",
        "33",
        "OL1 2C",
        "M3 33",
        "M33 4ABC",
        "M33%",
        "*",
        "😀",
        "M33\x004AB",
        RIGHT_TO_LEFT,
        LONG,
        "' or 1=1",
        "12 Acacia Av",
    ],
)
def test_search_refuses_what_is_no_postcode(typed: str) -> None:
    assert_plain(search_form(postcode=typed), "postcode", typed)


@pytest.mark.parametrize("typed", ["M33", "m33 4ab", " M334AB ", "SW1A 1AA", "m33 4"])
def test_search_takes_a_postcode_or_its_first_part(typed: str) -> None:
    form = search_form(postcode=typed)
    assert form.is_valid(), form.errors


@pytest.mark.parametrize(
    "typed",
    [
        "9434765918",
        "943476591",
        "12345678904",
        "G801200001001",
        "١٢٣٤٥٦٧٨٩٠3",
        "0",
        "-1",
        "9" * 5000,
        LONG,
        "😀",
        "943\x00",
        RIGHT_TO_LEFT,
        "943%",
    ],
)
def test_search_refuses_what_is_no_number(typed: str) -> None:
    assert_plain(search_form(number=typed), "number", typed)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("943 476 5919", NHS_NUMBER),
        ("943-476-5919", NHS_NUMBER),
        ("h801200001001", PUPIL_NUMBER),
        ("12345 67890 3", OWN_NUMBER),
    ],
)
def test_search_takes_a_number_alone(typed: str, number: str) -> None:
    form = SearchForm({"number": typed}, today=TODAY)
    assert form.is_valid(), form.errors
    assert form.criteria() == criteria(number=number)


@pytest.mark.parametrize("typed", ["other", LONG, "\x00", "😀"])
def test_search_refuses_a_gender_that_is_not_offered(typed: str) -> None:
    form = search_form(gender=typed)
    assert list(form.errors) == ["gender"]


@pytest.mark.parametrize(
    "given_values", [{}, {"given_name": "Amina", "family_name": "Hussain"}, {"postcode": "M33 4AB"}, {"age": "8"}]
)
def test_search_that_is_not_enough_is_told_what_is(given_values: Data) -> None:
    form = SearchForm(given_values, today=TODAY)
    assert not form.is_valid()
    assert "Enter a name with a date of birth" in form.non_field_errors()[0]


def test_search_with_a_bad_field_is_told_of_that_alone() -> None:
    assert_plain(SearchForm({"given_name": "Amina", "postcode": "XYZ"}, today=TODAY), "postcode", "XYZ")


@given(
    st.dictionaries(
        st.sampled_from([*SEARCH, "age", "postcode", "house", "street", "gender", "number"]), st.text(max_size=30)
    )
)
@settings(deadline=None)
def test_search_of_anything_is_criteria_or_a_message(data: Data) -> None:
    form = SearchForm(data, today=TODAY)
    if form.is_valid():
        assert form.criteria().is_enough()
    else:
        assert form.errors


@pytest.mark.parametrize("typed", ["-".join(["ab"] * 30), "A " * 20 + "B", "-" * 40 + "Amina"])
@pytest.mark.parametrize("field", ["given_name", "family_name"])
def test_search_refuses_a_name_of_too_many_words(field: str, typed: str) -> None:
    assert_plain(search_form(**{field: typed}), field, typed)


@pytest.mark.parametrize("typed", ["Oak", "33 Oak Road", "33-35", "12345", "😀", "%", LONG, "3\x00"])
def test_search_refuses_what_is_no_house_number(typed: str) -> None:
    assert_plain(search_form(house=typed, street="Oak Road"), "house")


@pytest.mark.parametrize("typed", ["33 Oak Road", "O*k", "%", "😀", "x", LONG, "Oak\x00"])
def test_search_refuses_what_is_no_street(typed: str) -> None:
    assert_plain(search_form(house="33", street=typed), "street")


def test_search_takes_a_name_with_house_and_street() -> None:
    form = SearchForm({"family_name": "Hussain", "house": " 33 A", "street": "St  Mary’s Close"}, today=TODAY)
    assert form.is_valid(), form.errors
    assert form.criteria() == criteria(family="Hussain", house="33a", street="St Mary’s Close")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"family_name": "Hussain", "house": "33"}, "street"),
        ({"family_name": "Hussain", "street": "Oak Road"}, "house"),
        ({"given_name": "J", "family_name": "Smith", "age": "8"}, "given_name"),
        ({"family_name": "S", "date_of_birth_day": "9", "date_of_birth_month": "4", "date_of_birth_year": "2017"},
         "family_name"),
    ],
)  # fmt: skip
def test_search_that_lacks_one_thing_says_so_beside_it(typed: Data, field: str) -> None:
    assert_plain(SearchForm(typed, today=TODAY), field)


def test_search_that_fails_leaves_nothing_in_a_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        assert not search_form(given_name="Zebulon7", postcode="QQQQQQ", number="4444444445", age="777").is_valid()
    assert caplog.text == ""
