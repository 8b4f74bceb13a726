"""An auditor stops somebody at once because of a case; administrators alone let them in again."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from access.models import Approval, ApprovalKind, Organisation, Role, Session, User, UserState
from access.people.actions.deciding import suspend_because_of
from access.rules.errors import NotFoundError
from audit.errors import NoLiveSessionError, NotAllowedError
from audit.events import EventKind
from audit.recorder import About, record
from review.models import Case
from tests import factories
from tests.ageing import confirmed_longer_ago
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.review.casework import case_about, page_of, take
from tests.integration.review.reading import text_of
from tests.log import events, last_event


@pytest.fixture
def case(teacher: User, visitor: Client) -> Case:
    made = case_about(teacher)
    take(visitor, made)
    return made


def state_of(person: User) -> str:
    with as_owner_here():
        return str(User.objects.values_list("state", flat=True).get(pk=person.pk))


def test_person_is_stopped_and_signed_out_and_the_event_names_the_case(
    visitor: Client, auditor: User, teacher: User, case: Case
) -> None:
    theirs = factories.signed_in(teacher)
    address = reverse("suspend_for_case", args=[case.pk])
    assert "Suspend Teacher of this authority" in text_of(visitor.get(address))

    said = text_of(visitor.post(address, follow=True))

    assert "They are suspended and signed out everywhere." in said
    assert state_of(teacher) == UserState.SUSPENDED
    told = last_event(kind=EventKind.USER_SUSPENDED)
    assert (told.actor_id, told.user_id, told.reason, told.fields) == (
        auditor.pk,
        teacher.pk,
        "misuse",
        [f"case.{case.pk}"],
    )
    assert theirs.get(reverse("home")).status_code in (302, 403)
    with as_owner_here():
        (waiting,) = Approval.objects.filter(user=teacher, outcome="")
    assert (waiting.kind, waiting.asked_by_id) == (ApprovalKind.REINSTATE, auditor.pk)
    assert "Suspended" in text_of(page_of(visitor, case))
    again = visitor.post(address)
    assert again.status_code == 409, "they are suspended already"


def test_it_asks_for_the_second_factor_again(visitor: Client, teacher: User, case: Case) -> None:
    with as_owner_here():
        confirmed_longer_ago(visitor.cookies[settings.SESSION_COOKIE_NAME].value, timedelta(minutes=6))

    asked = visitor.post(reverse("suspend_for_case", args=[case.pk]))

    assert asked.status_code == 302
    assert "confirm" in asked.url
    assert state_of(teacher) == UserState.ACTIVE


def test_database_asks_for_it_as_well(auditor: User, teacher: User, case: Case, as_owner: OwnerContext) -> None:
    actor = factories.actor_for(auditor)
    with as_owner():
        session = Session.objects.get(key_fingerprint=actor.session_key)
        Session.objects.filter(pk=session.pk).update(confirmed_at=session.confirmed_at - timedelta(minutes=7))
    factories.show(actor)

    with pytest.raises(NoLiveSessionError):
        suspend_because_of(actor=actor, user_id=teacher.pk, case=f"case.{case.pk}")
    assert state_of(teacher) == UserState.ACTIVE


def test_whoever_does_not_work_on_the_case_suspends_nobody(colleague: User, teacher: User, case: Case) -> None:
    other = factories.signed_in(colleague)

    said = text_of(other.post(reverse("suspend_for_case", args=[case.pk]), follow=True))

    assert "Somebody else took, decided or closed this case" in said
    assert state_of(teacher) == UserState.ACTIVE


def test_nobody_of_another_authority_is_suspended(auditor: User, stranger: User) -> None:
    actor = factories.actor_for(auditor)

    with pytest.raises(NotFoundError):
        suspend_because_of(actor=actor, user_id=stranger.pk, case="case.1")
    about = About(user_id=stranger.pk, reason="misuse", fields=["case.1"])
    with pytest.raises(NotAllowedError), transaction.atomic():
        record(EventKind.USER_SUSPENDED, about, actor=actor)
    assert state_of(stranger) == UserState.ACTIVE


@pytest.mark.parametrize(
    ("kind", "about"),
    [
        (EventKind.USER_SUSPENDED, {"reason": "misuse"}),
        (EventKind.USER_SUSPENDED, {"reason": "left", "fields": ["case.1"]}),
        (EventKind.USER_REINSTATED, {"fields": ["case.1"]}),
        (EventKind.USER_REVOKED, {"reason": "misuse", "fields": ["case.1"]}),
    ],
)
def test_auditor_does_nothing_else_about_people(
    auditor: User, teacher: User, kind: EventKind, about: dict[str, object]
) -> None:
    with pytest.raises(NotAllowedError), transaction.atomic():
        record(kind, About(user_id=teacher.pk, **about), actor=factories.actor_for(auditor))
    assert events(kind=kind) == []


def test_administrator_lets_them_in_again(
    visitor: Client, teacher: User, council: Organisation, case: Case, as_owner: OwnerContext
) -> None:
    visitor.post(reverse("suspend_for_case", args=[case.pk]))
    with as_owner():
        boss = factories.signed_in(factories.user(role=Role.ADMINISTRATOR, works_for=council))

    assert "Teacher of this authority" in text_of(boss.get(reverse("approvals")))
