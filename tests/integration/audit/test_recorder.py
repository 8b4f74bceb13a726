"""The log's one way in, and that what is in stays as it is."""

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from access.models import User
from access.roles import Role
from audit.actors import Process
from audit.events import EventKind
from audit.models import Event
from audit.recorder import About, NotInTransactionError, record, record_each
from tests import factories
from tests.conftest import OwnerContext

PROCESS = Process("tests")
CHANGES = {
    "update": "update audit_event set outcome = 'not_found'",
    "delete": "delete from audit_event",
    "truncate": "truncate audit_event",
}
ROLES = ["contactpoint_web", "contactpoint_worker", "contactpoint_owner"]


@pytest.fixture
def person(as_owner: OwnerContext) -> User:
    with as_owner():
        return factories.user()


@pytest.fixture
def event(db: None) -> Event:
    return record(EventKind.LOG_READ, About(user_id=7, fields=["event 1"]), actor=PROCESS)


def test_event_outside_a_transaction_is_refused(own_database: str) -> None:
    with pytest.raises(NotInTransactionError, match=r"log\.read must be recorded in the transaction"):
        record(EventKind.LOG_READ, actor=PROCESS)
    with pytest.raises(NotInTransactionError):
        record_each(EventKind.CHILD_ADDED, [About(child_id=1)], actor=PROCESS)

    assert not Event.objects.exists()


def test_event_inside_a_transaction_is_kept(own_database: str) -> None:
    with transaction.atomic():
        record(EventKind.LOG_READ, actor=PROCESS)

    assert Event.objects.count() == 1


def test_event_goes_when_what_it_tells_of_is_undone(person: User) -> None:
    before = Event.objects.count()
    with transaction.atomic():
        record(EventKind.LOG_READ, actor=factories.actor_for(person))
        assert Event.objects.count() == before + 1
        transaction.set_rollback(True)

    assert Event.objects.count() == before


def test_write_is_undone_when_its_event_cannot_be_written(
    as_owner: OwnerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise IntegrityError

    with as_owner():
        there = User.objects.count()
        monkeypatch.setattr(Event, "save", refuse)
        with pytest.raises(IntegrityError):
            factories.user(works_for=factories.organisation())

    assert User.objects.count() == there


def test_actor_is_told_by_ids_alone(person: User) -> None:
    actor = factories.actor_for(person)

    written = record(EventKind.CHILD_SHOWN, About(child_id=3, shown=[3, 1, 2]), actor=actor)

    event = Event.objects.get(pk=written.pk)
    assert (event.actor_id, event.role, event.process) == (person.pk, Role.PRACTITIONER, "")
    assert (event.organisation_id, event.authority_id) == (actor.organisation_id, actor.authority_id)
    assert event.shown == [3, 1, 2], "the order in which they were shown"


def test_criteria_are_sealed_at_rest_and_open_for_who_holds_the_key(db: None) -> None:
    typed = {"given": "Canary", "family": "Zyxwvut"}
    written = record(EventKind.CHILD_SEARCHED, About(criteria=typed), actor=PROCESS)
    with connection.cursor() as cursor:
        cursor.execute("select audit_event::text, criteria::bytea from audit_event where id = %s", [written.pk])
        text, sealed = cursor.fetchone()

    assert Event.objects.get(pk=written.pk).criteria.open() == typed
    assert repr(Event.objects.get(pk=written.pk).criteria) == "<sealed>"
    for value in typed.values():
        assert value not in text
        assert value.encode() not in bytes(sealed)


def test_about_does_not_print_what_was_typed() -> None:
    assert "Canary" not in repr(About(criteria={"given": "Canary"}))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_nobody_changes_an_event(event: Event, role: str, change: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|append-only"):
        run_as(role, change)

    kept = Event.objects.get(pk=event.pk)
    assert (kept.outcome, kept.fields) == (event.outcome, event.fields)


@pytest.mark.parametrize("role", ROLES[:2])
def test_nobody_but_the_owner_can_take_the_trigger_away(event: Event, role: str) -> None:
    with pytest.raises(ProgrammingError, match="must be owner"):
        run_as(role, "alter table audit_event disable trigger all")


def run_as(role: str, statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"set local role {role}")
        cursor.execute(statement)


def test_saving_an_event_again_is_refused(event: Event) -> None:
    event.outcome = "not_found"
    with pytest.raises(ProgrammingError), transaction.atomic():
        event.save()


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
    good = {"kind": EventKind.CHILD_OPENED, "child_id": 1, "reason": "s47", "process": "tests"}
    Event(**good).save()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Event(**{**good, **broken}).save()
