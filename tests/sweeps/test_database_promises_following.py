"""A system follows what somebody has open in it, for their organisation, and is told of nothing else.

Tried as whoever took over the web process would: with its role, its keys, and a live session in a system.
"""

from collections.abc import Iterator

import pytest
from psycopg.errors import InsufficientPrivilege, UniqueViolation
from pytest_django.plugin import DjangoDbBlocker

from access.models import ClientSystem
from access.systems.telling import keeping
from audit.actors import Actor
from contactpoint.local.servers import Servers
from tests.conftest import as_owner_here
from tests.sweeps.attacking import (
    NO_SESSION,
    OPENED,
    Place,
    commit_event,
    placed,
    record,
    refusal,
    show,
    show_session,
)
from tests.sweeps.following import FOLLOW, OTHERWISE, followed, key, new, older, rows, say, system_of, within
from tests.sweeps.in_systems import LOAD

NOT_ALLOWED = "CP004"
OF = "SELECT id, row_version, details FROM registry_following_of(%s)"
LED_TO = "SELECT id, child_id FROM registry_following_led_to(%s)"
UNFOLLOW = "SELECT registry_unfollow(%s)"
CALLS = {
    "registry_follow": "SELECT registry_follow(1, 1, '', '', NULL)",
    "registry_following_of": "SELECT registry_following_of('')",
    "registry_following_led_to": "SELECT registry_following_led_to('')",
    "registry_unfollow": "SELECT registry_unfollow('')",
}
INSIDE = (
    "SELECT registry_note_changed('{1}')",
    "SELECT registry_following_event('child.followed')",
)


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture(scope="module")
def system(place: Place) -> ClientSystem:
    return system_of(place)


@pytest.fixture
def actor(place: Place, system: ClientSystem) -> Actor:
    return within(place, system)


# Who may ask at all


@pytest.mark.parametrize("call", [*CALLS.values(), *INSIDE])
@pytest.mark.parametrize("role", ["sign_in", "worker", "sequencer", "examiner", "reader"])
def test_no_other_process_follows(place: Place, role: str, call: str) -> None:
    with place.connected(role) as connection:
        assert isinstance(refusal(connection, call), InsufficientPrivilege)


@pytest.mark.parametrize("call", [*INSIDE, "SELECT registry_following_standing(1, 1, 1, 1)"])
def test_web_process_asks_nothing_of_what_is_told(place: Place, call: str) -> None:
    with place.connected() as web:
        assert isinstance(refusal(web, call), InsufficientPrivilege)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM {}",
        "SELECT count(*) FROM {}",
        "COPY {} TO STDOUT",
        "INSERT INTO {} DEFAULT VALUES",
        "UPDATE {} SET {} = {}",
        "DELETE FROM {}",
        "TRUNCATE {}",
        "LOCK {}",
    ],
)
@pytest.mark.parametrize(
    "table",
    [("registry_following", "child_id"), ("registry_untold", "changes")],
    ids=lambda table: table[0],
)
@pytest.mark.parametrize("role", ["web", "sign_in", "sequencer", "examiner", "reader"])
def test_nobody_lists_or_makes_them_by_hand(place: Place, role: str, table: tuple[str, str], statement: str) -> None:
    with place.connected(role) as connection:
        named = statement.format(table[0], table[1], table[1])
        assert isinstance(refusal(connection, named), InsufficientPrivilege)


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        ("access_telling", "UPDATE access_telling SET given_up = 0"),
        ("access_telling", "DELETE FROM access_telling"),
        ("access_telling", "INSERT INTO access_telling (system_id) VALUES (1)"),
        ("access_tellingkey", "INSERT INTO access_tellingkey (kid, x, y) VALUES ('k', 'x', 'y')"),
        ("access_tellingkey", "UPDATE access_tellingkey SET x = 'mine'"),
        ("access_tellingkey", "DELETE FROM access_tellingkey"),
    ],
)
def test_web_process_publishes_no_key_of_its_own(place: Place, table: str, statement: str) -> None:
    """Else it would sign what systems are told: they believe what is published."""
    with place.connected() as web:
        assert isinstance(refusal(web, statement), InsufficientPrivilege)


def test_how_it_goes_is_seen_of_no_system_out_of_reach(place: Place, system: ClientSystem, actor: Actor) -> None:
    with as_owner_here():
        keeping.note_taken(system.pk)
    with place.connected() as web:
        assert web.execute("SELECT * FROM access_telling").fetchall() == []
        web.execute(LOAD, [actor.session_key])
        assert web.execute("SELECT * FROM access_telling").fetchall() == []
    place.as_owner("DELETE FROM access_telling")


def test_worker_makes_none(place: Place) -> None:
    with place.connected("worker") as worker:
        for statement in (
            "INSERT INTO registry_following DEFAULT VALUES",
            "INSERT INTO registry_untold (following_id, changes) VALUES (1, 1)",
            "SELECT nextval('registry_following_id_seq')",
            "SELECT * FROM access_clientsystem",
        ):
            assert isinstance(refusal(worker, statement), InsufficientPrivilege)


# Begun


def test_followed_beside_its_event_of_an_opened_record(place: Place, system: ClientSystem, actor: Actor) -> None:
    number, _reference = followed(place, actor, system)
    assert (number, place.child) in rows(place)
    assert place.as_owner("SELECT changes FROM registry_untold WHERE following_id = %s", number) == [(0,)]


@pytest.mark.parametrize("how", ["no event", "another transaction's", "another kind", "another system", "a browser's"])
def test_not_followed_without_its_own_event(place: Place, system: ClientSystem, actor: Actor, how: str) -> None:
    before = rows(place)
    with place.connected() as web:
        who = place.teacher if how == "a browser's" else actor
        commit_event(web, who, child_id=place.child, **OPENED)
        if how == "another transaction's":
            say(web, who, system, place.child)
            web.commit()
        elif how == "another kind":
            say(web, who, system, place.child, kind="child.followed_no_more")
        elif how == "another system":
            say(web, who, system_of(place), place.child)
        elif how == "a browser's":
            say(web, who, system, place.child)
        assert refusal(web, FOLLOW, *new()).sqlstate == NO_SESSION
        web.commit()
    assert rows(place) == before


@pytest.mark.parametrize(
    "how", ["not opened", "in this transaction", "too long ago", "another child", "another session", "no child"]
)
def test_not_followed_without_having_it_open(place: Place, system: ClientSystem, actor: Actor, how: str) -> None:
    before = rows(place)
    child = {"another child": place.other, "no child": 10**9}.get(how, place.child)
    with place.connected() as web:
        if how == "too long ago":
            gone = commit_event(web, actor, child_id=place.child, **OPENED)
            place.aged(gone, 31 * 60)
            older(place, gone)
        elif how in ("another child", "no child"):
            commit_event(web, actor, child_id=place.child, **OPENED)
        elif how == "another session":
            commit_event(web, within(place, system), child_id=place.child, **OPENED)
            commit_event(web, place.teacher, child_id=place.child, **OPENED)
        elif how == "in this transaction":
            record(web, actor, child_id=place.child, **OPENED)
        say(web, actor, system, child)
        assert refusal(web, FOLLOW, *new()).sqlstate == NOT_ALLOWED
        web.commit()
    assert rows(place) == before


def test_system_without_an_address_follows_nothing(place: Place) -> None:
    silent = system_of(place, "")
    who = within(place, silent)
    before = rows(place)
    with place.connected() as web:
        commit_event(web, who, child_id=place.child, **OPENED)
        say(web, who, silent, place.child)
        assert web.execute(FOLLOW, new()).fetchall() == [(None,)]
        web.commit()
    assert rows(place) == before


def test_following_of_another_child_is_not_taken_over(place: Place, system: ClientSystem, actor: Actor) -> None:
    """By its number and whatever else is known of it: it stays as it is, and nothing new comes under its number."""
    number, reference = followed(place, actor, system)
    ((pair, before),) = place.as_owner("SELECT pair, details FROM registry_following WHERE id = %s", number)
    with place.connected() as web:
        commit_event(web, actor, child_id=place.other, **OPENED)
        say(web, actor, system, place.other)
        for told_pair, told_reference in ((pair, reference), (key(), reference), (pair, key()), (key(), key())):
            for version in (1, 2):
                taken = (number, version, told_pair, told_reference, OTHERWISE)
                assert isinstance(refusal(web, FOLLOW, *taken), UniqueViolation)
        web.commit()
    after = place.as_owner("SELECT child_id, row_version, details FROM registry_following WHERE id = %s", number)
    assert after == [(place.child, 1, before)]


# Found again, and ended


def test_what_is_sealed_of_a_following_is_told_after_the_involvements_are_read_alone(
    place: Place, system: ClientSystem, actor: Actor
) -> None:
    number, _reference = followed(place, actor, system)
    ((pair,),) = place.as_owner("SELECT pair FROM registry_following WHERE id = %s", number)
    with place.connected() as web:
        assert refusal(web, OF, pair).sqlstate == NO_SESSION
        show(web, actor, commit_event(web, actor, child_id=place.child, **OPENED))
        assert refusal(web, OF, pair).sqlstate == NO_SESSION
        web.rollback()
        show(web, actor, commit_event(web, actor, kind="involvement.read", child_id=place.other))
        ((spare, version, details),) = web.execute(OF, [pair]).fetchall()
        assert (spare != number, version, details) == (True, 0, None)
        web.rollback()
        show(web, actor, commit_event(web, actor, kind="involvement.read", child_id=place.child))
        ((found, version, _details),) = web.execute(OF, [pair]).fetchall()
        assert (found, version) == (number, 1)


def test_reference_leads_somewhere_in_a_systems_session_alone(place: Place, system: ClientSystem, actor: Actor) -> None:
    number, reference = followed(place, actor, system)
    with place.connected() as web:
        assert web.execute(LED_TO, [reference]).fetchall() == []
        show_session(web, place.teacher)
        assert web.execute(LED_TO, [reference]).fetchall() == []
        web.execute(LOAD, [actor.session_key])
        assert web.execute(LED_TO, [reference]).fetchall() == [(number, place.child)]
        assert web.execute(LED_TO, [key()]).fetchall() == []
        web.commit()
        place.as_owner("UPDATE access_session SET expires_at = now() WHERE id = %s", actor.session_id)
        assert web.execute(LED_TO, [reference]).fetchall() == []


def test_ended_beside_its_own_event_alone(place: Place, system: ClientSystem, actor: Actor) -> None:
    number, reference = followed(place, actor, system)
    over = {"kind": "child.followed_no_more"}
    with place.connected() as web:
        assert refusal(web, UNFOLLOW, reference).sqlstate == NO_SESSION
        for who, about in (
            (place.teacher, {}),
            (actor, {"fields": ["system", "0"]}),
            (actor, {"kind": "child.followed"}),
        ):
            say(web, who, system, place.child, **{**over, **about})
            assert refusal(web, UNFOLLOW, reference).sqlstate == NO_SESSION
            web.rollback()
        say(web, actor, system, place.other, **over)
        web.execute(UNFOLLOW, [reference])
        web.execute(UNFOLLOW, [key()])
        web.commit()
        assert (number, place.child) in rows(place), "the event was of another child"
        say(web, actor, system, place.child, **over)
        web.execute(UNFOLLOW, [reference])
        web.commit()
    assert (number, place.child) not in rows(place)


def test_followed_for_half_an_hour_after_it_was_opened(place: Place, system: ClientSystem, actor: Actor) -> None:
    with place.connected() as web:
        gone = commit_event(web, actor, child_id=place.child, **OPENED)
        place.aged(gone, 29 * 60)
        older(place, gone)
        say(web, actor, system, place.child)
        assert web.execute(FOLLOW, new()).fetchall() != [(None,)]
        web.rollback()
