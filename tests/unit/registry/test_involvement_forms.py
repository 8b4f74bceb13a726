"""What may be typed of a reason and an involvement. Messages and logs as for the search form."""

import logging
from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from access.models import Organisation, OrganisationKind
from audit.reasons import Mistake, Reason
from registry.actions.involvements import Entry
from registry.forms.involvements import EndForm, InvolvementForm, WithdrawalForm
from registry.forms.opening import ReasonForm
from registry.policies.records import SERVICES_OF, services_of
from registry.rules.service_days import Life
from registry.vocabulary import SENSITIVE_SERVICES, Service
from tests.unit.registry.typing_errors import BAD_NAMES, LONG, RIGHT_TO_LEFT, assert_plain

Data = dict[str, str]

INVOLVEMENT: Data = {
    "practitioner": "Sam Okoro",
    "telephone": "0161 496 0000",
    "started_on_day": "1",
    "started_on_month": "2",
    "started_on_year": "2025",
    "lead": "no",
}


LIVING = Life(date(2017, 4, 9))


def involvement_form(
    *, kind: OrganisationKind = OrganisationKind.SCHOOL, life: Life = LIVING, **changes: str
) -> InvolvementForm:
    data = {name: value for name, value in (INVOLVEMENT | changes).items() if value != "(left out)"}
    return InvolvementForm(data, organisation=Organisation(kind=kind), life=life)


def test_reason_is_of_the_closed_list() -> None:
    for reason in Reason:
        form = ReasonForm({"reason": reason.value})
        assert form.is_valid(), form.errors


@pytest.mark.parametrize("typed", ["", "curiosity", "S11", LONG, "\x00", "😀"])
def test_reason_that_is_not_offered_is_refused(typed: str) -> None:
    assert_plain(ReasonForm({"reason": typed}), "reason", typed)


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
    form = involvement_form(kind=kind, service=services[0].value)
    assert form.is_valid(), form.errors
    assert form.entry().service == services[0]
    offered = [value for value, _label in getattr(form.fields.get("service"), "choices", [])]
    assert offered == ([] if len(services) == 1 else [service.value for service in services])


@pytest.mark.parametrize("kind", [OrganisationKind.SCHOOL, OrganisationKind.AUTHORITY, OrganisationKind.HOSPITAL])
def test_involvement_of_another_kind_of_organisation_cannot_be_slipped_in(kind: OrganisationKind) -> None:
    form = involvement_form(kind=kind, service=Service.POLICE.value)
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


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("496 0000", "Telephone number must include the area code, like 0161 496 0000"),
        ("0161 496 000", "Enter a telephone number, like 0161 496 0000 or 07700 900 982"),
        ("0800 FLOWERS", "Telephone number must only include numbers"),
        ("101", "Enter the service’s own number with its area code"),
        ("0161 496 0000 ext", "Extension must be 1 to 5 numbers"),
        (
            "0161 496 0000, 4960001",
            "Enter one telephone number. Write an extension like this: 0161 496 0000 extension 23",
        ),
        ("0161 496 0000 " + "extension 23" * 4, "Enter a telephone number, like 0161 496 0000 or 07700 900 982"),
    ],
)
def test_involvement_says_what_to_do_about_a_telephone_number(typed: str, told: str) -> None:
    (message,) = involvement_form(telephone=typed).errors["telephone"]
    assert message.startswith(told)


def test_involvement_keeps_the_extension() -> None:
    form = involvement_form(telephone="0161 496 0000 ext 23")
    assert form.is_valid(), form.errors
    assert form.entry().telephone == "+441614960000;ext=23"


def test_involvement_cannot_start_tomorrow() -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    form = involvement_form(
        started_on_day=str(tomorrow.day), started_on_month=str(tomorrow.month), started_on_year=str(tomorrow.year)
    )
    assert_plain(form, "started_on")


@pytest.mark.parametrize(
    ("field", "typed"),
    [("lead", ""), ("lead", "perhaps"), ("lead", "(left out)"), ("lead", LONG)],
)
def test_involvement_refuses_a_choice_that_is_not_offered(field: str, typed: str) -> None:
    form = involvement_form(kind=OrganisationKind.MENTAL_HEALTH, **{field: typed})
    assert_plain(form, field, typed)
    assert len(form.errors[field]) == 1


def test_involvement_that_fails_leaves_nothing_in_a_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        assert not involvement_form(practitioner="Zebulon7", telephone="44444").is_valid()
    assert caplog.text == ""


def end_form(day: str, month: str, year: str, *, life: Life = LIVING, started_on: date = date(2025, 2, 1)) -> EndForm:
    data = {"ended_on_day": day, "ended_on_month": month, "ended_on_year": year}
    return EndForm(data, started_on=started_on, life=life)


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


def test_end_says_in_which_life_it_must_lie() -> None:
    dead = Life(date(2017, 4, 9), died=date(2026, 3, 4))
    assert end_form("5", "3", "2026", life=dead).errors["ended_on"] == [
        "End date must be the same as or before 4 March 2026, when the child died"
    ]
    early = end_form("8", "4", "2017", started_on=date(2017, 1, 1))
    assert early.errors["ended_on"] == ["End date must be the same as or after 9 April 2017, when the child was born"]


@pytest.mark.parametrize(
    ("life", "day", "told"),
    [
        (LIVING, date(2017, 4, 8), "Start date must be the same as or after 9 April 2017, when the child was born"),
        (
            Life(date(2006, 5, 20)),
            date(2024, 5, 20),
            "Start date must be before 20 May 2024, the child’s 18th birthday",
        ),
        (
            Life(date(2015, 1, 2), died=date(2025, 3, 4)),
            date(2025, 3, 5),
            "Start date must be the same as or before 4 March 2025, when the child died",
        ),
    ],
)
def test_start_says_in_which_life_it_must_lie(life: Life, day: date, told: str) -> None:
    typed = {"started_on_day": str(day.day), "started_on_month": str(day.month), "started_on_year": str(day.year)}
    form = involvement_form(life=life, **typed)
    assert form.errors == {"started_on": [told]}


@pytest.mark.parametrize("service", Service)
def test_withdrawal_offers_a_missing_ground_where_one_was_needed(service: Service) -> None:
    offered = {value for value, _label in WithdrawalForm(service=service).fields["mistake"].choices}  # type: ignore[attr-defined]
    assert (Mistake.NO_BASIS.value in offered) is (service in SENSITIVE_SERVICES)
    assert offered | {Mistake.NO_BASIS.value} == set(Mistake.values)


@pytest.mark.parametrize("typed", ["", "no_basis", "curiosity", LONG, "\x00", "😀"])
def test_withdrawal_takes_a_mistake_that_is_offered(typed: str) -> None:
    assert_plain(WithdrawalForm({"mistake": typed}, service=Service.SCHOOL), "mistake", typed)


anything = st.text(max_size=40)


@given(anything, anything, anything, anything)
@settings(deadline=None)
def test_involvement_of_anything_is_an_entry_or_a_message(name: str, number: str, day: str, service: str) -> None:
    form = involvement_form(
        kind=OrganisationKind.AUTHORITY, practitioner=name, telephone=number, started_on_day=day, service=service
    )
    assert form.errors or form.entry()
