"""From a record back to the results that led to it."""

import re

import pytest
from django.urls import reverse

from audit.events import EventKind
from audit.reasons import Reason
from registry.views import state
from tests.integration.registry.people import AddChildren, Town, full_draft
from tests.integration.registry.visiting import Visitor, age_reasons, kinds, text_of
from tests.log import events


@pytest.fixture
def teacher(town: Town) -> Visitor:
    return Visitor(town.teacher)


def back_link(page: str) -> str:
    """Where the link at the top of the page leads."""
    (link,) = re.findall(r'href="([^"]*)" class="govuk-back-link"', page)
    return str(link)


def test_record_leads_back_to_the_results_that_led_to_it(town: Town, teacher: Visitor, add: AddChildren) -> None:
    (child,) = add(full_draft(town))
    ((results, _status),) = (response := teacher.search()).redirect_chain
    ((other, _status),) = teacher.search(number="943 476 5919").redirect_chain
    assert other != results
    (link,) = re.findall(r'href="(/record/[^"]*)"', text_of(response))
    assert back_link(text_of(teacher.get(link))) == results
    unanswered = text_of(teacher.post(link, reason=""))
    assert back_link(unanswered) == results
    record = teacher.follow(link, reason=Reason.SAFEGUARDING.value)
    assert back_link(text_of(record)) == results
    ((address, _status),) = record.redirect_chain
    assert back_link(text_of(teacher.get(address))) == results
    before = kinds()
    page = text_of(teacher.get(results))
    assert "1 child found" in page
    assert kinds() == [*before, EventKind.CHILD_SEARCHED, EventKind.CHILD_LISTED]
    assert events(kind=EventKind.CHILD_LISTED)[-1].shown == [child.pk]


def test_record_leads_back_when_the_reason_was_asked_for_again(town: Town, teacher: Visitor, add: AddChildren) -> None:
    add(full_draft(town))
    ((results, _status),) = (response := teacher.search()).redirect_chain
    (link,) = re.findall(r'href="(/record/[^"]*)"', text_of(response))
    ((address, _status),) = teacher.follow(link, reason=Reason.SAFEGUARDING.value).redirect_chain
    age_reasons(teacher, state.REASON_HOLDS)
    assert back_link(text_of(teacher.get(teacher.get(address).url))) == results


def test_record_leads_to_a_new_search_once_the_results_are_gone(town: Town, teacher: Visitor, add: AddChildren) -> None:
    add(full_draft(town))
    response = teacher.search()
    (link,) = re.findall(r'href="(/record/[^"]*)"', text_of(response))
    ((address, _status),) = teacher.follow(link, reason=Reason.SAFEGUARDING.value).redirect_chain
    for _ in range(state.SEARCHES_KEPT):
        teacher.search(number="943 476 5919")
    assert back_link(text_of(teacher.get(address))) == reverse("search")
    assert back_link(text_of(teacher.get(link))) == reverse("search")
    assert teacher.browser.session["desk"][state.WAYS] == {}


@pytest.mark.parametrize("trail", ["", "x", "\x00", "%FF", "9" * 500, "00000000-0000-0000-0000-000000000000"])
def test_results_that_were_not_this_session_are_no_way_back(
    town: Town, teacher: Visitor, add: AddChildren, trail: str
) -> None:
    add(full_draft(town))
    page = reverse("open_record", args=[teacher.reference()])
    assert back_link(text_of(teacher.browser.get(page, {"results": trail}))) == reverse("search")
    assert not teacher.browser.session["desk"].get(state.WAYS)


def test_record_asked_for_from_elsewhere_does_not_lead_to_results(
    town: Town, teacher: Visitor, add: AddChildren
) -> None:
    add(full_draft(town))
    (link,) = re.findall(r'href="(/record/[^"]*)"', text_of(teacher.search()))
    teacher.follow(link, reason=Reason.SAFEGUARDING.value)
    (again,) = re.findall(r'href="(/record/[^"]*)"', text_of(teacher.get(reverse("my_history"))))
    assert back_link(text_of(teacher.get(again))) == reverse("search")
