"""Why a session ended is told to whoever holds its key; nobody lists or forges it, and none ends without cause."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from psycopg.errors import InsufficientPrivilege
from pytest_django.plugin import DjangoDbBlocker

from audit.actors import Actor
from contactpoint.local.servers import Servers
from tests import factories, people
from tests.sweeps.attacking import Place, Web, placed, record, refusal, told

ENDED = "SELECT user_id, why FROM access_session_ended(%s)"
END_OTHERS = "SELECT access_sessions_end_others(%s)"


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


def end(place: Place, session_key: str) -> None:
    with place.connected() as web:
        web.execute("SELECT access_session_end(%s)", [session_key])
        web.commit()


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM access_sessionend",
        "SELECT count(*) FROM access_sessionend",
        "COPY access_sessionend TO STDOUT",
        "EXPLAIN SELECT FROM access_sessionend WHERE key_fingerprint < 'a'",
        "INSERT INTO access_sessionend SELECT",
        "UPDATE access_sessionend SET why = 'stopped'",
        "DELETE FROM access_sessionend",
        "SELECT nextval('access_sessionend_id_seq')",
        "SELECT access_note_session_end()",
    ],
)
@pytest.mark.parametrize("role", ["web", "sign_in", "sequencer", "examiner", "reader"])
def test_ends_cannot_be_listed_made_or_changed_by_hand(place: Place, role: str, statement: str) -> None:
    with place.connected(role) as connection:
        assert isinstance(refusal(connection, statement), InsufficientPrivilege)


def test_worker_removes_what_is_no_longer_told_and_sees_nothing_else(place: Place) -> None:
    told, forgotten = place.newcomer(), place.newcomer()
    for each in (told, forgotten):
        end(place, each.session_key)
    place.as_owner("UPDATE access_sessionend SET told_until = now() WHERE key_fingerprint = %s", forgotten.session_key)
    with place.connected("worker") as worker:
        assert isinstance(refusal(worker, "SELECT key_fingerprint FROM access_sessionend"), InsufficientPrivilege)
        assert isinstance(refusal(worker, "SELECT user_id, why FROM access_sessionend"), InsufficientPrivilege)
        assert worker.execute("SELECT told_until <= now() FROM access_sessionend").fetchall() == [(True,)]
        assert len(worker.execute("DELETE FROM access_sessionend RETURNING id").fetchall()) == 1
        worker.commit()
    left = place.as_owner("SELECT user_id FROM access_sessionend WHERE key_fingerprint = %s", told.session_key)
    assert left == [(told.user_id,)]


@pytest.mark.parametrize("presented", ["", "%", "0" * 32, "' OR true --", None])
def test_nothing_is_told_without_the_key(place: Place, presented: str | None) -> None:
    end(place, place.newcomer().session_key)
    with place.connected() as web:
        assert web.execute(ENDED, [presented]).fetchall() == []


def test_end_is_told_with_the_key_and_no_live_session_is(place: Place) -> None:
    someone = place.newcomer()
    with place.connected() as web:
        assert web.execute(ENDED, [someone.session_key]).fetchall() == []
        end(place, someone.session_key)
        assert web.execute(ENDED, [someone.session_key]).fetchall() == [(someone.user_id, "signed_out")]


def begin_anew(sign_in: Web, actor: Actor) -> None:
    """End the actor's session, begin another under its key, and sign in there as themselves."""
    (contents,) = sign_in.execute("SELECT contents FROM access_session_load(%s)", [actor.session_key]).fetchone() or ()
    sign_in.execute("SELECT access_session_end(%s)", [actor.session_key])
    begun = sign_in.execute(
        "SELECT access_session_begin(%s, %s, now() + interval '1 hour')", [actor.session_key, contents]
    ).fetchone()
    assert begun
    event = told(replace(actor, session_id=begun[0]), kind="sign_in.succeeded", user_id=actor.user_id)
    assert sign_in.execute("SELECT access_sign_in(%s, %s)", [actor.session_key, event]).fetchone()
    sign_in.commit()


@pytest.mark.parametrize("by", ["signing out", "a password", "the worker"])
def test_session_begun_anew_under_a_dead_key_ends_like_any_other(place: Place, by: str) -> None:
    """Else whoever took over where people sign in could never be stopped; no session of theirs be cleaned up."""
    here = place.newcomer()
    attacker = factories.actor_for(people.one(pk=here.user_id))
    with place.connected("sign_in") as sign_in, place.connected() as web:
        begin_anew(sign_in, attacker)
        if by == "signing out":
            end(place, attacker.session_key)
        elif by == "a password":
            record(sign_in, here, kind="user.password_changed", user_id=here.user_id)
            assert len(sign_in.execute(END_OTHERS, [here.session_key]).fetchall()) == 1
            sign_in.commit()
        else:
            place.as_owner(
                "UPDATE access_session SET expires_at = now() WHERE key_fingerprint = %s", attacker.session_key
            )
            with place.connected("worker") as worker:
                worker.execute("DELETE FROM access_session WHERE expires_at <= now()")
                worker.commit()
        why = {"signing out": "signed_out", "a password": "password", "the worker": "ran_out"}[by]
        assert web.execute(ENDED, [attacker.session_key]).fetchall() == [(here.user_id, why)]


def test_end_that_was_taken_back_is_told_to_nobody(place: Place) -> None:
    someone = place.newcomer()
    with place.connected() as web:
        web.execute("SELECT access_session_end(%s)", [someone.session_key])
        web.rollback()
        assert web.execute(ENDED, [someone.session_key]).fetchall() == []


def test_others_end_beside_the_event_of_a_new_password_alone(place: Place) -> None:
    here = place.newcomer()
    elsewhere = factories.actor_for(people.one(pk=here.user_id))
    with place.connected("sign_in") as sign_in:
        for session_key in (here.session_key, place.teacher.session_key, "", None):
            assert sign_in.execute(END_OTHERS, [session_key]).fetchall() == []
        record(sign_in, here, kind="sign_out.done", user_id=here.user_id)
        assert sign_in.execute(END_OTHERS, [here.session_key]).fetchall() == []
        record(sign_in, here, kind="user.password_changed", user_id=here.user_id)
        for session_key in (place.teacher.session_key, place.colleague.session_key):
            assert sign_in.execute(END_OTHERS, [session_key]).fetchall() == [], "it is not their event"
        assert sign_in.execute(END_OTHERS, [here.session_key]).fetchall() == [(elsewhere.session_id,)]
        sign_in.commit()
        assert sign_in.execute(ENDED, [elsewhere.session_key]).fetchall() == [(here.user_id, "password")]
        assert sign_in.execute(END_OTHERS, [here.session_key]).fetchall() == [], "the event is another transaction's"
