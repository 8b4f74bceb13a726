"""Search, results, reason and record, as a browser meets them."""

import logging
import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.events import EventKind
from audit.reasons import Reason
from registry.views import state
from tests.integration.registry.people import AddChildren, Town, draft, full_draft, numbers
from tests.integration.registry.test_open_record import MOST_STATEMENTS, TRANSACTION
from tests.integration.registry.visiting import (
    SEARCH,
    Visitor,
    age_reasons,
    assert_plain_refusal,
    kinds,
    main_of,
    text_of,
    timeless,
)
from tests.log import events

SHIELDED_SINCE = date(2026, 1, 5)


@pytest.fixture
def teacher(town: Town) -> Visitor:
    return Visitor(town.teacher)


def test_whole_way_from_search_to_record(town: Town, teacher: Visitor, add: AddChildren) -> None:
    add(full_draft(town))
    results = text_of(teacher.search())
    assert "1 child found" in results
    assert "same date of birth" in results
    reference = teacher.reference()
    asked = text_of(teacher.get(reverse("open_record", args=[reference])))
    assert "Why do you need to open this record?" in asked
    record = text_of(teacher.give_reason(reference))
    for shown in ("Amina Hussain", "Sam Okoro", "0161 496 0000", "Hidden Lane", "Farah Hussain", "Amina Malik"):
        assert shown in record
    assert "A sensitive service is involved" in record
    assert "Wanda Secret" not in record
    assert town.clinic.name not in record
    assert Reason.SAFEGUARDING.label.split("’")[0][:20] in record.replace("&#39;", "'")
    assert kinds() == [
        EventKind.CHILD_SEARCHED,
        EventKind.CHILD_LISTED,
        EventKind.CHILD_SEARCHED,
        EventKind.CHILD_LISTED,
        EventKind.CHILD_SHOWN,
        EventKind.CHILD_OPENED,
    ]


def test_record_page_asks_the_database_few_times(town: Town, teacher: Visitor, add: AddChildren) -> None:
    """Session, user and vetting included."""
    add(full_draft(town))
    page = reverse("record", args=[teacher.opened()])
    with CaptureQueriesContext(connection) as captured:
        assert teacher.get(page).status_code == 200
    statements = [query["sql"] for query in captured if not query["sql"].startswith(TRANSACTION)]
    assert len(statements) <= MOST_STATEMENTS, "\n".join(statements)


def test_no_address_names_a_child_or_what_was_typed(town: Town, teacher: Visitor, add: AddChildren) -> None:
    (child,) = add(full_draft(town))
    response = teacher.search()
    (address, _status), *_rest = response.redirect_chain
    for page in (address, *re.findall(r'href="([^"]*)"', text_of(response))):
        for value in ("Amina", "Hussain", "2017", child.number.open()):
            assert value not in page
        assert not re.search(rf"\b{child.pk}\b", page)


def test_results_shown_again_are_recorded_again_in_one_trail(town: Town, teacher: Visitor, add: AddChildren) -> None:
    (child,) = add(full_draft(town))
    ((address, _status),) = teacher.search().redirect_chain
    assert "1 child found" in text_of(teacher.get(address))
    first, second = events(kind=EventKind.CHILD_LISTED)
    assert first.shown == second.shown == [child.pk]
    assert len({event.trail for event in (first, second, *events(kind=EventKind.CHILD_SEARCHED))}) == 1


def test_results_of_another_session_ask_anew(town: Town, teacher: Visitor, add: AddChildren) -> None:
    add(full_draft(town))
    ((address, _status),) = teacher.search().redirect_chain
    answer = Visitor(town.social_worker).get(address)
    assert (answer.status_code, answer.url) == (302, reverse("search"))


def test_results_of_the_last_ten_searches_are_kept(town: Town, teacher: Visitor, add: AddChildren) -> None:
    add(full_draft(town))
    addresses = [teacher.post(reverse("search"), **SEARCH).url for _ in range(11)]
    assert teacher.get(addresses[0]).url == reverse("search")
    assert all(teacher.get(address).status_code == 200 for address in addresses[1:])


def test_results_too_many_say_what_would_help(town: Town, teacher: Visitor, add: AddChildren) -> None:
    add(*(draft(town, given=given) for given in ("Amina", "Aisha", "Alia", "Asma", "Ayan", "Adam") * 2))
    typed = {name: value for name, value in SEARCH.items() if name != "given_name"}
    page = text_of(teacher.search(**typed))
    assert "Too many children match" in page
    assert "Add the given name to narrow the search." in page
    assert "/reason/" not in page


def test_results_put_the_typed_values_back_in_the_form(town: Town, teacher: Visitor) -> None:
    page = text_of(teacher.search(**SEARCH, postcode="m334ab", age="8", gender="female"))
    for value in ("Amina", "Hussain", "2017", "M33 4AB"):
        assert f'value="{value}"' in page


@pytest.mark.parametrize(
    ("month", "told"), [("", "<dd>\n          2017\n"), ("4", "<dd>\n          April 2017\n")], ids=["year", "month"]
)
def test_results_of_a_date_in_part_say_so_and_put_it_back(
    town: Town, teacher: Visitor, add: AddChildren, month: str, told: str
) -> None:
    add(full_draft(town))
    page = text_of(teacher.search(**SEARCH | {"date_of_birth_day": "", "date_of_birth_month": month}))
    assert told in page
    (change,) = re.findall(r'href="(/search/[^"]*/change/)"', page)
    form = text_of(teacher.get(change))
    assert 'value="2017"' in form
    assert ('value="4"' in form) is bool(month)


def test_search_that_found_somebody_can_be_changed_a_page_away(town: Town, teacher: Visitor, add: AddChildren) -> None:
    add(full_draft(town))
    response = teacher.search()
    assert "<form" not in main_of(response)
    (change,) = re.findall(r'href="(/search/[^"]*/change/)"', text_of(response))
    page = text_of(teacher.get(change))
    for value in ("Amina", "Hussain", "2017"):
        assert f'value="{value}"' in page
    answer = Visitor(town.social_worker).get(change)
    assert (answer.status_code, answer.url) == (302, reverse("search"))


def test_results_escape_what_a_name_may_hold(town: Town, teacher: Visitor) -> None:
    page = text_of(teacher.search(**SEARCH | {"family_name": "O'Brien"}))
    assert "O'Brien" not in page.replace("&#39;", "")
    assert "O&#39;Brien" in page


# -------------------------------------------------------------------------------------------------- shielded


HIDDEN = [
    {"family_name": "Hussain", "postcode": "M33 4AB"},
    {**SEARCH, "postcode": "M33 4AB"},
    {**SEARCH, "postcode": "M33"},
    {"number": "943 476 5919"},
    {"number": "H801200001001"},
    {**SEARCH, "number": "943 476 5919"},
]


@pytest.mark.parametrize("typed", HIDDEN)
def test_results_by_a_hidden_field_are_the_page_of_no_child(
    town: Town, teacher: Visitor, add: AddChildren, typed: dict[str, str]
) -> None:
    add(draft(town, given="Oliver", family="Abbott", date_of_birth=date(2010, 1, 5)))
    before = teacher.search(**typed)
    add(draft(town, numbers=numbers(), shielded_since=SHIELDED_SINCE))
    after = teacher.search(**typed)
    assert "No child found" in text_of(after)
    assert timeless(after) == timeless(before)


def test_results_show_a_shielded_child_without_a_place(town: Town, teacher: Visitor, add: AddChildren) -> None:
    add(full_draft(town, shielded_since=SHIELDED_SINCE))
    page = text_of(teacher.search())
    assert "1 child found" in page
    assert "Protected" in page
    for hidden in ("Sale", "M33"):
        assert hidden not in page.replace("like M33", "")


def test_record_of_a_shielded_child_shows_four_facts_and_whom_to_ring(
    town: Town, teacher: Visitor, add: AddChildren
) -> None:
    (child,) = add(full_draft(town, shielded_since=SHIELDED_SINCE))
    page = text_of(teacher.give_reason(teacher.reference()))
    assert "This child’s details are protected" in page
    assert "Amina Hussain" in page
    hidden = ("Malik", "Mina ", "Hidden Lane", "M33", "Sale", "Farah", "Sam Okoro", "9434765919", town.practice.name)
    for each in (*hidden, town.police.name, town.clinic.name, "sensitive", "assessment", "involvements/new"):
        assert each not in page
    assert child.number.open()[:5] in page


# ---------------------------------------------------------------------------------------------------- reason


def test_record_without_a_reason_asks_for_one(town: Town, teacher: Visitor, add: AddChildren) -> None:
    add(full_draft(town))
    reference = teacher.reference()
    answer = teacher.get(reverse("record", args=[reference]))
    assert (answer.status_code, answer.url) == (302, reverse("open_record", args=[reference]))
    assert EventKind.CHILD_OPENED not in kinds()


@pytest.mark.parametrize("typed", ["", "curiosity", "x" * 500, "\x00"])
def test_record_with_no_reason_of_the_list_stays_shut(
    town: Town, teacher: Visitor, add: AddChildren, typed: str
) -> None:
    add(full_draft(town))
    page = teacher.follow(reverse("open_record", args=[teacher.reference()]), reason=typed)
    assert page.status_code == 200
    assert "There is a problem" in text_of(page)
    assert EventKind.CHILD_OPENED not in kinds()


def test_record_asks_for_the_reason_again_after_half_an_hour(town: Town, teacher: Visitor, add: AddChildren) -> None:
    add(full_draft(town))
    reference = teacher.opened()
    page = reverse("record", args=[reference])
    assert teacher.get(page).status_code == 200
    age_reasons(teacher, state.REASON_HOLDS - timedelta(seconds=30))
    assert teacher.get(page).status_code == 200
    age_reasons(teacher, timedelta(seconds=30))
    assert teacher.get(page).url == reverse("open_record", args=[reference])
    assert kinds().count(EventKind.CHILD_OPENED) == 3


def test_reason_holds_for_one_child(town: Town, teacher: Visitor, add: AddChildren) -> None:
    add(full_draft(town), draft(town))
    first, second = (teacher.reference(place) for place in (0, 1))
    teacher.give_reason(first)
    assert teacher.get(reverse("record", args=[second])).status_code == 302


def test_record_opened_again_is_recorded_again(town: Town, teacher: Visitor, add: AddChildren) -> None:
    add(full_draft(town))
    reference = teacher.opened()
    for _ in range(2):
        teacher.get(reverse("record", args=[reference]))
    assert kinds().count(EventKind.CHILD_OPENED) == 3


def test_mediator_may_open_and_not_record(town: Town, add: AddChildren) -> None:
    add(full_draft(town))
    mediator = Visitor(town.mediator)
    mediator.take_call(town.colleague)
    reference = mediator.opened()
    assert "involvements/new" not in text_of(mediator.get(reverse("record", args=[reference])))
    assert_plain_refusal(mediator.get(reverse("record_involvement", args=[reference])), 403)


def test_administrator_may_neither_search_nor_open(town: Town, add: AddChildren) -> None:
    add(full_draft(town))
    reference = Visitor(town.teacher).reference()
    administrator = Visitor(town.administrator)
    assert_plain_refusal(administrator.get(reverse("search")), 403)
    assert_plain_refusal(administrator.post(reverse("search"), **SEARCH), 403)
    assert_plain_refusal(administrator.get(reverse("open_record", args=[reference])), 403)


def test_bad_search_says_so_next_to_each_field_and_in_no_log(
    town: Town, teacher: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    typed = {
        "given_name": "Zebulon😀",
        "family_name": "Zebulon*",
        "date_of_birth_day": "31",
        "date_of_birth_month": "2",
        "date_of_birth_year": "2017",
        "age": "-4444",
        "postcode": "QQZEBULON",
        "number": "4444444445",
    }
    with caplog.at_level(logging.DEBUG):
        response = teacher.post(reverse("search"), **typed)
    page = text_of(response)
    assert response.status_code == 200
    assert page.partition("</main>")[0].count('class="govuk-error-message"') == 6
    assert "There is a problem" in page
    assert "Zebulon" not in caplog.text
    assert "4444" not in caplog.text
    assert kinds() == []


@pytest.mark.parametrize("typed", ["Am\x00ina", "x" * 500, "%", "\ud800", "<script>alert(1)</script>"])
@pytest.mark.parametrize("field", [*SEARCH, "age", "postcode", "number", "gender"])
def test_search_with_junk_in_any_field_is_a_page(town: Town, teacher: Visitor, field: str, typed: str) -> None:
    typed = typed.encode("utf-8", "replace").decode()
    response = teacher.post(reverse("search"), **SEARCH | {field: typed})
    assert response.status_code == 200
    assert "There is a problem" in text_of(response)
    assert "<script>alert" not in text_of(response)
