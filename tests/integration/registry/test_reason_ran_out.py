"""A reason that ran out while somebody was typing: it is asked for again, and nothing typed is lost."""

import re
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from audit.events import EventKind
from audit.reasons import Mistake, Reason
from registry.models import Child, Involvement
from registry.views import state
from registry.vocabulary import Service
from tests.conftest import as_owner_here
from tests.integration.registry.people import AddChildren, Town, draft, involvement
from tests.integration.registry.test_back_to_results import back_link
from tests.integration.registry.visiting import ANSWERS, Visitor, age_reasons, hidden, text_of
from tests.log import events

ASKED = "Why do you need to open this record?"


@pytest.fixture
def child(town: Town, add: AddChildren) -> Child:
    """A child whose school is known."""
    return add(draft(town, involvements=[(False, involvement(town.school, Service.SCHOOL))]))[0]


@pytest.fixture
def teacher(town: Town, child: Child) -> Visitor:
    return Visitor(town.teacher)


def form_at(route: str, reference: str, child: Child) -> str:
    if route == "record_involvement":
        return reverse(route, args=[reference])
    with as_owner_here():
        return reverse(route, args=[reference, Involvement.objects.get(child=child).pk])


def give_reason_again(teacher: Visitor, asked: Any) -> Any:
    """Answer the question that stands there instead of what was wanted."""
    assert ASKED in text_of(asked)
    ((address, _status),) = asked.redirect_chain
    return teacher.follow(address, reason=Reason.SAFEGUARDING.value)


def names() -> list[str]:
    with as_owner_here():
        return [row.details.open().practitioner for row in Involvement.objects.select_related("child").order_by("pk")]


END = {"ended_on_day": "20", "ended_on_month": "7", "ended_on_year": "2025"}


@pytest.mark.parametrize(
    ("route", "typed", "shown"),
    [
        ("record_involvement", ANSWERS, 'value="Ada Bell"'),
        ("correct_involvement", ANSWERS, 'value="Ada Bell"'),
        ("end_involvement", END, 'value="20"'),
        ("withdraw_involvement", {"mistake": Mistake.WRONG_CHILD.value}, "checked"),
    ],
)
def test_form_comes_back_as_it_was_filled_in(
    teacher: Visitor, child: Child, route: str, typed: dict[str, str], shown: str
) -> None:
    reference = teacher.opened()
    form = form_at(route, reference, child)
    sent = hidden(teacher.get(form)) | typed
    age_reasons(teacher, state.REASON_HOLDS)
    back = give_reason_again(teacher, teacher.follow(form, **sent))
    assert back.redirect_chain[-1][0] == form
    assert shown in text_of(back)
    assert not events(kind=EventKind.INVOLVEMENT_RECORDED)
    checked = teacher.follow(form, **hidden(back) | typed)
    assert "Check your answers" in text_of(checked)
    assert "Involvement " in text_of(teacher.save(checked, reference))


def test_way_back_to_the_results_is_kept(teacher: Visitor, child: Child) -> None:
    ((results, _status),) = (found := teacher.search()).redirect_chain
    (link,) = re.findall(r'href="(/record/[^"]*)"', text_of(found))
    ((record, _status),) = teacher.follow(link, reason=Reason.SAFEGUARDING.value).redirect_chain
    age_reasons(teacher, state.REASON_HOLDS)
    asked = teacher.follow(f"{record}involvements/new/", **ANSWERS)
    assert back_link(text_of(asked)) == results
    give_reason_again(teacher, asked)
    assert back_link(text_of(teacher.get(record))) == results


def test_answers_that_waited_to_be_checked_are_saved_once_the_reason_is_given(teacher: Visitor, child: Child) -> None:
    reference = teacher.opened()
    checked = teacher.answered(reference)
    age_reasons(teacher, state.REASON_HOLDS)
    again = give_reason_again(teacher, teacher.save(checked, reference))
    assert "Check your answers" in text_of(again)
    assert names() == ["Sam Okoro"]
    assert "Involvement recorded" in text_of(teacher.save(again, reference))
    assert names() == ["Sam Okoro", "Ada Bell"]


def test_what_changed_meanwhile_is_not_overwritten(teacher: Visitor, town: Town, child: Child) -> None:
    reference = teacher.opened()
    form = form_at("correct_involvement", reference, child)
    sent = hidden(teacher.get(form)) | ANSWERS
    age_reasons(teacher, state.REASON_HOLDS)
    asked = teacher.follow(form, **sent)
    colleague = Visitor(town.colleague)
    theirs = colleague.opened()
    changed = colleague.fill(form_at("correct_involvement", theirs, child), **ANSWERS | {"practitioner": "Ida Moss"})
    colleague.save(changed, theirs)
    assert "Somebody changed this involvement" in text_of(give_reason_again(teacher, asked))
    assert names() == ["Ida Moss"]


def test_whoever_asks_for_the_record_is_led_to_the_record(teacher: Visitor, child: Child) -> None:
    """And not to a form that they left; it has its answers still when they come to it."""
    reference = teacher.opened()
    form = form_at("record_involvement", reference, child)
    age_reasons(teacher, state.REASON_HOLDS)
    teacher.follow(form, **ANSWERS)
    assert "Who works with this child" in text_of(teacher.give_reason(teacher.reference()))
    assert 'value="Ada Bell"' in text_of(teacher.get(form))
    assert 'value="Ada Bell"' not in text_of(teacher.get(form)), "kept once"


def test_answers_about_one_child_do_not_stand_in_anothers_form(
    teacher: Visitor, town: Town, child: Child, add: AddChildren
) -> None:
    add(draft(town, given="Amira"))
    first, second = teacher.reference(0), teacher.reference(1)
    for reference in (first, second):
        teacher.give_reason(reference)
    age_reasons(teacher, state.REASON_HOLDS)
    asked = teacher.follow(form_at("record_involvement", first, child), **ANSWERS)
    teacher.give_reason(second)
    assert 'value="Ada Bell"' not in text_of(teacher.get(form_at("record_involvement", second, child)))
    age_reasons(teacher, state.REASON_HOLDS)
    teacher.follow(form_at("record_involvement", second, child), **ANSWERS | {"practitioner": "Ida Moss"})
    record = give_reason_again(teacher, asked)
    assert record.redirect_chain == [(reverse("record", args=[first]), 302)]


def test_answers_lie_sealed(teacher: Visitor, child: Child) -> None:
    reference = teacher.opened()
    age_reasons(teacher, state.REASON_HOLDS)
    asked = teacher.follow(form_at("record_involvement", reference, child), **ANSWERS)
    assert "Ada" not in "".join(address for address, _status in asked.redirect_chain)
    assert "Ada Bell" in repr(teacher.browser.session["desk"][state.ANSWERS])
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute("SELECT contents FROM access_session")
        assert all(b"Ada Bell" not in bytes(contents) for (contents,) in cursor.fetchall())
