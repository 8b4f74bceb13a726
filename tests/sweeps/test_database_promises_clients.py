"""Software that speaks for its organisation, to an insider with the web role's own login: nobody makes a token or has
one last longer, says anything in a system's name without one, or does with one what its system is not there for.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from pytest_django.plugin import DjangoDbBlocker

from access.models import SystemPurpose
from contactpoint.local.servers import Servers
from tests import factories, people
from tests.conftest import as_owner_here
from tests.integration.access import lives
from tests.integration.access.lives import Council
from tests.sweeps.attacking import NO_SESSION, Place, confirm, forged, placed, refusal, show_session
from tests.sweeps.in_software import ADD, END, GIVE, LOAD, NOT_THEIRS, RECORD, SPOILT, Held, held, system_of
from tests.sweeps.in_systems import WITHOUT_GUARD, key


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture(scope="module")
def council(place: Place) -> Council:
    with as_owner_here():
        return lives.council()


@pytest.fixture(autouse=True)
def serves_again(place: Place) -> Iterator[None]:
    yield
    place.as_owner("DELETE FROM access_stop WHERE scope = 'service'")


@pytest.fixture
def leavers(place: Place, council: Council) -> Held:
    return held(place, council, SystemPurpose.LEAVERS)


@pytest.fixture
def feed(place: Place, council: Council) -> Held:
    return held(place, council, SystemPurpose.FEED)


def tokens(place: Place) -> list[tuple[Any, ...]]:
    return place.as_owner("SELECT * FROM access_systemtoken ORDER BY id")


# Making one


@pytest.mark.parametrize("role", ["web", "worker", "sequencer", "examiner", "reader"])
def test_whoever_signs_nobody_in_makes_none(place: Place, leavers: Held, role: str) -> None:
    before = tokens(place)
    with place.connected(role) as connection:
        for statement in (GIVE, END):
            event = leavers.told("system.token_given", fields=leavers.named)
            assert isinstance(refusal(connection, statement, key(), event), InsufficientPrivilege)
        for statement in (
            ADD.format(leavers.system.pk),
            "UPDATE access_systemtoken SET expires_at = now() + interval '1 day'",
            "SELECT token_fingerprint FROM access_systemtoken",
            "TRUNCATE access_systemtoken",
        ):
            assert isinstance(refusal(connection, statement), InsufficientPrivilege), statement
    assert tokens(place) == before


def test_worker_removes_what_is_over_alone(place: Place, leavers: Held, feed: Held) -> None:
    over = "UPDATE access_systemtoken SET expires_at = now() WHERE token_fingerprint = %s"
    place.as_owner(over, leavers.token)
    with place.connected("worker") as worker:
        worker.execute("DELETE FROM access_systemtoken")
        worker.commit()
    left = {row[1] for row in tokens(place)}
    assert feed.token in left
    assert leavers.token not in left


def test_whoever_signs_people_in_has_no_other_way(place: Place, leavers: Held) -> None:
    with place.connected("sign_in") as sign_in:
        for statement in (
            ADD.format(leavers.system.pk),
            "UPDATE access_systemtoken SET expires_at = now() + interval '1 day'",
            "SELECT 1 FROM access_systemtoken",
            "DELETE FROM access_systemtoken",
        ):
            assert isinstance(refusal(sign_in, statement), InsufficientPrivilege), statement


def test_given_for_a_quarter_of_an_hour_beside_its_event(place: Place, leavers: Held) -> None:
    ((minutes, events),) = place.as_owner(
        "SELECT extract(epoch FROM expires_at - given_at) / 60, (SELECT count(*) FROM audit_event"
        " WHERE kind = 'system.token_given' AND process = 'system.' || system_id)"
        " FROM access_systemtoken WHERE token_fingerprint = %s",
        leavers.token,
    )
    assert (minutes, events) == (15, 1)


@pytest.mark.parametrize("how", SPOILT)
def test_none_is_given_to_a_system_that_is_not_good(place: Place, leavers: Held, how: str) -> None:
    leavers.spoil(how)
    before = tokens(place)
    with place.connected("sign_in") as sign_in:
        event = leavers.told("system.token_given", fields=leavers.named)
        assert refusal(sign_in, GIVE, key(), event).sqlstate == NO_SESSION
    assert tokens(place) == before


def test_event_that_gives_one_says_what_is_so(place: Place, council: Council, leavers: Held) -> None:
    other = held(place, council, SystemPurpose.LEAVERS)
    wrong: tuple[dict[str, Any], ...] = (
        {"fields": other.named},
        {"fields": [str(other.authority.pk), str(leavers.system.pk)]},
        {"fields": []},
        {"fields": [*leavers.named, "1"]},
        {"process": f"system.{other.system.pk}"},
        {"process": "sign-in"},
        {"organisation_id": other.authority.pk},
        {"authority_id": other.authority.pk},
        {"actor_id": council.first.user_id, "process": ""},
        {"user_id": leavers.teacher.pk},
        {"child_id": place.child},
        {"shown": [1]},
        {"kind": "access.refused"},
        {"kind": "system.token_ended"},
        {"kind": "user.suspended", "user_id": leavers.teacher.pk},
    )
    with place.connected("sign_in") as sign_in:
        for changes in wrong:
            claims: dict[str, Any] = {"kind": "system.token_given", "fields": leavers.named} | changes
            error = refusal(sign_in, GIVE, key(), leavers.told(claims.pop("kind"), **claims))
            assert error.sqlstate == NO_SESSION, changes
        sign_in.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        event = leavers.told("system.token_given", fields=leavers.named)
        assert refusal(sign_in, GIVE, key(), event).sqlstate == NO_SESSION


def test_that_one_was_given_is_said_in_no_other_way(place: Place, council: Council, leavers: Held) -> None:
    confirm(place, council.first)
    for role in ("web", "sign_in"):
        with place.connected(role) as connection:
            for kind in ("system.token_given", "system.token_ended"):
                own = [str(council.authority.pk), "1"]
                by_a_person = forged(council.first, kind=kind, fields=own)
                error = refusal(connection, "SELECT audit_record(%s, %s)", council.first.session_key, by_a_person)
                assert error.sqlstate in {NO_SESSION, NOT_THEIRS}
                nobodys = leavers.told(kind, fields=leavers.named)
                assert refusal(connection, "SELECT audit_record_process(%s)", nobodys).sqlstate == NO_SESSION
    with place.connected() as web:
        for kind in ("system.token_given", "system.token_ended"):
            event = leavers.told(kind, fields=leavers.named)
            assert refusal(web, RECORD, leavers.token, event).sqlstate == NO_SESSION


def test_given_back_by_its_own_system_once(place: Place, council: Council, leavers: Held, feed: Held) -> None:
    with place.connected("sign_in") as sign_in:
        theirs = feed.told("system.token_ended", fields=feed.named)
        assert refusal(sign_in, END, leavers.token, theirs).sqlstate == NO_SESSION
        own = leavers.told("system.token_ended", fields=leavers.named)
        assert refusal(sign_in, END, key(), own).sqlstate == NO_SESSION
        sign_in.execute(END, [leavers.token, own])
        sign_in.commit()
        assert refusal(sign_in, END, leavers.token, own).sqlstate == NO_SESSION
    with place.connected() as web:
        assert web.execute(LOAD, [leavers.token]).fetchall() == []


def test_given_back_twice_at_once_it_is_recorded_once(place: Place, leavers: Held) -> None:
    own = leavers.told("system.token_ended", fields=leavers.named)
    waits = "SELECT 1 FROM pg_locks WHERE pid = %s AND NOT granted"
    with place.connected("sign_in") as first, place.connected("sign_in") as second, ThreadPoolExecutor(1) as pool:
        first.execute(END, [leavers.token, own])
        late = pool.submit(refusal, second, END, leavers.token, own)
        while not late.done() and not place.as_owner(waits, second.info.backend_pid):
            time.sleep(0.01)
        first.commit()
        assert late.result().sqlstate == NO_SESSION
    ended = "SELECT count(*) FROM audit_event WHERE kind = 'system.token_ended' AND process = 'system.' || %s"
    assert place.as_owner(ended, leavers.system.pk) == [(1,)]


def test_tokens_go_as_their_system_is_revoked(place: Place, council: Council) -> None:
    asked, second = people.one(pk=council.first.user_id), council.second
    system = system_of(council, council.authority, SystemPurpose.LEAVERS, None)
    factories.client_token(system)
    assert asked
    confirm(place, second)
    with place.connected() as web:
        show_session(web, second)
        event = forged(second, kind="system.revoked", fields=[str(council.authority.pk), str(system.pk)])
        web.execute("SELECT audit_record(%s, %s)", [second.session_key, event])
        web.execute("UPDATE access_clientsystem SET revoked_at = now() WHERE id = %s", [system.pk])
        web.commit()
    assert place.as_owner("SELECT 1 FROM access_systemtoken WHERE system_id = %s", system.pk) == []


@pytest.mark.parametrize("column", ["purpose", "feed"])
def test_what_a_system_is_there_for_never_changes(place: Place, feed: Held, column: str) -> None:
    for role in ("web", "sign_in", "worker"):
        with place.connected(role) as connection:
            error = refusal(connection, f"UPDATE access_clientsystem SET {column} = {column}")
            assert isinstance(error, InsufficientPrivilege)
    with place.connected("owner") as owner:
        assert refusal(owner, f"UPDATE access_clientsystem SET {column} = {column}").sqlstate == NO_SESSION


@pytest.mark.parametrize(
    "wrong",
    [
        "purpose = 'everything'",
        "purpose = 'feed', feed = NULL, addresses = '{}'",
        "purpose = 'leavers', feed = 1",
        "purpose = 'leavers', feed = NULL, addresses = '{https://a.example}'",
        "purpose = 'people', feed = NULL, addresses = '{}'",
    ],
)
def test_what_does_not_go_with_a_purpose_is_not_there(place: Place, feed: Held, wrong: str) -> None:
    statement = f"UPDATE access_clientsystem SET {wrong} WHERE id = {feed.system.pk}"
    with place.connected("owner") as owner:
        error = refusal(owner, WITHOUT_GUARD.format(statement))
        assert isinstance(error, psycopg.errors.CheckViolation)
