"""Attacks on the desk through its pages: each is refused in plain words, is in the log, and breaks nothing."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.models import Organisation, Role, User
from audit.events import EventKind, Outcome
from audit.recorder import About, record
from registry.models import Child
from review.models import Case, Conflict, Explanation, Judgement, Nearness, Query
from tests import factories
from tests.conftest import OwnerContext, as_owner_here, as_worker
from tests.integration.review.casework import (
    CASES,
    agree,
    ask,
    bare_case,
    case_about,
    case_about_child,
    decide,
    drawn_access,
    hidden,
    is_growing,
    judgements,
    page_of,
    questions,
    take,
    work_on,
)
from tests.integration.review.reading import text_of
from tests.log import events, last_event

STEPS = {
    "take_case": {"seen": ""},
    "ask_about_case": {"query": Query.OCCASION.value},
    "note_answer": {"answer": "not_me", "rests_on": "nothing"},
    "suspend_for_case": {},
    "decide_case": {"result": "in_order", "found": "0"},
    "agree_to_case": {"agrees": "yes", "seen": "2026-03-02T09:00:00+00:00"},
}


def step_of(route: str, case: int) -> str:
    query = {"found": "0"} if route == "agree_to_case" else {}
    return reverse(route, args=[case], query=query)


def bar(auditor: User, person: User) -> None:
    with as_owner_here():
        Conflict.objects.create(auditor_id=auditor.pk, person_id=person.pk, codes=[Nearness.FAMILY])


def refused() -> list[str]:
    return [each.outcome for each in events(kind=EventKind.ACCESS_REFUSED)]


def themself(auditor: User, teacher: User) -> Case:
    return bare_case(auditor)


def near(auditor: User, teacher: User) -> Case:
    case = case_about(teacher)
    bar(auditor, teacher)
    return case


def one_of_several(auditor: User, teacher: User) -> Case:
    with as_owner_here():
        other = factories.user(works_for=factories.organisation(authority=auditor.organisation))
    case = case_about_child([other, teacher])
    bar(auditor, teacher)
    return case


@pytest.mark.parametrize("barred", [themself, near, one_of_several])
@pytest.mark.parametrize("route", STEPS)
def test_no_step_in_a_case_from_which_one_is_barred_by_its_number(
    visitor: Client, auditor: User, teacher: User, route: str, barred: Callable[[User, User], Case]
) -> None:
    case = barred(auditor, teacher)
    page = visitor.post(step_of(route, case.pk), STEPS[route])

    assert page.status_code == 404
    assert "Page not found" in text_of(page)
    assert refused() == [Outcome.NOT_FOUND]
    assert last_event(kind=EventKind.ACCESS_REFUSED).actor_id == auditor.pk
    assert work_on(case) is None
    assert questions() == []
    assert is_growing(case)


@pytest.mark.parametrize("barred", [themself, near, one_of_several])
def test_no_page_of_a_case_from_which_one_is_barred(
    visitor: Client, auditor: User, teacher: User, barred: Callable[[User, User], Case]
) -> None:
    case = barred(auditor, teacher)
    for route in ("case", *STEPS):
        if route not in {"take_case", "decide_case"}:
            assert visitor.get(step_of(route, case.pk)).status_code == 404
    assert visitor.get(reverse("case_day", args=[case.pk, "2026-03-02"])).status_code == 404
    for shown in ("to_do", "mine", "asked", "second", "closed"):
        assert "There are none of these." in text_of(visitor.get(f"{CASES}?show={shown}"))
    assert "waiting for a second" not in text_of(visitor.get(CASES))


def test_what_others_read_of_a_case_from_which_one_is_barred_is_in_no_visit_either(
    visitor: Client, other: Client, auditor: User, teacher: User
) -> None:
    case = near(auditor, teacher)
    other.get(CASES)
    first = last_event(kind=EventKind.LOG_READ)
    page_of(other, case)
    of_case = last_event(kind=EventKind.LOG_READ)
    other.get(CASES)
    assert of_case.fields == [f"case.{case.pk}"]

    said = text_of(visitor.get(reverse("visit", args=[first.pk])))
    assert said.count("Access log read") == 2
    assert f"case {case.pk}" not in said
    assert f"case {case.pk}" in text_of(other.get(reverse("visit", args=[first.pk])))


def test_that_an_administrator_read_a_question_is_withheld_from_whoever_is_barred_from_its_case(
    visitor: Client, other: Client, auditor: User, council: Organisation, teacher: User
) -> None:
    case = near(auditor, teacher)
    take(other, case)
    ask(other, case, "manager")
    with as_owner_here():
        manager = factories.signed_in(factories.user(role=Role.ADMINISTRATOR, works_for=council))
    manager.get(reverse("question", args=[questions()[-1].pk]))
    event_id = last_event(kind=EventKind.PEOPLE_LISTED).pk

    assert visitor.get(reverse("event", args=[event_id])).status_code == 404
    assert "Teacher of this authority" in text_of(other.get(reverse("event", args=[event_id])))


def test_tab_that_was_opened_before_one_was_barred_does_nothing(visitor: Client, auditor: User, teacher: User) -> None:
    case = case_about(teacher)
    take(visitor, case)
    found = hidden(page_of(visitor, case), "found")
    bar(auditor, teacher)
    page = visitor.post(reverse("decide_case", args=[case.pk]), {"result": "in_order", "found": found})

    assert page.status_code == 404
    assert refused() == [Outcome.NOT_FOUND]
    assert is_growing(case)


def test_second_auditor_is_barred_by_the_same_rule(
    visitor: Client, other: Client, colleague: User, teacher: User
) -> None:
    case = case_about(teacher)
    take(visitor, case)
    decide(visitor, case, "to_police")
    bar(colleague, teacher)

    assert "There are none of these." in text_of(other.get(f"{CASES}?show=second"))
    assert "Page not found" in agree(other, case)
    assert is_growing(case)


def test_where_the_only_other_auditor_is_barred_one_of_another_authority_agrees(
    visitor: Client, auditor: User, colleague: User, teacher: User, stranger: User
) -> None:
    with as_owner_here():
        theirs = User.objects.get(role="auditor", organisation=stranger.organisation.responsible_authority)
    elsewhere = factories.signed_in(theirs)
    case = case_about(teacher)
    take(visitor, case)
    decide(visitor, case, "to_employer")
    assert page_of(elsewhere, case).status_code == 404
    bar(colleague, teacher)

    assert "Teacher of this authority" in text_of(elsewhere.get(f"{CASES}?show=second"))
    assert "The case is closed." in agree(elsewhere, case)
    assert not is_growing(case)


def test_page_that_is_out_of_date_is_said_and_is_in_the_log(visitor: Client, other: Client, teacher: User) -> None:
    case = case_about(teacher)
    take(visitor, case)
    found = hidden(page_of(visitor, case), "found")
    decide(visitor, case, "training")
    for browser in (visitor, other):
        said = browser.post(reverse("decide_case", args=[case.pk]), {"result": "in_order", "found": found}, follow=True)
        assert "Nothing was changed. See how it stands now." in text_of(said)
    assert refused() == [Outcome.WRONG_STATE] * 2
    work = work_on(case)
    assert work is not None
    assert work.result == "training"


def test_access_of_somebody_near_is_not_judged(visitor: Client, auditor: User, teacher: User) -> None:
    event_id = drawn_access(teacher)
    address = reverse("judge_access", args=[event_id])
    assert visitor.get(address).status_code == 200
    bar(auditor, teacher)

    assert "An access to judge by itself" not in text_of(visitor.get(CASES))
    assert visitor.post(address, {"verdict": "looks_fine"}).status_code == 404
    assert judgements() == []
    assert refused()[-1] == Outcome.NOT_FOUND


def test_access_through_a_mediator_who_is_near_is_not_judged(
    visitor: Client, auditor: User, council: Organisation, teacher: User
) -> None:
    event_id = drawn_access(teacher)
    with as_owner_here():
        mediator = factories.user(role=Role.MEDIATOR, works_for=council)
        Explanation.objects.update(actor_id=mediator.pk)
    address = reverse("judge_access", args=[event_id])
    assert visitor.get(address).status_code == 200
    bar(auditor, mediator)

    assert "An access to judge by itself" not in text_of(visitor.get(CASES))
    assert visitor.post(address, {"verdict": "looks_fine"}).status_code == 404
    with pytest.raises(DatabaseError, match="row-level security"):
        judge_at_the_database(auditor, event_id, teacher)
    assert judgements() == []


def judge_at_the_database(auditor: User, event_id: int, person: User) -> None:
    about = About(fields=[f"event.{event_id}"], reason="looks_fine", user_id=person.pk)
    with transaction.atomic():
        record(EventKind.CASE_JUDGED, about, actor=factories.actor_for(auditor))
        Judgement.objects.create(
            event_id=event_id, judged_by_id=auditor.pk, judged_at=timezone.now(), verdict="looks_fine"
        )


@pytest.mark.parametrize("number", [0, 10**6, 2**63 - 1, 2**63, 10**30])
@pytest.mark.parametrize("route", ["case", *STEPS])
def test_number_that_no_case_has_is_not_found(visitor: Client, number: int, route: str) -> None:
    page = visitor.post(step_of(route, number), STEPS.get(route, {}))
    assert page.status_code == (405 if route == "case" else 404)


def test_auditor_opens_no_record_whatever_led_them_to_it(
    visitor: Client, teacher: User, as_owner: OwnerContext
) -> None:
    with as_owner():
        child = factories.child(authority=teacher.organisation.responsible_authority)
    case = case_about(teacher, children=[child.pk])
    assert "Names of children are shown to nobody here" in text_of(page_of(visitor, case))
    before = len(refused())
    for route, arguments in (("search", []), ("open_record", ["x"]), ("record", ["x"]), ("lately", [])):
        page = visitor.get(reverse(route, args=arguments))
        assert page.status_code in {403, 404}
    assert len(refused()) == before + 4
    assert events(kind=EventKind.CHILD_OPENED, role="auditor") == []


def test_case_whose_child_was_destroyed_since_stands_by_its_number(
    visitor: Client, teacher: User, as_owner: OwnerContext
) -> None:
    with as_owner():
        child = factories.child(authority=teacher.organisation.responsible_authority)
    both = (case_about(teacher, children=[child.pk]), case_about_child([teacher], child.pk))
    for case in both:
        assert f"({child.pk})" not in text_of(page_of(visitor, case))
    with as_worker():
        Child.objects.filter(pk=child.pk).update(archived=True)
        Child.objects.filter(pk=child.pk)._raw_delete("default")

    for case in both:
        assert f"({child.pk})" in text_of(page_of(visitor, case))
        assert "You took it" in take(visitor, case)
        assert "The case is closed." in decide(visitor, case, "cannot_tell")
