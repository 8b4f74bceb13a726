"""What may be typed: good values are put in one way of writing; bad ones get plain words next to their field.

No message repeats what was typed, and nothing of it reaches a log.
"""

import logging
from datetime import date, timedelta

import pytest
from django import forms
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from access.models import Organisation, OrganisationKind
from audit.reasons import Reason
from registry.actions.involvements import Entry
from registry.forms import EndForm, InvolvementForm, ReasonForm, SearchForm
from registry.policies import SERVICES_OF, services_of
from registry.vocabulary import SENSITIVE_SERVICES, Gender, SensitiveBasis, Service
from tests.unit.registry.values import NHS_NUMBER, OWN_NUMBER, PUPIL_NUMBER, TODAY, criteria

Data = dict[str, str]

LONG = "abcde" * 100
RIGHT_TO_LEFT = "\u202eelo\u202c"
# What nobody should be told in: the words of a programmer.
TECHNICAL = ("null", "ensure this value", "invalid", "regex", "required.", "none", "value")

SEARCH: Data = {
    "given_name": "Amina",
    "family_name": "Hussain",
    "date_of_birth_day": "9",
    "date_of_birth_month": "4",
    "date_of_birth_year": "2017",
}
INVOLVEMENT: Data = {
    "practitioner": "Sam Okoro",
    "telephone": "0161 496 0000",
    "started_on_day": "1",
    "started_on_month": "2",
    "started_on_year": "2025",
    "lead": "no",
}


def search_form(**changes: str) -> SearchForm:
    return SearchForm(SEARCH | changes, today=TODAY)


def involvement_form(*, kind: OrganisationKind = OrganisationKind.SCHOOL, **changes: str) -> InvolvementForm:
    data = {name: value for name, value in (INVOLVEMENT | changes).items() if value != "(left out)"}
    return InvolvementForm(data, organisation=Organisation(kind=kind))


def assert_plain(form: forms.Form, field: str, typed: str = "") -> None:
    """One message or more stands at `field` alone, in plain words, and repeats nothing that was typed."""
    assert list(form.errors) == [field]
    for message in map(str, form.errors[field]):
        assert message[0].isupper()
        assert "\0" not in message
        assert not any(word in message.lower() for word in TECHNICAL), message
        assert len(typed) < 4 or typed.strip().lower() not in message.lower()


# ---------------------------------------------------------------------------------------------------- search


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


BAD_NAMES = [
    LONG,
    "Amina😀",
    "😀",
    RIGHT_TO_LEFT,
    "Am\x00ina",
    "\x00\x00\x00\x00",
    "Am%",
    "Am*na",
    "Am_na",
    "Am?na",
    "Amina7",
    "2017",
    "<script>",
    "Amina; drop table",
    "---",
    "...",
    "Am\u200bina",
    "\ud800",
]


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
        "M3 3",
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


@pytest.mark.parametrize("typed", ["M33", "m33 4ab", " M334AB ", "SW1A 1AA"])
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


@given(st.dictionaries(st.sampled_from([*SEARCH, "age", "postcode", "gender", "number"]), st.text(max_size=30)))
@settings(deadline=None)
def test_search_of_anything_is_criteria_or_a_message(data: Data) -> None:
    form = SearchForm(data, today=TODAY)
    if form.is_valid():
        assert form.criteria().is_enough()
    else:
        assert form.errors


def test_search_that_fails_leaves_nothing_in_a_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        assert not search_form(given_name="Zebulon7", postcode="QQQQQQ", number="4444444444", age="777").is_valid()
    assert caplog.text == ""


# ---------------------------------------------------------------------------------------------------- reason


def test_reason_is_of_the_closed_list() -> None:
    for reason in Reason:
        form = ReasonForm({"reason": reason.value})
        assert form.is_valid(), form.errors


@pytest.mark.parametrize("typed", ["", "curiosity", "S11", LONG, "\x00", "😀"])
def test_reason_that_is_not_offered_is_refused(typed: str) -> None:
    assert list(ReasonForm({"reason": typed}).errors) == ["reason"]


# ----------------------------------------------------------------------------------------------- involvement


def test_involvement_takes_what_was_entered() -> None:
    form = involvement_form(lead="yes")
    assert form.is_valid(), form.errors
    assert form.entry() == Entry(
        service=Service.SCHOOL,
        practitioner="Sam Okoro",
        telephone="+441614960000",
        started_on=date(2025, 2, 1),
        lead=True,
    )


@pytest.mark.parametrize("kind", OrganisationKind)
def test_involvement_offers_the_services_of_that_kind_of_organisation(kind: OrganisationKind) -> None:
    services = services_of(Organisation(kind=kind))
    form = involvement_form(kind=kind, service=services[0].value, basis=SensitiveBasis.CONSENT_OF_CHILD.value)
    assert form.is_valid(), form.errors
    assert form.entry().service == services[0]
    offered = [value for value, _label in getattr(form.fields.get("service"), "choices", [])]
    assert offered == ([] if len(services) == 1 else [service.value for service in services])


@pytest.mark.parametrize("kind", OrganisationKind)
def test_involvement_asks_for_a_basis_where_and_only_where_the_service_is_sensitive(kind: OrganisationKind) -> None:
    services = services_of(Organisation(kind=kind))
    form = involvement_form(kind=kind, service=services[0].value)
    sensitive = services[0] in SENSITIVE_SERVICES
    assert form.is_valid() is not sensitive
    if sensitive:
        assert_plain(form, "basis")
    else:
        assert form.entry().basis is None
    # A form asks for the basis of all its services or of none.
    assert sensitive is all(service in SENSITIVE_SERVICES for service in services)
    assert sensitive is any(service in SENSITIVE_SERVICES for service in services)


@pytest.mark.parametrize("kind", [OrganisationKind.SCHOOL, OrganisationKind.AUTHORITY, OrganisationKind.HOSPITAL])
def test_involvement_of_another_kind_of_organisation_cannot_be_slipped_in(kind: OrganisationKind) -> None:
    form = involvement_form(kind=kind, service=Service.POLICE.value, basis=SensitiveBasis.CONSENT_OF_CHILD.value)
    assert not form.is_valid() or form.entry().service in services_of(Organisation(kind=kind))


def test_every_service_can_be_recorded_by_somebody() -> None:
    assert {service for services in SERVICES_OF.values() for service in services} == set(Service)
    assert set(SERVICES_OF) == set(OrganisationKind)


@pytest.mark.parametrize("typed", [*BAD_NAMES, ""])
def test_involvement_refuses_what_is_no_practitioner(typed: str) -> None:
    assert_plain(involvement_form(practitioner=typed), "practitioner", typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "999",
        "12",
        "123456",  # rings only inside its own town
        "9" * 30,
        LONG,
        "Ring mother first",
        "0161 496 0000; beware",
        "😀",
        "0161\x00",
        RIGHT_TO_LEFT,
        "-1",
        "%",
    ],
)
def test_involvement_refuses_what_is_no_telephone_number(typed: str) -> None:
    assert_plain(involvement_form(telephone=typed), "telephone", typed)


@pytest.mark.parametrize("typed", ["0161 496 0000", "+44 161 496 0000", "(0161) 496-0000", "01614960000"])
def test_involvement_keeps_a_telephone_number_in_one_way_of_writing(typed: str) -> None:
    form = involvement_form(telephone=typed)
    assert form.is_valid(), form.errors
    assert form.entry().telephone == "+441614960000"


def test_involvement_cannot_start_tomorrow() -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    form = involvement_form(
        started_on_day=str(tomorrow.day), started_on_month=str(tomorrow.month), started_on_year=str(tomorrow.year)
    )
    assert_plain(form, "started_on")


@pytest.mark.parametrize(
    ("field", "typed"),
    [("lead", ""), ("lead", "perhaps"), ("lead", "(left out)"), ("lead", LONG), ("basis", "because"), ("basis", "")],
)
def test_involvement_refuses_a_choice_that_is_not_offered(field: str, typed: str) -> None:
    good = {"basis": SensitiveBasis.SIGNIFICANT_HARM.value}
    form = involvement_form(kind=OrganisationKind.MENTAL_HEALTH, **good | {field: typed})
    assert list(form.errors) == [field]
    assert len(form.errors[field]) == 1


def test_involvement_that_fails_leaves_nothing_in_a_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        assert not involvement_form(practitioner="Zebulon7", telephone="44444").is_valid()
    assert caplog.text == ""


# ------------------------------------------------------------------------------------------------------- end


def end_form(day: str, month: str, year: str) -> EndForm:
    data = {"ended_on_day": day, "ended_on_month": month, "ended_on_year": year}
    return EndForm(data, started_on=date(2025, 2, 1))


@pytest.mark.parametrize("day", ["1", "2", "28"])
def test_end_is_the_day_it_started_or_later(day: str) -> None:
    form = end_form(day, "2", "2025")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["ended_on"] == date(2025, 2, int(day))


@pytest.mark.parametrize(
    ("day", "month", "year"),
    [
        ("31", "1", "2025"),
        ("1", "1", "2099"),
        ("", "", ""),
        ("30", "2", "2025"),
        (LONG, "2", "2025"),
        ("😀", "\x00", "%"),
    ],
)
def test_end_refuses_any_other_day(day: str, month: str, year: str) -> None:
    assert_plain(end_form(day, month, year), "ended_on", day)


def test_end_before_start_is_told_when_it_started() -> None:
    assert end_form("31", "1", "2025").errors["ended_on"] == [
        "End date must be the same as or after 1 February 2025, when it started"
    ]


anything = st.text(max_size=40)


@given(anything, anything, anything, anything)
@settings(deadline=None)
def test_involvement_of_anything_is_an_entry_or_a_message(name: str, number: str, day: str, service: str) -> None:
    form = involvement_form(
        kind=OrganisationKind.AUTHORITY, practitioner=name, telephone=number, started_on_day=day, service=service
    )
    assert form.errors or form.entry()
