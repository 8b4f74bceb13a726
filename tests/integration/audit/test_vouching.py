"""Which function of the database is asked to take an event, and that none is where no app has said which."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from access.models import Session
from audit import vouching
from audit.actors import Actor, Process
from audit.errors import NoLiveSessionError, NotAllowedError, RefusedByDatabaseError
from audit.events import EventKind
from audit.recorder import About, record
from audit.vouching import NobodyVouchesError, Shown, Vouchers, register, ticket_shower
from tests import factories
from tests.acting_servers import signing_in
from tests.conftest import OwnerContext, as_owner_here
from tests.log import events, last_event

SOFTWARE = Process("token.1", token_key="f" * 32)


@pytest.fixture
def person(as_owner: OwnerContext) -> Actor:
    with as_owner():
        return factories.actor_for(factories.user())


@pytest.fixture
def nobody_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vouching, "_registered", {})


@contextmanager
def asked() -> Iterator[list[str]]:
    """The statements that Django sends meanwhile."""
    sent: list[str] = []

    def note(execute: Any, statement: str, parameters: Any, many: Any, context: Any) -> Any:
        sent.append(statement)
        return execute(statement, parameters, many, context)

    with connection.execute_wrapper(note):
        yield sent


def function_for(kind: EventKind, actor: Actor | Process, refusal: type[RefusedByDatabaseError] | None = None) -> str:
    """The function that is really called, whether it takes the event or refuses."""
    with asked() as sent:
        if refusal is None:
            record(kind, About(user_id=1), actor=actor)
        else:
            with pytest.raises(refusal):
                record(kind, About(user_id=1), actor=actor)
    (statement,) = [each for each in sent if "told" in each]
    return statement.split("(")[0].removeprefix("SELECT ")


@pytest.mark.parametrize(
    ("kind", "function"),
    [(EventKind.USER_JOINED, "access_invitation_accept"), (EventKind.USER_LEFT, "audit_record_token")],
)
def test_event_for_which_a_token_is_shown_goes_to_the_function_of_its_kind(
    db: None, kind: EventKind, function: str
) -> None:
    if kind == EventKind.USER_JOINED:
        with signing_in():
            assert function_for(kind, SOFTWARE, NotAllowedError) == function
    else:
        assert function_for(kind, SOFTWARE, NoLiveSessionError) == function


def test_event_for_which_a_session_is_shown_goes_to_the_usual_function(person: Actor) -> None:
    assert function_for(EventKind.ACCESS_REFUSED, person) == "audit_record"
    assert last_event().actor_id == person.user_id


def test_sign_in_makes_the_session_somebodys_in_a_function_of_its_own(person: Actor) -> None:
    with as_owner_here():
        Session.objects.filter(pk=person.session_id).update(user=None)

    with signing_in():
        assert function_for(EventKind.SIGNED_IN, person) == "access_sign_in"
    with as_owner_here():
        assert Session.objects.get(pk=person.session_id).user_id == person.user_id


def test_what_a_process_does_by_itself_needs_nobody_to_vouch(db: None, nobody_registered: None) -> None:
    assert function_for(EventKind.LOG_HEARTBEAT, Process("tests")) == "audit_record_process"


@pytest.mark.parametrize("kind", [EventKind.SIGNED_IN, EventKind.ACCESS_REFUSED])
def test_nothing_of_a_person_is_written_where_nobody_is_registered(
    person: Actor, nobody_registered: None, kind: EventKind
) -> None:
    before = len(events())

    with pytest.raises(
        NobodyVouchesError, match=rf"{kind}: no app has registered who vouches for what shows a session"
    ):
        record(kind, actor=person)

    assert len(events()) == before


@pytest.mark.parametrize("kind", [EventKind.USER_JOINED, EventKind.USER_LEFT])
def test_nothing_of_software_is_written_where_nobody_is_registered(
    db: None, nobody_registered: None, kind: EventKind
) -> None:
    with pytest.raises(NobodyVouchesError, match="who vouches for what shows a token"):
        record(kind, actor=SOFTWARE)


@pytest.mark.parametrize("registered", [False, True])
def test_nothing_is_shown_where_nobody_takes_tickets(nobody_registered: None, registered: bool) -> None:
    if registered:
        register(Shown.SESSION, Vouchers(usual="audit_record"))

    with pytest.raises(NobodyVouchesError, match="to whom a session shows its events"):
        ticket_shower()


def test_session_does_not_stand_in_for_a_token(db: None, nobody_registered: None) -> None:
    register(Shown.SESSION, Vouchers(usual="audit_record"))

    with pytest.raises(NobodyVouchesError):
        record(EventKind.USER_LEFT, actor=SOFTWARE)


def test_two_apps_do_not_vouch_for_the_same(nobody_registered: None) -> None:
    ours = Vouchers(usual="audit_record")
    register(Shown.SESSION, ours)
    register(Shown.SESSION, replace(ours))

    with pytest.raises(ValueError, match="registered already for what shows a session"):
        register(Shown.SESSION, Vouchers(usual="another"))
