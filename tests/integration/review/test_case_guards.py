"""What the database lets the web process make of cases, whatever its code does: each step beside its event, by two."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone

from access.models import Session, User
from audit.actors import Actor
from audit.errors import NoLiveSessionError, NotAllowedError
from audit.events import EventKind
from contactpoint.roles import SERVING, WEB
from review.models import Case, CaseWork, Judgement, PersonResult, Question
from tests import factories
from tests.acting import acting_as
from tests.conftest import OwnerContext
from tests.integration.review.casework import bare_case, beside, case_about, decide, is_growing, take, work_on

TAKE = "insert into review_casework (case_id, taken_by_id, taken_at, result) values (%s, %s, now(), '')"
DECIDE = "update review_casework set result = %s, decided_by_id = %s, decided_at = now() where case_id = %s"
CLOSE = DECIDE.replace("where", ", closed_at = now() where")
AGREE = "update review_casework set agreed_by_id = %s, closed_at = now() where case_id = %s"
TAKEN, DECIDED, CLOSED = EventKind.CASE_TAKEN, EventKind.CASE_DECIDED, EventKind.CASE_CLOSED
AGREED, RETURNED = EventKind.CASE_AGREED, EventKind.CASE_RETURNED
BACK = "update review_casework set result = '', decided_by_id = null, decided_at = null where case_id = %s"
ALONE = (
    "update review_casework set result = 'to_police', decided_by_id = %s, decided_at = now(), agreed_by_id = %s,"
    " closed_at = now() where case_id = %s"
)
SEVEN_MINUTES = timedelta(minutes=7)
WORKED = (CaseWork, Judgement, PersonResult, Question)


@pytest.fixture
def case(teacher: User) -> Case:
    return case_about(teacher)


@pytest.fixture
def actor(auditor: User) -> Actor:
    return factories.actor_for(auditor)


@pytest.fixture
def other(colleague: User) -> Actor:
    return factories.actor_for(colleague)


@pytest.fixture
def taken(case: Case, actor: Actor) -> Case:
    beside(actor, [TAKEN], case, TAKE, case.pk, actor.user_id)
    return case


@pytest.fixture
def accused(taken: Case, actor: Actor) -> Case:
    beside(actor, [DECIDED], taken, DECIDE, "to_police", actor.user_id, taken.pk, reason="to_police")
    return taken


def refused(actor: Actor, kinds: list[EventKind], case: Case, *call: object, reason: str = "") -> bool:
    """Whether the database lets nothing of it happen."""
    before = work_on(case)
    with suppress(DatabaseError, NotAllowedError):
        beside(actor, kinds, case, *call, reason=reason)  # type: ignore[arg-type]  # statement and arguments
    after = work_on(case)
    return (before and before.__dict__ | {"_state": 0}) == (after and after.__dict__ | {"_state": 0})


def test_nobody_takes_a_case_without_the_event_or_in_anothers_name(case: Case, actor: Actor, other: Actor) -> None:
    assert refused(actor, [], case, TAKE, case.pk, actor.user_id)
    assert refused(actor, [TAKEN], case, TAKE, case.pk, other.user_id)
    assert refused(actor, [DECIDED], case, TAKE, case.pk, actor.user_id)
    beside(actor, [TAKEN], case, TAKE, case.pk, actor.user_id)
    work = work_on(case)
    assert work is not None
    assert work.taken_by_id == actor.user_id


def test_nobody_takes_a_case_of_another_authority_or_about_themself(
    stranger: User, auditor: User, actor: Actor, colleague: User
) -> None:
    for person in (stranger, auditor, colleague):
        about = case_about(person) if person is stranger else bare_case(person)
        assert refused(actor, [TAKEN], about, TAKE, about.pk, actor.user_id)
        assert work_on(about) is None


def test_whoever_took_it_decides_and_nobody_else(taken: Case, actor: Actor, other: Actor) -> None:
    close = (CLOSE, "in_order", other.user_id, taken.pk)
    assert refused(other, [DECIDED, CLOSED], taken, *close, reason="in_order")
    assert refused(actor, [DECIDED], taken, CLOSE, "in_order", actor.user_id, taken.pk, reason="in_order")
    assert refused(actor, [DECIDED, CLOSED], taken, CLOSE, "training", actor.user_id, taken.pk, reason="in_order")
    assert is_growing(taken)
    beside(actor, [DECIDED, CLOSED], taken, CLOSE, "in_order", actor.user_id, taken.pk, reason="in_order")
    assert not is_growing(taken)


def test_misuse_is_not_closed_by_one(accused: Case, actor: Actor, other: Actor) -> None:
    for kinds in ([CLOSED], [AGREED, CLOSED], [DECIDED, CLOSED]):
        assert refused(actor, kinds, accused, AGREE, actor.user_id, accused.pk, reason="to_police")
        assert refused(actor, kinds, accused, AGREE, other.user_id, accused.pk, reason="to_police")
        assert refused(
            actor,
            kinds,
            accused,
            "update review_casework set closed_at = now() where case_id = %s",
            accused.pk,
            reason="to_police",
        )
    assert refused(other, [RETURNED, CLOSED], accused, AGREE, other.user_id, accused.pk, reason="to_police")
    assert refused(other, [AGREED], accused, AGREE, other.user_id, accused.pk, reason="to_police")
    assert refused(other, [AGREED, CLOSED], accused, AGREE, other.user_id, accused.pk, reason="in_order")
    assert is_growing(accused)
    beside(other, [AGREED, CLOSED], accused, AGREE, other.user_id, accused.pk, reason="to_police")
    assert not is_growing(accused)


def test_second_auditor_shows_their_second_factor_just_before(
    accused: Case, other: Actor, as_owner: OwnerContext
) -> None:
    with as_owner():
        Session.objects.filter(key_fingerprint=other.session_key).update(confirmed_at=timezone.now() - SEVEN_MINUTES)

    with pytest.raises(NoLiveSessionError):
        beside(other, [AGREED, CLOSED], accused, AGREE, other.user_id, accused.pk, reason="to_police")
    assert is_growing(accused)


def test_what_was_decided_is_sent_back_by_another_alone(accused: Case, actor: Actor, other: Actor) -> None:
    assert refused(actor, [RETURNED], accused, BACK, accused.pk, reason="to_police")
    assert refused(other, [AGREED], accused, BACK, accused.pk, reason="to_police")
    beside(other, [RETURNED], accused, BACK, accused.pk, reason="to_police")
    work = work_on(accused)
    assert work is not None
    assert (work.result, work.taken_by_id) == ("", actor.user_id)


@pytest.mark.parametrize("kinds", [[TAKEN], [TAKEN, RETURNED]], ids=["taken", "taken and sent back"])
@pytest.mark.parametrize("reason", ["", "to_police"])
def test_whoever_decided_does_not_take_it_back_as_if_they_took_the_case(
    accused: Case, actor: Actor, kinds: list[EventKind], reason: str
) -> None:
    assert refused(actor, kinds, accused, BACK, accused.pk, reason=reason)


@pytest.mark.parametrize("kinds", [[AGREED, CLOSED], [DECIDED, AGREED, CLOSED]], ids=["agreed", "decided and agreed"])
def test_nobody_agrees_to_what_they_say_that_another_decided(
    taken: Case, actor: Actor, other: Actor, kinds: list[EventKind]
) -> None:
    for one, named in ((actor, other), (other, actor)):
        assert refused(one, kinds, taken, ALONE, named.user_id, one.user_id, taken.pk, reason="to_police")
    assert is_growing(taken)


def test_second_auditor_does_not_change_what_was_decided(accused: Case, actor: Actor, other: Actor) -> None:
    harmless = (
        "update review_casework set result = 'in_order', decided_by_id = %s, closed_at = now() where case_id = %s"
    )
    assert refused(other, [DECIDED, CLOSED], accused, harmless, other.user_id, accused.pk, reason="in_order")
    assert is_growing(accused)


def test_closed_case_stays_as_it_is(visitor: Client, case: Case, auditor: User, actor: Actor, other: Actor) -> None:
    take(visitor, case)
    decide(visitor, case, "in_order")

    assert refused(other, [TAKEN], case, "update review_casework set taken_by_id = %s", other.user_id)
    assert refused(actor, [DECIDED, CLOSED], case, CLOSE, "training", actor.user_id, case.pk, reason="training")


@pytest.mark.parametrize("model", WORKED, ids=lambda model: model.__name__)
def test_nobody_deletes_any_of_it(model: type[CaseWork], taken: Case) -> None:
    for role in SERVING:
        for statement in (f"DELETE FROM {model._meta.db_table}", f"TRUNCATE {model._meta.db_table}"):
            with (
                pytest.raises(DatabaseError, match="permission denied"),
                acting_as(role),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)


def test_web_process_reads_no_work_beside_no_event(taken: Case) -> None:
    with acting_as(WEB):
        for model in WORKED:
            assert list(model._base_manager.all()) == []
