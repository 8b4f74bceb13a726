"""A session is its browser's: nobody lists one, takes one over, or makes one somebody's without the event.

Whoever signs people in begins sessions, and the web process none: each attack is tried with whatever role may do most.
"""

import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from psycopg.errors import InsufficientPrivilege
from pytest_django.plugin import DjangoDbBlocker

from audit.actors import Actor
from audit.leaves import leaves
from contactpoint.local.servers import Servers
from tests.conftest import as_owner_here
from tests.sweeps.attacking import NO_SESSION, OPENED, Place, Web, commit_event, placed, record, refusal, told

RECORD, SIGN_IN = "SELECT audit_record(%s, %s)", "SELECT access_sign_in(%s, %s)"
SIGNED_IN = {"kind": "sign_in.succeeded"}


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


def contents(connection: Web, actor: Actor) -> bytes:
    """The sealed contents of the actor's own session: as good as any for a forged one."""
    row = connection.execute("SELECT contents FROM access_session_load(%s)", [actor.session_key]).fetchone()
    assert row is not None
    return bytes(row[0])


def begun(sign_in: Web, place: Place, actor: Actor) -> Actor:
    """The actor as they would be in a new session, which is nobody's yet."""
    key = secrets.token_hex(16)
    row = sign_in.execute(
        "SELECT access_session_begin(%s, %s, now() + interval '1 hour')", [key, contents(sign_in, place.teacher)]
    ).fetchone()
    assert row is not None
    return replace(actor, session_key=key, session_id=row[0])


def user_of(place: Place, session: int) -> int | None:
    rows = place.as_owner("SELECT user_id FROM access_session WHERE id = %s", session)
    return rows[0][0]  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM access_session",
        "SELECT count(*) FROM access_session",
        "COPY access_session TO STDOUT",
        "EXPLAIN SELECT FROM access_session WHERE key_fingerprint < 'a'",
        "SELECT FROM access_session FOR UPDATE",
        "INSERT INTO access_session SELECT",
        "INSERT INTO access_session (user_id) VALUES (1)",
        "UPDATE access_session SET user_id = 1",
        "DELETE FROM access_session",
        "SELECT nextval('access_session_id_seq')",
    ],
)
@pytest.mark.parametrize("role", ["web", "sign_in", "sequencer", "examiner", "reader"])
def test_sessions_cannot_be_listed_made_or_changed_by_hand(place: Place, role: str, statement: str) -> None:
    with place.connected(role) as connection:
        assert isinstance(refusal(connection, statement), InsufficientPrivilege)


def test_worker_sees_ended_sessions_alone(place: Place) -> None:
    ended = place.newcomer()
    place.as_owner("UPDATE access_session SET expires_at = now() WHERE id = %s", ended.session_id)
    with place.connected("worker") as worker:
        for statement in (
            "SELECT key_fingerprint FROM access_session",
            "EXPLAIN SELECT id FROM access_session WHERE key_fingerprint < 'a'",
            "DELETE FROM access_session WHERE key_fingerprint < 'a'",
        ):
            assert isinstance(refusal(worker, statement), InsufficientPrivilege), statement
        seen = worker.execute("SELECT id, expires_at <= now() FROM access_session").fetchall()
        assert (ended.session_id, True) in seen
        assert all(is_over for _id, is_over in seen)
        assert len(worker.execute("DELETE FROM access_session RETURNING id").fetchall()) == len(seen)


@pytest.mark.parametrize("role", ["web", "sign_in"])
@pytest.mark.parametrize("presented", ["", "%", "0" * 32, "' OR true --", None])
def test_no_session_is_loaded_changed_or_ended_without_its_key(place: Place, presented: str | None, role: str) -> None:
    before = place.as_owner("SELECT * FROM access_session ORDER BY id")
    with place.connected(role) as connection:
        sealed = contents(connection, place.teacher)
        assert connection.execute("SELECT * FROM access_session_load(%s)", [presented]).fetchall() == []
        saved = connection.execute("SELECT access_session_save(%s, %s, now())", [presented, sealed])
        assert saved.fetchall() == [(None,)]
        connection.execute("SELECT access_session_end(%s)", [presented])
        connection.commit()
    assert place.as_owner("SELECT * FROM access_session ORDER BY id") == before


def test_begun_session_is_nobodys(place: Place) -> None:
    with place.connected("sign_in") as sign_in, place.connected() as web:
        forged = begun(sign_in, place, place.teacher)
        sign_in.commit()
        claims = told(forged, child_id=place.child)
        for connection in (sign_in, web):
            assert refusal(connection, RECORD, forged.session_key, claims).sqlstate == NO_SESSION
        event = commit_event(web, place.newcomer(), child_id=place.child, **OPENED)
        assert refusal(web, "SELECT registry_read(%s, %s)", event, forged.session_key).sqlstate == NO_SESSION


def test_begun_under_a_key_that_is_taken_changes_nothing(place: Place) -> None:
    with place.connected("sign_in") as sign_in:
        taken = sign_in.execute(
            "SELECT access_session_begin(%s, %s, 'infinity')",
            [place.colleague.session_key, contents(sign_in, place.teacher)],
        )
        assert taken.fetchall() == [(None,)]
        sign_in.commit()
    assert user_of(place, place.colleague.session_id) == place.colleague.user_id


@pytest.mark.parametrize("kind", ["child.opened", "sign_out.done", "access.refused", ""])
def test_session_becomes_somebodys_with_a_sign_in_alone(place: Place, kind: str) -> None:
    with place.connected("sign_in") as sign_in:
        forged = begun(sign_in, place, place.teacher)
        for claims in (told(forged, **OPENED | {"kind": kind}), told(forged, kind=None)):
            refusal(sign_in, SIGN_IN, forged.session_key, claims)
        sign_in.commit()
    assert user_of(place, forged.session_id) is None


def test_sign_in_that_was_taken_back_leaves_the_session_nobodys(place: Place) -> None:
    """The event and the session's user come together, or neither does."""
    with place.connected("sign_in") as sign_in:
        forged = begun(sign_in, place, place.teacher)
        sign_in.execute("SAVEPOINT before")
        record(sign_in, forged, function="access_sign_in", **SIGNED_IN)
        sign_in.execute("ROLLBACK TO before")
        sign_in.commit()
    assert user_of(place, forged.session_id) is None


def test_sign_in_of_another_does_not_change_whose_a_session_is(place: Place) -> None:
    with place.connected("sign_in") as sign_in:
        for claims in (
            told(place.colleague, **SIGNED_IN),
            told(replace(place.colleague, session_id=place.teacher.session_id), **SIGNED_IN),
        ):
            assert refusal(sign_in, SIGN_IN, place.teacher.session_key, claims).sqlstate == NO_SESSION
        record(sign_in, place.teacher, function="access_sign_in", **SIGNED_IN)
        sign_in.commit()
    assert user_of(place, place.teacher.session_id) == place.teacher.user_id


def test_somebody_suspended_cannot_be_signed_in(place: Place) -> None:
    suspended = place.newcomer()
    place.as_owner("UPDATE access_user SET state = 'suspended' WHERE id = %s", suspended.user_id)
    with place.connected("sign_in") as sign_in:
        forged = begun(sign_in, place, suspended)
        assert refusal(sign_in, SIGN_IN, forged.session_key, told(forged, **SIGNED_IN)).sqlstate == NO_SESSION


def test_forged_sign_in_leaves_an_event_that_is_not_ours(place: Place) -> None:
    """The database knows no password, so whoever signs people in can sign anybody in: but everybody sees it."""
    with place.connected("sign_in") as sign_in:
        forged = begun(sign_in, place, place.colleague)
        event = record(sign_in, forged, function="access_sign_in", **SIGNED_IN)
        sign_in.commit()
    honest = place.newcomer()
    with as_owner_here():
        assert [leaf.is_ours() for leaf in leaves("id = %s", [event])] == [False]
        assert [leaf.is_ours() for leaf in leaves("session_id = %s", [honest.session_id])] == [True]


def test_session_cannot_be_made_to_last(place: Place) -> None:
    someone, later = place.newcomer(), timezone.now() + timedelta(days=3)
    with place.connected("sign_in") as sign_in, place.connected() as web:
        sealed = contents(web, someone)
        for connection in (sign_in, web):
            connection.execute("SELECT access_session_save(%s, %s, %s)", [someone.session_key, sealed, later])
            connection.commit()
        sign_in.execute("SELECT access_session_begin(%s, %s, %s)", [secrets.token_hex(16), sealed, later])
        sign_in.commit()
    longest = place.as_owner("SELECT max(expires_at - started_at), max(expires_at - now()) FROM access_session")
    assert max(longest[0]) <= timedelta(seconds=settings.SESSION_COOKIE_AGE)


@pytest.mark.parametrize("role", ["web", "sign_in"])
def test_expired_session_does_not_come_back(place: Place, role: str) -> None:
    someone = place.newcomer()
    with place.connected(role) as connection:
        sealed = contents(connection, someone)
        place.as_owner("UPDATE access_session SET expires_at = now() WHERE id = %s", someone.session_id)
        again = connection.execute(
            "SELECT access_session_save(%s, %s, now() + interval '1 hour')", [someone.session_key, sealed]
        )
        assert again.fetchall() == [(None,)]
        connection.commit()
    ((live,),) = place.as_owner("SELECT expires_at > now() FROM access_session WHERE id = %s", someone.session_id)
    assert not live
