"""What was asked about somebody who is in is answered while they stand as they did, and by what they stood for."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from access.models import Approval, ApprovalKind, ApprovalOutcome, Role, StopReason, User, UserState
from access.people.actions.deciding import (
    approve,
    ask_role,
    decide_role,
    decline,
    leave,
    reinstate,
    revoke,
    suspend,
)
from access.people.actions.inviting import withdraw
from access.people.actions.recovering import decide_new_sign_in
from access.people.selectors.waiting import waiting_counts
from access.rules.administering import reach_of
from access.rules.errors import WrongStateError
from access.rules.lifecycle import TRANSITIONS, Step
from tests import factories
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.access import lives
from tests.integration.access.at_desk import APPROVALS, Desk, page_of, words
from tests.integration.access.lives import Council
from tests.integration.access.new_sign_ins import asked, links

NAME = "Zainab Okonkwo-Hughes"

# Whatever is done is committed, so that no event of an earlier step speaks for a later one.
pytestmark = pytest.mark.usefixtures("own_database")


@pytest.fixture
def council(at: Desk) -> Council:
    return at.council


@pytest.fixture
def teacher(council: Council) -> User:
    with as_owner_here():
        return factories.user(works_for=council.school, name=NAME)


def decisions(council: Council) -> int:
    return waiting_counts(council.second, reach_of(council.second), today=factories.today()).decisions


def outlive(question: Approval) -> None:
    """As if something else had been decided since."""
    with as_owner_here():
        Approval.objects.filter(pk=question.pk).update(asked_at=timezone.now() - timedelta(days=1))


def test_own_page_of_who_is_in_misses_no_approval(council: Council, teacher: User) -> None:
    browser = factories.signed_in(teacher)
    asked(council, teacher)
    ask_role(actor=council.first, user_id=teacher.pk, role=Role.MEDIATOR)

    page = browser.get(reverse("my_access")).content.decode()

    assert "Approval by a second administrator" in page
    assert "Missing" not in page


def test_suspension_takes_back_what_was_asked(council: Council, teacher: User) -> None:
    """Who they are was made sure of before; afterwards it is made sure of anew."""
    questions = [asked(council, teacher), ask_role(actor=council.first, user_id=teacher.pk, role=Role.MEDIATOR)]

    suspend(actor=council.second, user_id=teacher.pk, reason=StopReason.MISUSE)

    with as_owner_here():
        for question in questions:
            question.refresh_from_db()
            assert (question.outcome, question.decided_by_id) == (ApprovalOutcome.WITHDRAWN, council.second.user_id)
    reinstate(actor=council.first, user_id=teacher.pk)
    with pytest.raises(WrongStateError):
        decide_new_sign_in(actor=council.second, approval_id=questions[0].pk, agreed=True)
    with pytest.raises(WrongStateError):
        decide_role(actor=council.second, approval_id=questions[1].pk, approved=True)


def open_ones(person: User) -> list[str]:
    with as_owner_here():
        return list(Approval.objects.filter(user=person, outcome="").values_list("kind", flat=True))


def take(council: Council, step: Step, person: User) -> None:
    by_the_second = {"actor": council.second, "user_id": person.pk}
    match step:
        case Step.SUSPEND:
            suspend(**by_the_second, reason=StopReason.MISUSE)
        case Step.REVOKE:
            revoke(**by_the_second, reason=StopReason.MISUSE)
        case _:
            {Step.APPROVE: approve, Step.DECLINE: decline, Step.LEAVE: leave, Step.WITHDRAW: withdraw}[step](
                **by_the_second
            )


@pytest.mark.parametrize("step", [step for step in Step if UserState.JOINING in TRANSITIONS[step].from_states])
def test_each_step_takes_back_what_was_asked_about_whoever_is_joining(council: Council, step: Step) -> None:
    """Each in a transaction of its own, as the database asks for the event of that step."""
    person = lives.complete(council)
    question = asked(council, person)

    take(council, step, person)

    assert open_ones(person) == ([ApprovalKind.JOIN, ApprovalKind.REINSTATE] if step == Step.SUSPEND else [])
    with as_owner_here():
        assert Approval.objects.get(pk=question.pk).outcome == ApprovalOutcome.WITHDRAWN


@pytest.mark.parametrize("step", [Step.SUSPEND, Step.LEAVE, Step.REVOKE])
def test_each_step_takes_back_what_was_asked_about_whoever_is_in(council: Council, step: Step) -> None:
    person = lives.active(council)
    asked(council, person)
    ask_role(actor=council.first, user_id=person.pk, role=Role.MEDIATOR)

    take(council, step, person)

    assert open_ones(person) == ([ApprovalKind.REINSTATE] if step == Step.SUSPEND else [])


def test_what_waited_through_a_suspension_of_before_ends_with_it(council: Council) -> None:
    """As of somebody who was suspended before suspensions took back what was asked."""
    person = lives.active(council)
    questions = [asked(council, person), ask_role(actor=council.first, user_id=person.pk, role=Role.MEDIATOR)]
    suspend(actor=council.first, user_id=person.pk, reason=StopReason.MISUSE)
    with as_owner_here():
        Approval.objects.filter(pk__in=[one.pk for one in questions]).update(outcome="", decided_by=None)

    reinstate(actor=council.second, user_id=person.pk)

    assert open_ones(person) == []


@pytest.mark.parametrize("kind", ["role", "sign_in"])
def test_what_cannot_be_answered_waits_for_nobody(at: Desk, council: Council, teacher: User, kind: str) -> None:
    if kind == "role":
        ask_role(actor=council.first, user_id=teacher.pk, role=Role.MEDIATOR)
    else:
        asked(council, teacher)
    assert decisions(council) == 1
    with as_owner_here():
        User.objects.filter(pk=teacher.pk).update(state=UserState.SUSPENDED)

    assert decisions(council) == 0
    assert NAME not in words(at.second.get(APPROVALS))
    page = words(at.second.get(page_of(at.second, NAME)))
    assert "Another administrator asks" not in page


def test_who_is_joining_is_counted_for_a_new_sign_in_whatever_is_missing(council: Council) -> None:
    joining = lives.joining(council)
    assert decisions(council) == 0

    asked(council, joining)

    assert decisions(council) == 1


def test_question_that_outlived_a_decision_is_not_agreed_to(at: Desk, council: Council, teacher: User) -> None:
    question = asked(council, teacher)
    outlive(question)

    with pytest.raises(WrongStateError) as refused:
        decide_new_sign_in(actor=council.second, approval_id=question.pk, agreed=True)

    assert "Ask for a new sign-in again" in refused.value.sentence
    assert decisions(council) == 0
    page = words(at.second.get(page_of(at.second, NAME)))
    assert "Another administrator asks for a new sign-in" not in page
    assert asked(council, teacher).pk != question.pk
    assert decisions(council) == 1


def test_question_of_somebody_who_decides_no_longer_is_not_agreed_to(
    at: Desk, council: Council, teacher: User, as_owner: OwnerContext
) -> None:
    question = asked(council, teacher)
    with as_owner():
        User.objects.filter(pk=council.first.user_id).update(state=UserState.SUSPENDED)
    page = page_of(at.second, NAME)

    answer = at.second.post(f"{page}sign-in/decide/", {"answer": "yes"}, follow=True)

    assert answer.status_code == 200
    assert "Whoever asked for this decides about this person no longer" in words(answer)
    assert links(teacher) == []
    with as_owner_here():
        assert Approval.objects.get(pk=question.pk, kind=ApprovalKind.SIGN_IN).outcome == ""
    asked_anew = at.second.post(f"{page}sign-in/", {"identity_check": "in_person"}, follow=True)
    assert "Another administrator decides" in words(asked_anew)
