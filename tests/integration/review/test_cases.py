"""The queue and the page of a case, and a case from taken to closed, through the pages."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from msgspec import structs

from access.models import Organisation, User
from audit.events import EventKind, Outcome
from audit.reasons import CaseResult
from registry.rules import numbers
from review.case_words import PRIVATE_WORDS
from review.models import Case
from review.rules.weights import weights
from tests import factories
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.review.casework import (
    CASES,
    agree,
    case_about,
    decide,
    is_growing,
    page_of,
    take,
    to_agree,
    work_on,
)
from tests.integration.review.reading import text_of
from tests.log import last_event


@pytest.fixture
def case(teacher: User) -> Case:
    return case_about(teacher)


@pytest.fixture
def second(colleague: User) -> Client:
    return factories.signed_in(colleague)


def test_the_queue_says_who_and_why_in_words_and_that_it_was_read(visitor: Client, case: Case, teacher: User) -> None:
    page = visitor.get(CASES)
    said = text_of(page)

    assert "Teacher of this authority" in said
    assert teacher.organisation.name in said
    assert PRIVATE_WORDS in said
    assert "The user came back to the same child" in said
    assert "Strong" in said
    shown = re.sub(r"\d\d:\d\d:\d\d|20\d\d|[Cc]ollege \d+", "", page.content.decode())
    assert "14" not in shown.partition("<tbody")[2].partition("</tbody>")[0]
    assert last_event(kind=EventKind.LOG_READ).fields == ["cases"]


def test_what_is_urgent_comes_first_and_then_what_weighs_most(
    visitor: Client, council: Organisation, as_owner: OwnerContext
) -> None:
    with as_owner():
        school = factories.organisation(authority=council)
        people = [factories.user(works_for=school, name=f"Worker {name}") for name in ("A", "B", "C", "D")]
    for person, score, urgent in zip(people, (12.0, 15.0, 11.5, 10.0), (False, False, True, False), strict=True):
        case_about(person, score=score, urgent=urgent)

    said = text_of(visitor.get(CASES))

    assert "Worker D" not in said, "below the threshold"
    assert sorted(("Worker A", "Worker B", "Worker C"), key=said.index) == ["Worker C", "Worker B", "Worker A"]


def test_only_as_many_as_the_budget_stand_in_front(
    visitor: Client, council: Organisation, as_owner: OwnerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = structs.replace(weights(), score=structs.replace(weights().score, budget=1))
    monkeypatch.setattr("review.selectors.cases.weights", lambda: few)
    with as_owner():
        school = factories.organisation(authority=council)
        people = [factories.user(works_for=school, name=f"Worker {name}") for name in ("A", "B")]
    case_about(people[0], score=12)
    case_about(people[1], score=13)

    said = text_of(visitor.get(CASES))

    assert "Worker B" in said
    assert "Worker A" not in said
    assert "The 1 that weigh most, of 2." in said


def test_the_page_of_a_case_names_the_person_and_no_child(
    visitor: Client, teacher: User, as_owner: OwnerContext
) -> None:
    with as_owner():
        child = factories.child(given="Philippa", family="Ottershaw")
    case = case_about(teacher, children=[child.pk])

    page = page_of(visitor, case)
    said = text_of(page)

    assert "Teacher of this authority" in said
    assert "I am making a child protection enquiry" in said
    assert "Nothing explains it yet" in said
    assert numbers.shown(child.number.open()) in said
    for name in ("Philippa", "Ottershaw"):
        assert name not in page.content.decode()
    assert last_event(kind=EventKind.LOG_READ).fields == [f"case.{case.pk}"]


def test_a_case_is_taken_decided_and_closed_and_each_step_is_an_event(
    visitor: Client, auditor: User, teacher: User, case: Case
) -> None:
    assert "You took it" in take(visitor, case)
    taken = last_event(kind=EventKind.CASE_TAKEN)
    assert (taken.actor_id, taken.user_id, taken.fields) == (auditor.pk, teacher.pk, [f"case.{case.pk}"])

    said = decide(visitor, case, CaseResult.IN_ORDER.value)

    assert "The case is closed." in said
    for kind in (EventKind.CASE_DECIDED, EventKind.CASE_CLOSED):
        told = last_event(kind=kind)
        assert (told.actor_id, told.user_id, told.reason) == (auditor.pk, teacher.pk, "in_order")
    work = work_on(case)
    assert work is not None
    assert (work.taken_by_id, work.decided_by_id, work.agreed_by_id, work.result) == (
        auditor.pk,
        auditor.pk,
        None,
        "in_order",
    )
    assert not is_growing(case)
    assert "There are none of these." in text_of(visitor.get(CASES))
    assert CaseResult.IN_ORDER.label in text_of(visitor.get(f"{CASES}?show=closed"))


def test_misuse_is_decided_by_two(visitor: Client, second: Client, auditor: User, colleague: User, case: Case) -> None:
    take(visitor, case)

    assert "It counts when another auditor agrees" in decide(visitor, case, CaseResult.POLICE.value)

    assert is_growing(case)
    assert "Teacher of this authority" in text_of(second.get(f"{CASES}?show=second"))
    assert "There is nothing for you to agree to" in text_of(visitor.get(to_agree(visitor, case)))
    assert "Agree, or send it back" in text_of(page_of(second, case))
    assert "The case is closed." in agree(second, case)
    agreed = last_event(kind=EventKind.CASE_AGREED)
    assert (agreed.actor_id, agreed.reason) == (colleague.pk, "to_police")
    work = work_on(case)
    assert work is not None
    assert (work.decided_by_id, work.agreed_by_id, work.result) == (auditor.pk, colleague.pk, "to_police")
    assert not is_growing(case)


def test_whoever_decided_does_not_agree(visitor: Client, case: Case) -> None:
    take(visitor, case)
    decide(visitor, case, CaseResult.EMPLOYER.value)
    work = work_on(case)
    assert work is not None
    assert work.decided_at is not None

    refused = visitor.post(to_agree(visitor, case), {"seen": work.decided_at.isoformat(), "agrees": "yes"})

    assert refused.status_code == 403
    assert last_event().outcome == Outcome.NOT_PERMITTED
    assert is_growing(case)


def test_second_auditor_sends_it_back_and_it_is_open_again(
    visitor: Client, second: Client, colleague: User, case: Case
) -> None:
    take(visitor, case)
    decide(visitor, case, CaseResult.EMPLOYER.value)

    assert "You did not agree, and the case is open again." in agree(second, case, "no")

    returned = last_event(kind=EventKind.CASE_RETURNED)
    assert (returned.actor_id, returned.reason) == (colleague.pk, "to_employer")
    work = work_on(case)
    assert work is not None
    assert (work.result, work.decided_by_id, work.closed_at) == ("", None, None)
    assert "The case is closed." in decide(visitor, case, CaseResult.TRAINING.value)


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"result": ""}, "Choose what came of it"),
        ({"result": "nonsense"}, "Choose from the list what came of it"),
        ({"result": "in_order", "found": "x"}, "This page is out of date"),
    ],
)
def test_deciding_without_what_it_needs_says_what_to_do(
    visitor: Client, case: Case, answers: dict[str, str], message: str
) -> None:
    take(visitor, case)

    assert message in decide(visitor, case, **{"result": "", **answers})

    assert is_growing(case)


def test_addresses_that_make_no_sense_say_so(visitor: Client, case: Case) -> None:
    assert "asks for cases that there are none of" in text_of(visitor.get(f"{CASES}?show=nonsense", follow=True))
    for name, arguments in (
        ("case", [10**30]),
        ("case", [case.pk + 1000]),
        ("case_day", [case.pk, "nonsense"]),
        ("case_day", [case.pk, "0001-01-01"]),
    ):
        assert visitor.get(reverse(name, args=arguments)).status_code == 404
    assert visitor.get(f"{reverse('note_answer', args=[case.pk])}?of=nonsense").status_code == 404


def test_what_waits_for_too_long_is_counted(visitor: Client, case: Case) -> None:
    assert "For more than" not in text_of(visitor.get(CASES))
    with as_owner_here():
        Case.objects.filter(pk=case.pk).update(opened_at=timezone.now() - timedelta(days=weights().score.overdue + 1))
    assert f"For more than {weights().score.overdue} days: 1 to do." in text_of(visitor.get(CASES))

    take(visitor, case)
    assert "For more than" not in text_of(visitor.get(CASES))


def test_what_became_of_earlier_cases_stands_on_the_next(visitor: Client, teacher: User, case: Case) -> None:
    take(visitor, case)
    decide(visitor, case, CaseResult.TRAINING.value)
    again = case_about(teacher, children=[4712])

    assert CaseResult.TRAINING.label in text_of(page_of(visitor, again))


def test_the_day_of_a_case_shows_what_its_person_did(visitor: Client, case: Case) -> None:
    day = timezone.localdate().isoformat()
    page = visitor.get(reverse("case_day", args=[case.pk, day]))

    assert "Record opened" in text_of(page)
    assert "has nothing of this person on that day" in text_of(
        visitor.get(reverse("case_day", args=[case.pk, "2024-01-01"]))
    )
    assert last_event(kind=EventKind.LOG_READ).fields == [f"case.{case.pk}"]
