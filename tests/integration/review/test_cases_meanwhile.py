"""What happens to a case while somebody looks at it: a colleague is quicker, more is found, its person leaves."""

from collections.abc import Callable
from functools import partial

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse

from access.models import Organisation, Role, User, UserState
from audit.actors import Actor
from audit.events import EventKind, Outcome
from audit.reasons import CaseResult
from review.actions import cases
from review.actions.cases import take_case
from review.case_policies import CaseChangedError, CaseGrownError, case_to_work_on, decided_case, own_case
from review.models import Case
from review.selectors.cases import WorkedCase
from review.views.case_steps import GROWN, GROWN_SINCE_READ, READ_FIRST
from tests import factories
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.review.casework import (
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
