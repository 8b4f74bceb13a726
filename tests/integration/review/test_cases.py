"""The queue and the page of a case, and a case from taken to closed, through the pages."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from msgspec import structs

from access.models import Organisation, Role, User, UserState
from audit.actors import Actor
from audit.events import EventKind, Outcome
from audit.reasons import CaseResult
from registry import numbers
from review.actions import cases
from review.actions.cases import take_case
from review.case_policies import CaseChangedError, CaseGrownError, case_to_work_on, decided_case, own_case
from review.case_words import PRIVATE_WORDS
from review.models import Case
from review.rules.weights import weights
from review.selectors.cases import WorkedCase
from review.views.case_steps import GROWN, GROWN_SINCE_READ, READ_FIRST
from tests import factories
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.review.casework import (
    CASES,
    agree,
    case_about,
    compare,
    decide,
    hidden,
    is_growing,
    page_of,
    take,
    to_agree,
    work_on,
)
from tests.integration.review.reading import text_of
from tests.log import events, last_event


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


def test_colleague_takes_it_over_and_the_first_decides_no_more(
    visitor: Client, second: Client, colleague: User, case: Case
) -> None:
    take(visitor, case)
    stale = page_of(visitor, case).content.decode()
    assert 'name="found"' in stale
    take(second, case)

    said = decide(visitor, case, "in_order", found="0")

    assert "Somebody else took, decided or closed this case" in said
    work = work_on(case)
    assert work is not None
    assert (work.taken_by_id, work.result) == (colleague.pk, "")
    assert events(kind=EventKind.CASE_DECIDED) == []


@pytest.mark.parametrize("seen", ["", "nonsense", "2020-01-01T00:00:00+00:00"])
def test_page_that_is_out_of_date_takes_nothing(
    visitor: Client, second: Client, colleague: User, case: Case, seen: str
) -> None:
    take(second, case)

    assert "Somebody else took, decided or closed this case" in take(visitor, case, seen=seen)

    work = work_on(case)
    assert work is not None
    assert work.taken_by_id == colleague.pk


def test_what_was_found_while_somebody_looked_is_not_closed_unseen(visitor: Client, second: Client, case: Case) -> None:
    """Also of what was found with an access of before, which is the last thing that happened no more."""
    take(visitor, case)
    before = hidden(page_of(visitor, case), "found")
    grow(case)

    page = visitor.post(reverse("decide_case", args=[case.pk]), {"found": before, "result": "to_police"})
    assert GROWN in text_of(page)
    assert last_event(kind=EventKind.ACCESS_REFUSED).outcome == Outcome.WRONG_STATE
    assert is_growing(case)
    assert events(kind=EventKind.CASE_DECIDED) == []

    assert 'value="to_police" checked' in " ".join(page.content.decode().split()), "what was chosen is kept"
    assert "It counts when another auditor agrees" in decide(visitor, case, "to_police", found=hidden(page, "found"))


def test_nobody_agrees_to_what_was_found_since_they_read_the_case(visitor: Client, second: Client, case: Case) -> None:
    take(visitor, case)
    decide(visitor, case, "to_police")
    address = to_agree(second, case)
    grow(case)

    answered = {"seen": hidden(second.get(address), "seen"), "agrees": "yes"}
    assert GROWN_SINCE_READ in text_of(second.post(address, answered, follow=True))
    assert is_growing(case)
    assert "The case is closed." in agree(second, case)


def test_nobody_agrees_before_they_read_the_case(visitor: Client, second: Client, case: Case) -> None:
    take(visitor, case)
    decide(visitor, case, "to_police")
    work = work_on(case)
    assert work is not None
    assert work.decided_at is not None
    for found in ("", "?found=", "?found=-1", "?found=x", f"?found={9**99}"):
        address = reverse("agree_to_case", args=[case.pk]) + found
        assert READ_FIRST in text_of(second.get(address, follow=True))
        answered = {"seen": work.decided_at.isoformat(), "agrees": "yes"}
        assert READ_FIRST in text_of(second.post(address, answered, follow=True))
    assert is_growing(case)


@pytest.mark.parametrize("decides", ["decides", "agrees"])
def test_what_is_found_while_the_decision_is_written_is_not_closed_unseen(
    visitor: Client, second: Client, auditor: User, colleague: User, case: Case, decides: str
) -> None:
    """The page and the case agreed a moment ago."""
    take(visitor, case)
    if decides == "agrees":
        decide(visitor, case, "to_police")
    work = work_on(case)
    assert work is not None
    step: Callable[[], object] = partial(
        cases.decide_case, actor=factories.actor_for(auditor), case_id=case.pk, result=CaseResult.IN_ORDER, found=0
    )
    if decides == "agrees":
        actor = factories.actor_for(colleague)
        step = partial(cases.agree, actor=actor, case_id=case.pk, seen=work.decided_at, found=0)

    def found_meanwhile(read: Callable[[Actor, int], WorkedCase]) -> Callable[[Actor, int], WorkedCase]:
        def reading(actor: Actor, case_id: int) -> WorkedCase:
            before = read(actor, case_id)
            grow(case)
            return before

        return reading

    with pytest.MonkeyPatch.context() as monkey:
        monkey.setattr("review.actions.cases.own_case", found_meanwhile(own_case))
        monkey.setattr("review.actions.cases.decided_case", found_meanwhile(decided_case))
        with pytest.raises(CaseGrownError):
            step()

    assert is_growing(case)
    assert events(kind=EventKind.CASE_CLOSED) == []


def grow(case: Case) -> None:
    """As the examiner does when it finds more."""
    with as_owner_here():
        Case.objects.filter(pk=case.pk).update(growth=F("growth") + 1)


def test_decided_twice_at_once_is_decided_once(visitor: Client, case: Case) -> None:
    take(visitor, case)
    decide(visitor, case, "in_order")

    assert "Somebody else took, decided or closed this case" in decide(visitor, case, "training", found="0")

    work = work_on(case)
    assert work is not None
    assert work.result == "in_order"


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


def test_of_two_who_take_it_at_once_one_does(auditor: User, colleague: User, case: Case) -> None:
    """Both have read it as nobody's; the later of the two is told."""
    first, second = factories.actor_for(auditor), factories.actor_for(colleague)

    def other_is_quicker(actor: Actor, case_id: int) -> WorkedCase:
        read = case_to_work_on(actor, case_id)
        monkey.undo()
        take_case(actor=first, case_id=case_id, seen=None)
        return read

    with pytest.MonkeyPatch.context() as monkey:
        monkey.setattr("review.actions.cases.case_to_work_on", other_is_quicker)
        with pytest.raises(CaseChangedError):
            take_case(actor=second, case_id=case.pk, seen=None)

    work = work_on(case)
    assert work is not None
    assert work.taken_by_id == auditor.pk
    assert len(events(kind=EventKind.CASE_TAKEN)) == 1, "what was not done is not said"


def test_of_two_who_agree_at_once_one_does(
    visitor: Client, colleague: User, council: Organisation, case: Case, as_owner: OwnerContext
) -> None:
    with as_owner():
        third = factories.user(role=Role.AUDITOR, works_for=council)
        compare()
    take(visitor, case)
    decide(visitor, case, CaseResult.POLICE.value)
    work = work_on(case)
    assert work is not None
    quick, slow = factories.actor_for(colleague), factories.actor_for(third)

    def other_is_quicker(actor: Actor, case_id: int) -> WorkedCase:
        read = decided_case(actor, case_id)
        monkey.undo()
        cases.send_back(actor=quick, case_id=case_id, seen=work.decided_at)
        return read

    with pytest.MonkeyPatch.context() as monkey:
        monkey.setattr("review.actions.cases.decided_case", other_is_quicker)
        with pytest.raises(CaseChangedError):
            cases.agree(actor=slow, case_id=case.pk, seen=work.decided_at, found=case.growth)

    assert is_growing(case)
    assert events(kind=EventKind.CASE_AGREED) == []
    assert events(kind=EventKind.CASE_CLOSED) == []


def test_person_who_left_in_between_is_still_decided_about(
    visitor: Client, teacher: User, case: Case, as_owner: OwnerContext
) -> None:
    take(visitor, case)
    with as_owner():
        User.objects.filter(pk=teacher.pk).update(state=UserState.LEFT)

    refused = visitor.post(reverse("suspend_for_case", args=[case.pk]))
    assert refused.status_code == 409
    assert "left" in text_of(refused).lower()
    assert "The case is closed." in decide(visitor, case, CaseResult.UNCLEAR.value)
