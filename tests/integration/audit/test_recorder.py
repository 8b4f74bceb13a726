"""The log's one way in, and that what is in stays as it is."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from access.models import Role, Session, User, UserState
from audit.actors import Process
from audit.errors import InTransactionError, NoLiveSessionError, NotInTransactionError
from audit.events import NO_MORE, Alert, EventKind
from audit.models import Event
from audit.recorder import About, open_criteria, record, record_each, record_first
from contactpoint.roles import OWNER, SERVING, WEB
from tests import factories
from tests.acting import acting_as
from tests.acting_servers import signing_in
from tests.conftest import OwnerContext, as_owner_here
from tests.log import events, last_event

PROCESS = Process("tests")
PARTITION = f"audit_event_{timezone.now():%Y_%m}"
CHANGES = [
    f"{change} {table}{how}"
    for table in ("audit_event", PARTITION)
    for change, how in (("update", " set outcome = 'not_found'"), ("delete from", ""), ("truncate", ""))
]


@pytest.fixture
def person(as_owner: OwnerContext) -> User:
    with as_owner():
        return factories.user()


@pytest.fixture
def event(db: None) -> Event:
    return last_event(id=record(EventKind.ACCESS_REFUSED, About(fields=["event.1"]), actor=PROCESS))


def test_event_outside_a_transaction_is_refused(own_database: str) -> None:
    with pytest.raises(NotInTransactionError, match=r"access\.refused must be recorded in the transaction"):
        record(EventKind.ACCESS_REFUSED, actor=PROCESS)
    with pytest.raises(NotInTransactionError):
        record_each(EventKind.CHILD_ADDED, [About(child_id=1)], actor=PROCESS)

    assert events() == []


def test_event_inside_a_transaction_is_kept(own_database: str) -> None:
    with transaction.atomic():
        written = record(EventKind.ACCESS_REFUSED, actor=PROCESS)

    assert [event.pk for event in events()] == [written]


def test_event_recorded_first_is_committed_before_anything_is_read(own_database: str) -> None:
    with as_owner_here():
        actor = factories.actor_for(factories.user())

    ticket = record_first(EventKind.ACCESS_REFUSED, actor=actor)
    with suppress(ZeroDivisionError), ticket.shown():
        1 / 0  # noqa: B018

    assert last_event().pk == ticket.event_id
    assert actor.session_key not in repr(ticket)


def test_event_recorded_first_in_a_transaction_is_refused(person: User) -> None:
    actor = factories.actor_for(person)
    before = len(events())

    with pytest.raises(InTransactionError, match=r"access\.refused must be committed before anything is read"):
        record_first(EventKind.ACCESS_REFUSED, actor=actor)

    assert len(events()) == before


def test_event_goes_when_what_it_tells_of_is_undone(person: User) -> None:
    actor = factories.actor_for(person)
    before = len(events())
    with transaction.atomic():
        record(EventKind.ACCESS_REFUSED, actor=actor)
        assert len(events()) == before + 1
        transaction.set_rollback(True)

    assert len(events()) == before


def test_write_is_undone_when_its_event_cannot_be_written(as_owner: OwnerContext) -> None:
    with as_owner():
        there = User.objects.count()
        with connection.cursor() as cursor:
            cursor.execute("alter table audit_event add constraint full_up check (kind <> 'user.added')")
        with pytest.raises(IntegrityError, match="full_up"):
            factories.user(works_for=factories.organisation())
        assert User.objects.count() == there


def test_actor_is_told_by_ids_alone(person: User) -> None:
    actor = factories.actor_for(person)

    written = record(EventKind.CHILD_LISTED, About(shown=[3, 1, 2]), actor=actor)

    event = last_event(id=written)
    assert (event.actor_id, event.role, event.process) == (person.pk, Role.PRACTITIONER, "")
    assert (event.organisation_id, event.authority_id) == (actor.organisation_id, actor.authority_id)
    assert (event.session_id, event.request_id) == (actor.session_id, actor.request_id)
    assert event.shown == [3, 1, 2], "the order in which they were shown"
    assert not any(actor.session_key in str(value) for value in vars(event).values())


def test_many_events_are_written_at_once_and_in_order(as_owner: OwnerContext) -> None:
    with as_owner():
        written = record_each(EventKind.CHILD_ADDED, [About(child_id=number) for number in (9, 7, 8)], actor=PROCESS)

    made = events(kind=EventKind.CHILD_ADDED)
    assert [event.pk for event in made] == written == sorted(written)
    assert [event.child_id for event in made] == [9, 7, 8]
    assert record_each(EventKind.CHILD_ADDED, [], actor=PROCESS) == []


def test_criteria_are_sealed_at_rest_and_open_for_who_holds_the_key(person: User) -> None:
    typed = {"given": "Canary", "family": "Zyxwvut"}
    written = record(EventKind.CHILD_SEARCHED, About(criteria=typed), actor=factories.actor_for(person))
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute("select audit_event::text, criteria::bytea from audit_event where id = %s", [written])
        text, sealed = cursor.fetchone()

    event = last_event(id=written)
    assert open_criteria(bytes(event.criteria), writer_id=event.writer, number=event.number) == typed
    for value in typed.values():
        assert value not in text
        assert value.encode() not in bytes(sealed)


def test_about_does_not_print_what_was_typed() -> None:
    assert "Canary" not in repr(About(criteria={"given": "Canary"}))


# --------------------------------------------------------------------------------------- only with a live session


@pytest.mark.parametrize(
    "claim", ["user_id", "role", "organisation_id", "authority_id", "session_id", "session_key", "all but the key"]
)
def test_claim_that_the_session_does_not_vouch_for_is_refused(person: User, as_owner: OwnerContext, claim: str) -> None:
    actor = factories.actor_for(person)
    with as_owner():
        other = factories.actor_for(factories.user(role=Role.MEDIATOR))
    forged = (
        replace(other, session_key=actor.session_key)
        if claim == "all but the key"
        else replace(actor, **{claim: getattr(other, claim)})
    )
    before = len(events())

    with pytest.raises(NoLiveSessionError, match="no live session of this user"), transaction.atomic():
        record(EventKind.CHILD_SHOWN, About(child_id=1), actor=forged)
    assert len(events()) == before
    record(EventKind.CHILD_SHOWN, About(child_id=1), actor=actor)


def test_session_that_ended_vouches_for_nothing(person: User) -> None:
    actor = factories.actor_for(person)
    with as_owner_here():
        Session.objects.filter(pk=actor.session_id).update(expires_at=timezone.now() - timedelta(seconds=1))

    with pytest.raises(NoLiveSessionError), transaction.atomic():
        record(EventKind.CHILD_SHOWN, About(child_id=1), actor=actor)


@pytest.mark.parametrize("state", [UserState.SUSPENDED, UserState.LEFT])
def test_somebody_stopped_is_recorded_as_refused_and_as_signing_out_alone(person: User, state: UserState) -> None:
    actor = factories.actor_for(person)
    with as_owner_here():
        User.objects.filter(pk=person.pk).update(state=state)

    for kind in (EventKind.CHILD_SHOWN, EventKind.CHILD_SEARCHED, EventKind.USER_PASSWORD_CHANGED):
        with pytest.raises(NoLiveSessionError), transaction.atomic():
            record(kind, About(child_id=1), actor=actor)
    for kind in (EventKind.ACCESS_REFUSED, EventKind.SIGNED_OUT):
        record(kind, actor=actor)


@pytest.mark.parametrize(
    "kind",
    [
        EventKind.ACCESS_REFUSED,
        EventKind.ALERT_RAISED,
        EventKind.LOG_CLOSED,
        EventKind.LOG_HEARTBEAT,
    ],
)
def test_web_role_records_of_a_process_what_happens_before_anybody_is_known(db: None, kind: EventKind) -> None:
    about = About(reason=Alert.OVER_BUDGET if kind == EventKind.ALERT_RAISED else "")
    written = record(kind, about, actor=PROCESS)

    event = last_event(id=written)
    assert (event.kind, event.process, event.actor_id) == (kind, "tests", None)


@pytest.mark.parametrize("kind", [EventKind.SECOND_FACTOR_FAILED, EventKind.SIGN_IN_FAILED, EventKind.SIGN_IN_LOCKED])
def test_who_failed_to_sign_in_is_said_where_people_sign_in_alone(db: None, kind: EventKind) -> None:
    with pytest.raises(NoLiveSessionError), transaction.atomic():
        record(kind, About(user_id=7), actor=PROCESS)
    with signing_in():
        written = record(kind, About(user_id=7), actor=PROCESS)

    assert last_event(id=written).user_id == 7


def test_refusal_of_somebody_unknown_is_about_nobody(db: None) -> None:
    with pytest.raises(NoLiveSessionError), transaction.atomic():
        record(EventKind.ACCESS_REFUSED, About(user_id=7), actor=PROCESS)


# ---------------------------------------------------------------------------------------------------- append-only


@pytest.mark.parametrize("role", [*SERVING, OWNER])
@pytest.mark.parametrize("change", CHANGES)
def test_nobody_changes_an_event(event: Event, role: str, change: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|append-only"):
        run_as(role, change)

    kept = last_event(id=event.pk)
    assert (kept.outcome, kept.fields) == (event.outcome, event.fields)


@pytest.mark.parametrize("role", SERVING)
@pytest.mark.parametrize("table", ["audit_event", PARTITION])
def test_nobody_but_the_owner_can_take_the_trigger_away(event: Event, role: str, table: str) -> None:
    with pytest.raises(ProgrammingError, match="must be owner"):
        run_as(role, f"alter table {table} disable trigger all")


def test_owner_changes_an_event_only_where_it_is_recorded_that_they_maintain_the_log(event: Event) -> None:
    with as_owner_here():
        record(EventKind.LOG_MAINTAINED, actor=PROCESS)
    run_as(OWNER, f"delete from audit_event where id = {event.pk}")

    assert [each.kind for each in events()] == [EventKind.LOG_MAINTAINED]


def run_as(role: str, statement: str) -> None:
    with acting_as(role), connection.cursor() as cursor:
        cursor.execute(statement)


def test_saving_an_event_again_is_refused(event: Event) -> None:
    event.outcome = "not_found"
    with pytest.raises(ProgrammingError), transaction.atomic():
        event.save()


@pytest.mark.parametrize("statement", ["select from audit_event", "insert into audit_event default values"])
def test_web_role_neither_reads_nor_writes_the_table_itself(event: Event, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied for table audit_event"):
        run_as(WEB, statement)


@pytest.mark.parametrize(
    ("broken", "constraint"),
    [
        ({"kind": "nonsense"}, "audit_event_kind_is_known"),
        ({"process": ""}, "audit_event_has_actor_or_process"),
        ({"actor_id": 1}, "audit_event_has_actor_or_process"),
        ({"child_id": None}, "audit_event_opening_names_child_and_reason"),
        ({"reason": ""}, "audit_event_opening_names_child_and_reason"),
    ],
)
def test_database_refuses_an_event_that_says_too_little(db: None, broken: dict[str, object], constraint: str) -> None:
    with as_owner_here():
        good = record(EventKind.CHILD_OPENED, About(child_id=1, reason="s47"), actor=PROCESS)
        append_like(good, {})
    with pytest.raises(IntegrityError, match=constraint), as_owner_here():
        append_like(good, broken)


@pytest.mark.parametrize("kind", EventKind)
def test_database_takes_every_kind_of_event_but_those_that_are_no_more(db: None, kind: EventKind) -> None:
    with connection.cursor() as cursor, as_owner_here():
        cursor.execute(
            "select audit_rule_broken_by(jsonb_populate_record(null::audit_event, %s))", [json.dumps({"kind": kind})]
        )
        assert (cursor.fetchone() == ("audit_event_kind_is_known",)) is (kind in NO_MORE)


def append_like(event_id: int, changes: dict[str, object]) -> None:
    """Write the event again, changed, past the functions that check who asks."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select audit_append(jsonb_populate_record(event, %s::jsonb || jsonb_build_object("
            "'id', nextval('audit_event_id_seq')))) from audit_event event where id = %s",
            [json.dumps(changes), event_id],
        )
