"""The three-box date: what it takes, what it refuses, and what it says."""

import time
from datetime import date, timedelta
from typing import Any

import pytest
from django import forms
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from pages.form_fields import DateField, in_sentence, wrong_boxes

MOST_SENT = 256 * 1024  # bytes: DATA_UPLOAD_MAX_MEMORY_SIZE
MOST_SECONDS = 3.0  # many times what it takes; the square of that length takes minutes


class BirthForm(forms.Form):
    born = DateField(label="Date of birth")


class PlanForm(forms.Form):
    starts = DateField(label="Start date", future=True, required=False)


def typed(day: str, month: str, year: str) -> BirthForm:
    return BirthForm({"born_day": day, "born_month": month, "born_year": year})


@pytest.mark.parametrize(
    "boxes",
    [
        ("4", "3", "2019"),
        ("04", "03", "2019"),
        (" 4 ", "March", "2019"),
        ("4", "mar", "2019"),
        ("4", "Mar.", "2019"),
        ("4/3/2019", "", ""),
        ("4 March 2019", "", ""),
        ("4-3-2019", "", ""),
    ],
)
def test_accepts_what_a_hurried_person_types(boxes: tuple[str, str, str]) -> None:
    form = typed(*boxes)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["born"] == date(2019, 3, 4)


@pytest.mark.parametrize(
    ("boxes", "message", "wrong"),
    [
        (("", "", ""), "Enter date of birth", ("day", "month", "year")),
        (("4", "3", ""), "Date of birth must include a year", ("year",)),
        (("", "", "2019"), "Date of birth must include a day and a month", ("day", "month")),
        (("4", "3", "19"), "Year must include 4 numbers", ("year",)),
        (("31", "2", "2019"), "Date of birth must be a real date", ("day",)),
        (("0", "13", "2019"), "Date of birth must be a real date", ("month",)),
        (("3/25/2019", "", ""), "Date of birth must be a real date. Enter the day before the month", ("day", "month")),
        (("3.4.15", "", ""), "Year must include 4 numbers", ("year",)),
        (("15-04-03", "", ""), "Year must include 4 numbers", ("year",)),
        (("31 February 2019", "", ""), "Date of birth must be a real date", ("day",)),
        (("3 Octember 2019", "", ""), "Date of birth must be a real date", ("month",)),
        (
            ("2019-03-04T23:00:00Z", "", ""),
            "Date of birth must be a day, month and year, without a time of day",
            ("day",),
        ),
        (("4", "5", "4/3/2019"), "Date of birth must be in one box or in three. Empty the other boxes", ("year",)),
        (("4", "2019-03-04", ""), "Date of birth must be in one box or in three. Empty the other boxes", ("month",)),
        (("four", "3", "2019"), "Date of birth must be a real date", ("day",)),
        (("4", "ma", "2019"), "Date of birth must be a real date", ("month",)),
        (("4", "3", "1066"), "Date of birth must be after 1899", ("year",)),
        (("4", "3", "٢٠١٩"), "Date of birth must be a real date", ("year",)),
        (("4\x00", "3", "2019"), "Date of birth must be a real date", ("day",)),
        (("9" * 500, "3", "2019"), "Date of birth must be a real date", ("day",)),
    ],
)
def test_says_what_is_wrong_and_where(boxes: tuple[str, str, str], message: str, wrong: tuple[str, ...]) -> None:
    form = typed(*boxes)
    assert form.errors["born"] == [message]
    assert wrong_boxes(form["born"]) == wrong


WHOLE = [
    *(
        "03/04/2015",
        "3.4.2015",
        "3-4-2015",
        "3 4 2015",
        "03\\04\\2015",
        "3, 4, 2015",
        "3 / 4 / 2015",
        "3–4–2015",
        "3‑4‑2015",
    ),
    *(
        "3 April 2015",
        "3rd April 2015",
        "3rd of April 2015",
        "03 APR 2015",
        "3-Apr-2015",
        "03Apr2015",
        "3 April, 2015.",
    ),
    *("Friday 3 April 2015", "Fri, 3 Apr 2015", "April 3, 2015", "Apr 3 2015", "Apr. 3rd, 2015"),
    *("2015-04-03", "2015/4/3", "2015.04.03", "2015 April 3", "20150403", "03042015", "\u200e2015-04-03\u200f"),
    *("2015-04-03T00:00:00", "2015-04-03T00:00:00.000Z", "2015-04-03T00:00:00+01:00", "2015-04-03 00:00"),
    *("03/04/2015 00:00:00", "03/04/2015 12:00:00 AM", "２０１５-０４-０３", "3\u00a0April\u00a02015"),
]


@pytest.mark.parametrize("box", range(3))
@pytest.mark.parametrize("text", WHOLE)
def test_accepts_a_whole_date_in_any_box_and_shows_it_in_three(text: str, box: int) -> None:
    boxes = ["", "", ""]
    boxes[box] = text
    form = typed(*boxes)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["born"] == date(2015, 4, 3)
    shown = form["born"].value()
    assert (int(shown[0]), shown[1].lower()[:3].lstrip("0"), shown[2]) in {(3, "4", "2015"), (3, "apr", "2015")}


def test_accepts_one_whole_date_pasted_into_every_box() -> None:
    form = typed("3/4/2015", "3/4/2015", "3/4/2015")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["born"] == date(2015, 4, 3)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2020, 1, 1)), st.sampled_from(range(3)))
def test_eight_digits_are_read_in_one_way(day: date, box: int) -> None:
    for written in (f"{day:%Y%m%d}", f"{day:%d%m%Y}", f"{day:%d/%m/%Y}"):
        boxes = ["", "", ""]
        boxes[box] = written
        form = typed(*boxes)
        assert form.is_valid(), written
        assert form.cleaned_data["born"] == day


def test_whole_date_with_a_mistake_comes_back_in_its_boxes() -> None:
    assert typed("", "3.4.15", "")["born"].value() == ["3", "4", "15"]


def test_what_is_no_whole_date_comes_back_where_it_was_typed() -> None:
    assert typed("4", "2019-03-04", "")["born"].value() == ["4", "2019-03-04", ""]


def test_refuses_tomorrow_unless_it_may_come() -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    parts = {"day": str(tomorrow.day), "month": str(tomorrow.month), "year": str(tomorrow.year)}
    assert typed(**parts).errors["born"] == ["Date of birth must be today or in the past"]
    plan = PlanForm({f"starts_{part}": text for part, text in parts.items()})
    assert plan.is_valid()
    assert plan.cleaned_data["starts"] == tomorrow


def test_empty_is_none_when_not_required() -> None:
    form = PlanForm({})
    assert form.is_valid()
    assert form.cleaned_data["starts"] is None


def test_shows_what_was_typed_again_and_what_was_known() -> None:
    assert typed("31", "Feb", "2019")["born"].value() == ["31", "Feb", "2019"]
    assert 'value="2019"' in str(BirthForm(initial={"born": date(2019, 3, 4)})["born"])


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2020, 1, 1)))
def test_every_real_day_comes_back(day: date) -> None:
    form = typed(str(day.day), str(day.month), str(day.year))
    assert form.is_valid()
    assert form.cleaned_data["born"] == day


@given(st.tuples(st.text(), st.text(), st.text()))
def test_no_text_breaks_it(boxes: tuple[str, str, str]) -> None:
    form = typed(*boxes)
    form.is_valid()
    str(form["born"])
    assert isinstance(form.cleaned_data.get("born", date.min), date)


# Of each pattern, what it may start to match at every place and never finish.
@pytest.mark.parametrize(
    "repeated", ["T", ",", " ", "T ", "1st ", "1:", "0", "a1", "-", "Mon", "1:11:11.", "\u200b", "é "]
)
def test_date_of_any_length_is_refused_at_once(repeated: str) -> None:
    """As much as one request may send takes no longer than its length: patterns would take its square, for minutes."""
    text = repeated * (MOST_SENT // len(repeated.encode()))
    for ending in ("", "1:11", "x"):
        form = typed(text + ending, "3", "2019")
        began = time.perf_counter()
        assert not form.is_valid()
        str(form["born"])
        assert time.perf_counter() - began < MOST_SECONDS


@pytest.mark.parametrize(
    ("label", "inside"),
    [("Date of birth", "date of birth"), ("NHS number", "NHS number"), ("A mistake", "a mistake"), ("", "")],
)
def test_label_inside_a_sentence(label: Any, inside: str) -> None:
    assert in_sentence(label) == inside
