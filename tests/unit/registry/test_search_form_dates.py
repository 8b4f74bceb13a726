"""A date of birth and an age as people give them to find a child: whole, in part, guessed, wrong."""

import pytest

from tests.unit.registry.search_typed import search_form
from tests.unit.registry.typing_errors import LONG, RIGHT_TO_LEFT, assert_plain
from tests.unit.registry.values import TODAY

NO_DATE = dict.fromkeys(("date_of_birth_day", "date_of_birth_month", "date_of_birth_year"), "")


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
        "eighty",
        "eight months",
        "5 or 9",
        "about",
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


@pytest.mark.parametrize("typed", ["7", "8", "9"])  # eight, or a guess at it
def test_search_takes_an_age_that_fits_the_date_of_birth(typed: str) -> None:
    form = search_form(age=typed)
    assert form.is_valid(), form.errors


@pytest.mark.parametrize("typed", ["0", "6", "10", "18"])
def test_search_tells_that_date_of_birth_and_age_contradict(typed: str) -> None:
    form = search_form(age=typed)
    assert form.errors == {
        "age": ["A child born on 9 April 2017 is 8 now. Correct the date or the age, or empty one of them"]
    }


@pytest.mark.parametrize(
    ("typed", "age"),
    [
        ("about six", 6),
        ("About 6", 6),
        ("6ish", 6),
        ("six-ish", 6),
        ("6 years old", 6),
        ("aged 6", 6),
        ("c. 6", 6),
        ("~6", 6),
        ("6?", 6),
        ("5 or 6", 5),
        ("five or six", 5),
        ("5-6", 5),
        ("around eleven", 11),
        ("0", 0),
        ("zero", 0),
    ],
)
def test_search_takes_an_age_as_people_say_it(typed: str, age: int) -> None:
    form = search_form(age=typed, **NO_DATE)
    assert form.is_valid(), form.errors
    assert form.criteria().age == age


@pytest.mark.parametrize(
    ("day", "month", "year", "known"),
    [("", "", "2017", (2017, None)), ("", "4", "2017", (2017, 4)), ("", "Apr", "2017", (2017, 4))],
)
def test_search_takes_as_much_of_a_date_as_is_known(day: str, month: str, year: str, known: object) -> None:
    form = search_form(date_of_birth_day=day, date_of_birth_month=month, date_of_birth_year=year)
    assert form.is_valid(), form.errors
    asked = form.criteria()
    assert (asked.date_of_birth, (asked.year_of_birth, asked.month_of_birth)) == (None, known)


@pytest.mark.parametrize(
    ("day", "month", "year", "message", "parts"),
    [
        ("", "4", "", "Date of birth must include a year", ("year",)),
        ("9", "", "2017", "Date of birth must include a month", ("month",)),
        ("9", "", "", "Date of birth must include a month and a year", ("month", "year")),
        ("", "13", "2017", "Date of birth must be a real date", ("month",)),
        ("", "", "17", "Year must include 4 numbers", ("year",)),
        ("", "", "1899", "Date of birth must be after 1899", ("year",)),
        ("", "", "2999", "Date of birth must be today or in the past", ("day", "month", "year")),
        ("", "12", "2999", "Date of birth must be today or in the past", ("day", "month", "year")),
    ],
)
def test_search_says_what_is_wrong_with_a_date_in_part(
    day: str, month: str, year: str, message: str, parts: tuple[str, ...]
) -> None:
    form = search_form(date_of_birth_day=day, date_of_birth_month=month, date_of_birth_year=year)
    (error,) = form.errors.as_data()["date_of_birth"]
    assert (error.message, error.params["parts"]) == (message, parts)


@pytest.mark.parametrize(("age", "fits"), [("7", True), ("8", True), ("9", True), ("10", True), ("11", False)])
def test_search_refuses_an_age_that_no_child_of_that_year_has(age: str, fits: bool) -> None:
    year = str(TODAY.year - 9)
    form = search_form(date_of_birth_day="", date_of_birth_month="", date_of_birth_year=year, age=age)
    assert form.is_valid() is fits
    if not fits:
        assert_plain(form, "age")


def test_search_by_one_name_and_a_year_alone_is_too_thin() -> None:
    form = search_form(family_name="", date_of_birth_day="", date_of_birth_month="")
    assert not form.is_valid()
