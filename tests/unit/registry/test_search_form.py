"""What may be typed to find a child: put in one way of writing, or told in plain words next to its field.

No message repeats what was typed, and nothing of it reaches a log. Dates and ages: test_search_form_dates.py.
"""

import logging
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.forms.searching import SearchForm
from registry.vocabulary import Gender
from tests.unit.registry.search_typed import SEARCH, Data, search_form
from tests.unit.registry.typing_errors import BAD_NAMES, LONG, RIGHT_TO_LEFT, assert_plain
from tests.unit.registry.values import NHS_NUMBER, OWN_NUMBER, PUPIL_NUMBER, TODAY, criteria


def test_search_takes_what_is_known_in_one_way_of_writing() -> None:
    form = search_form(
        given_name="  Amina   Noor ", family_name="O’Brien-Núñez", postcode="m334ab", gender="female", age=" 8 "
    )
    assert form.is_valid(), form.errors
    assert form.criteria() == criteria(
        given="Amina Noor",
        family="O'Brien-Núñez",
        date_of_birth=date(2017, 4, 9),
        postcode="M33 4AB",
        gender=Gender.FEMALE,
        age=8,
    )


@pytest.mark.parametrize(
    "name",
    ["Ng", "Smith-Jones", "O'Neill", "St. John", "Núñez", "Иванов", "محمد", "小明"],
)
@pytest.mark.parametrize("field", ["given_name", "family_name"])
def test_search_takes_a_name_of_any_script(field: str, name: str) -> None:
    form = search_form(**{field: name})
    assert form.is_valid(), form.errors
    assert form.cleaned_data[field] == name


@pytest.mark.parametrize(
    "typed", ["O′Neill", "O´Neill", "OʼNeill", "O’Neill", "O‘Neill", "O`Neill", "O＇Neill", "O\u200b’Neill"]
)
@pytest.mark.parametrize("field", ["given_name", "family_name"])
def test_search_takes_any_apostrophe_for_one(field: str, typed: str) -> None:
    form = search_form(**{field: typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data[field] == "O'Neill"


@pytest.mark.parametrize("dash", "-‐‑‒–—―−﹣－⁃")
@pytest.mark.parametrize("field", ["given_name", "family_name"])
def test_search_takes_any_dash_for_a_hyphen(field: str, dash: str) -> None:
    form = search_form(**{field: f"Smith{dash}Jones"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data[field] == "Smith-Jones"


def test_search_takes_letters_and_accents_however_they_are_coded() -> None:
    form = search_form(given_name="Nu\u0301n\u0303ez", family_name="Ｓｍｉｔｈ")
    assert form.is_valid(), form.errors
    assert (form.cleaned_data["given_name"], form.cleaned_data["family_name"]) == ("Núñez", "Smith")


@pytest.mark.parametrize("field", ["given_name", "family_name"])
def test_search_counts_the_letters_of_a_name_that_one_sees(field: str) -> None:
    assert search_form(**{field: "\u200bá" * 100}).is_valid()
    form = search_form(**{field: "b" * 101})
    label = form.fields[field].label
    assert form.errors[field] == [f"{label} must be 100 characters or fewer"]
    assert form[field].value() == "b" * 101


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
    "typed",
    [
        "XYZ",
        "33",
        "OL1 2C",
        "M3 33",
        "M33 4ABC",
        "MI",  # a word
        "SL 4AB",  # the number of the district was left out
        "SO",
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


def test_search_reads_a_postcode_with_a_slip_and_asks_where_two_are_meant() -> None:
    form = search_form(postcode=" m33–O4B. ")
    assert form.is_valid(), form.errors
    assert form.criteria().postcode == "M33 0AB"
    either = search_form(postcode="SI1 4AB").errors["postcode"]
    assert either == ["This can be read as S11 4AB or SL1 4AB. Enter the one that you mean"]


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


WRONG = "At least one {} is wrong, or two are the wrong way round. {}"
TO_DO = "Check it against the letter or card that it stands on, or search by name and date of birth instead"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("943 476 5918", WRONG.format("digit of this NHS number", TO_DO)),
        ("934-476-5919", WRONG.format("digit of this NHS number", TO_DO)),
        ("12345678904", WRONG.format("digit of this registry number", TO_DO) + ". An NHS number has 10 digits, not 11"),
        ("943 476 591", f"You entered 9 digits. An NHS number has 10 and a registry number 11. {TO_DO}"),
        ("943 476 591 912", f"You entered 12 digits. An NHS number has 10 and a registry number 11. {TO_DO}"),
        ("7", f"You entered 1 digit. An NHS number has 10 and a registry number 11. {TO_DO}"),
        ("G801200001001", WRONG.format("character of this unique pupil number", TO_DO)),
        ("H80120000100", f"You entered 12 characters. A unique pupil number has 13: a letter, then 12 more. {TO_DO}"),
    ],
)
def test_search_says_what_is_wrong_with_a_number_and_what_to_do(typed: str, message: str) -> None:
    assert search_form(number=typed).errors["number"] == [message]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("943 476 5919", NHS_NUMBER),
        ("943-476-5919", NHS_NUMBER),
        ("943–476–5919", NHS_NUMBER),
        ("\u202a943.476.5919\u202c", NHS_NUMBER),
        ("9 4 3 4 7 6 5 9 1 9 ", NHS_NUMBER),
        ("H 801 200 001 001", PUPIL_NUMBER),
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
    assert form.criteria() == criteria(family="Hussain", house="33a", street="St Mary's Close")


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
