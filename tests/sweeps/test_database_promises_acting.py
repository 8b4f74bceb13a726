"""What a system may do for somebody: begun by a code that they let be made, renewed, and over when it has to be.

Tried as whoever took over where people sign in would, and as a system that keeps what it was given.
"""

import threading
from collections.abc import Iterator

import pytest
from psycopg.errors import InsufficientPrivilege, NotNullViolation, UniqueViolation
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role
from contactpoint.local.servers import Servers
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.access import lives
from tests.integration.access.lives import Council
from tests.sweeps.attacking import NO_SESSION, Place, outright, placed, record, refusal, told
from tests.sweeps.in_systems import (
    CHALLENGE,
    LOAD,
    REDEEM,
    SPOILT,
    Held,
    World,
    allow,
    held_by,
    key,
    making,
    named,
    redeem,
    say_allowed,
    world_of,
)

NOT_THEIRS = "CP004"
RECORD = "SELECT audit_record(%s, %s)"
CALLS = {
    "access_code_make": "SELECT access_code_make('x', 'x', 1, 'x', 'x')",
    "access_code_load": "SELECT access_code_load('x', 1)",
    "access_code_redeem": "SELECT access_code_redeem('x', 1, 'x', 'x', 'x')",
    "access_system_renew": "SELECT access_system_renew('x', 'x', 1, 'x', 'x')",
    "access_system_leave": "SELECT access_system_leave('x', 1)",
    "access_system_session": "SELECT access_system_session('x', 1)",
    "access_system_standing": "SELECT access_system_standing(1, 1)",
}


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture(scope="module")
def council(place: Place) -> Council:
    with as_owner_here():
        return lives.council()


@pytest.fixture
def world(place: Place, council: Council) -> World:
    return world_of(place, council)


def live(world: World, held: Held) -> bool:
    """Whether the access token opens anything, as the web process asks."""
    with world.place.connected() as web:
        return web.execute(LOAD, [held.actor.session_key]).fetchall() != []


def sessions(world: World) -> list[tuple[int]]:
    return world.place.as_owner("SELECT id FROM access_session WHERE system_id = %s ORDER BY id", world.system.pk)


# Who may ask at all


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("role", ["web", "worker", "sequencer", "examiner", "reader"])
def test_sessions_in_systems_begin_where_people_sign_in_and_nowhere_else(place: Place, role: str, call: str) -> None:
    with place.connected(role) as connection:
        assert isinstance(refusal(connection, call), InsufficientPrivilege)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM access_systemcode",
        "SELECT count(*) FROM access_systemcode",
        "COPY access_systemcode TO STDOUT",
        "INSERT INTO access_systemcode SELECT",
        "UPDATE access_systemcode SET user_id = 1",
        "DELETE FROM access_systemcode",
        "SELECT nextval('access_systemcode_id_seq')",
        "SELECT renewal_fingerprint FROM access_session",
        "SELECT system_id FROM access_session",
        "INSERT INTO access_session (system_id) VALUES (1)",
        "UPDATE access_session SET system_id = 1",
    ],
)
@pytest.mark.parametrize("role", ["web", "sign_in", "sequencer", "examiner", "reader"])
def test_codes_and_sessions_are_not_listed_or_made_by_hand(place: Place, role: str, statement: str) -> None:
    with place.connected(role) as connection:
        assert isinstance(refusal(connection, statement), InsufficientPrivilege)


def test_worker_sees_and_removes_codes_that_ended_long_ago_alone(world: World) -> None:
    with world.place.connected("sign_in") as sign_in, world.place.connected("worker") as worker:
        for ended in ("30 minutes", "61 minutes", "0 minutes"):
            code = allow(sign_in, world.actor, world.system)
            world.place.as_owner(
                "UPDATE access_systemcode SET expires_at = now() - %s::interval WHERE code_fingerprint = %s",
                ended,
                code,
            )
        for column in ("code_fingerprint", "user_id", "session_id", "challenge"):
            assert isinstance(refusal(worker, f"SELECT {column} FROM access_systemcode"), InsufficientPrivilege)
        before = world.place.as_owner("SELECT count(*) FROM access_systemcode")[0][0]
        assert worker.execute("DELETE FROM access_systemcode").rowcount == 1
        worker.commit()
    assert world.place.as_owner("SELECT count(*) FROM access_systemcode")[0][0] == before - 1


# A code is made


def test_code_is_made_beside_its_own_event_alone(world: World) -> None:
    other, colleague = world.another_system(), world.colleague()
    with world.place.connected("sign_in") as sign_in:
        makes = making(world.actor, world.system)
        assert refusal(sign_in, *makes).sqlstate == NO_SESSION, "without any event"
        with sign_in.transaction(force_rollback=True):
            say_allowed(sign_in, world.actor, other)
            assert refusal(sign_in, *makes).sqlstate == NO_SESSION, "of another system"
        with sign_in.transaction(force_rollback=True):
            say_allowed(sign_in, colleague, world.system)
            assert refusal(sign_in, *makes).sqlstate == NO_SESSION, "another person's"
        with sign_in.transaction(force_rollback=True):
            record(sign_in, world.actor, kind="sign_out.done", fields=named(world.system))
            assert refusal(sign_in, *makes).sqlstate == NO_SESSION, "another kind"
        say_allowed(sign_in, world.actor, world.system)
        sign_in.commit()
        assert refusal(sign_in, *makes).sqlstate == NO_SESSION, "of a transaction before"
        say_allowed(sign_in, world.actor, world.system)
        for presented in ("", key(), None, colleague.session_key):
            assert refusal(sign_in, makes[0], presented, *makes[2:]).sqlstate == NO_SESSION, "in no session of theirs"
        for address in ("https://elsewhere.example.org/", factories.SYSTEM_ADDRESS + "/", "", None):
            elsewhere = refusal(sign_in, *makes[:4], address, CHALLENGE)
            assert elsewhere.sqlstate == NO_SESSION, "to an address that it is not accredited with"
        statement, *arguments = makes
        assert sign_in.execute(statement, arguments).fetchall()


def test_no_code_is_made_in_a_session_in_a_system(world: World) -> None:
    """Nobody whom a system acts for lets another system act, nor this one once more."""
    held, other = held_by(world), world.another_system()
    with world.place.connected("sign_in") as sign_in:
        for system in (world.system, other):
            event = told(held.actor, kind="system.allowed", user_id=world.person.pk, fields=named(system))
            assert refusal(sign_in, RECORD, held.actor.session_key, event).sqlstate == NO_SESSION
            say_allowed(sign_in, world.actor, system)
            assert refusal(sign_in, *making(held.actor, system)).sqlstate == NO_SESSION


def test_no_code_is_made_before_a_second_factor_is_shown(world: World) -> None:
    with world.place.connected("sign_in") as sign_in:
        say_allowed(sign_in, world.actor, world.system)
        world.place.as_owner("UPDATE access_session SET second_factor_at = NULL WHERE id = %s", world.actor.session_id)
        assert refusal(sign_in, *making(world.actor, world.system)).sqlstate == NO_SESSION
        event = told(world.actor, kind="system.allowed", user_id=world.person.pk, fields=named(world.system))
        assert refusal(sign_in, RECORD, world.actor.session_key, event).sqlstate == NO_SESSION


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.MEDIATOR])
def test_no_code_is_made_for_anybody_but_a_practitioner(world: World, role: Role) -> None:
    actor = world.colleague(role, world.authority)
    event = told(actor, kind="system.allowed", user_id=actor.user_id, fields=named(world.system))
    with world.place.connected("sign_in") as sign_in:
        assert refusal(sign_in, RECORD, actor.session_key, event).sqlstate == NOT_THEIRS


def test_nobody_lets_a_system_act_for_somebody_else(world: World) -> None:
    colleague = world.colleague()
    event = told(world.actor, kind="system.allowed", user_id=colleague.user_id, fields=named(world.system))
    with world.place.connected("sign_in") as sign_in:
        assert refusal(sign_in, RECORD, world.actor.session_key, event).sqlstate == NOT_THEIRS


def test_no_code_is_made_for_a_system_of_elsewhere(world: World) -> None:
    """Neither of another council, nor of another school of the same one."""
    with world.place.connected("sign_in") as sign_in:
        for organisation in (world.elsewhere, world.elsewhere.responsible_authority):
            system = world.another_system(organisation)
            say_allowed(sign_in, world.actor, system)
            assert refusal(sign_in, *making(world.actor, system)).sqlstate == NO_SESSION
        theirs = world.another_system(world.school)
        say_allowed(sign_in, world.actor, theirs)
        statement, *arguments = making(world.actor, theirs)
        assert sign_in.execute(statement, arguments).fetchall(), "of where they work it is"


@pytest.mark.parametrize("how", SPOILT)
def test_no_code_is_made_when_something_speaks_against_it_meanwhile(world: World, how: str) -> None:
    """After the event was taken, and before the transaction ends."""
    with world.place.connected("sign_in") as sign_in:
        say_allowed(sign_in, world.actor, world.system)
        world.spoil(how)
        assert refusal(sign_in, *making(world.actor, world.system)).sqlstate == NO_SESSION


# A session begins


def refused_redeeming(world: World, code: str, system: int | None = None) -> bool:
    with world.place.connected("sign_in") as sign_in:
        row = sign_in.execute(REDEEM, [code, system or world.system.pk, key(), key(), key()]).fetchone()
        return row is None


@pytest.mark.parametrize("how", SPOILT)
def test_no_session_begins_where_something_speaks_against_it(world: World, how: str) -> None:
    with world.place.connected("sign_in") as sign_in:
        code = allow(sign_in, world.actor, world.system)
    world.spoil(how)
    assert refused_redeeming(world, code)
    assert sessions(world) == []


@pytest.mark.parametrize(
    "since",
    [
        "UPDATE access_systemcode SET expires_at = now() WHERE code_fingerprint = %(code)s",
        "DELETE FROM access_session WHERE id = %(session)s",
        "UPDATE access_session SET expires_at = now() WHERE id = %(session)s",
        """INSERT INTO access_invitation (user_id, invited_by_id, purpose, asked_at)
            SELECT user_id, user_id, 'reset', now() FROM access_systemcode WHERE code_fingerprint = %(code)s""",
    ],
    ids=["a minute is over", "they signed out", "their session ran out", "a new sign-in waits for them"],
)
def test_code_is_worth_nothing_any_more(world: World, since: str) -> None:
    with world.place.connected("sign_in") as sign_in:
        code = allow(sign_in, world.actor, world.system)
    with world.place.connected("owner") as owner:
        owner.execute(since, {"code": code, "session": world.actor.session_id})
        owner.commit()
    assert refused_redeeming(world, code)
    assert sessions(world) == []


def test_code_is_worth_nothing_to_another_system_or_without_it(world: World) -> None:
    other = world.another_system()
    with world.place.connected("sign_in") as sign_in:
        code = allow(sign_in, world.actor, world.system)
        ((seconds,),) = world.place.as_owner(
            "SELECT extract(epoch FROM expires_at - now()) FROM access_systemcode WHERE code_fingerprint = %s", code
        )
        assert seconds <= 60
        assert sign_in.execute("SELECT * FROM access_code_load(%s, %s)", [code, other.pk]).fetchall() == []
    assert refused_redeeming(world, code, other.pk)
    assert refused_redeeming(world, key())
    with world.place.connected("sign_in") as sign_in:
        assert redeem(sign_in, world.actor, world.system, code), "and none of that has used it up"


def test_code_that_is_used_twice_ends_what_it_began(world: World) -> None:
    with world.place.connected("sign_in") as sign_in:
        code = allow(sign_in, world.actor, world.system)
        held = redeem(sign_in, world.actor, world.system, code)
        sign_in.commit()
        assert held
        assert live(world, held)
        assert redeem(sign_in, world.actor, world.system, code) is None
        sign_in.commit()
        assert not live(world, held)
        assert redeem(sign_in, world.actor, world.system, code) is None, "nor does it begin another"


def test_code_begins_one_session_where_two_bring_it_at_once(world: World) -> None:
    with world.place.connected("sign_in") as first, world.place.connected("sign_in", autocommit=True) as second:
        code = allow(first, world.actor, world.system)
        held = redeem(first, world.actor, world.system, code)
        answered: list[object] = []
        arguments = [code, world.system.pk, key(), key(), key()]
        waiting = threading.Thread(target=lambda: answered.append(second.execute(REDEEM, arguments).fetchone()))
        waiting.start()
        waiting.join(0.5)
        assert waiting.is_alive(), "it waits for the first"
        first.commit()
        waiting.join(10)
        assert answered == [(None,)], "no session, and whose it was"
    assert held
    assert not live(world, held)


def test_no_session_begins_without_its_sign_in(world: World) -> None:
    """Neither with none, nor beside that of another session: nor is the code used up by that."""
    with world.place.connected("sign_in") as sign_in:
        code = allow(sign_in, world.actor, world.system)
        for beside in (False, True):
            sign_in.execute(REDEEM, [code, world.system.pk, key(), key(), key()])
            if beside:
                record(sign_in, world.actor, kind="sign_in.succeeded", user_id=world.person.pk)
            error = outright(sign_in, "SET CONSTRAINTS ALL IMMEDIATE")
            assert error.sqlstate == NO_SESSION
            sign_in.execute(REDEEM, [code, world.system.pk, key(), key(), key()])
            with pytest.raises(type(error)):
                sign_in.commit()
        assert sessions(world) == []
        assert redeem(sign_in, world.actor, world.system, code)
        sign_in.commit()


def test_session_in_a_system_has_all_that_belongs_to_one(world: World) -> None:
    held = held_by(world)
    with world.place.connected("sign_in") as sign_in:
        code = allow(sign_in, world.actor, world.system)
        for keys in ([None, key(), key()], [key(), None, key()], [key(), key(), None]):
            error = refusal(sign_in, REDEEM, code, world.system.pk, *keys)
            assert isinstance(error, NotNullViolation) or error.sqlstate == "23514"
        for keys in ([held.actor.session_key, key(), key()], [key(), held.renewal, key()], [key(), key(), held.line]):
            assert isinstance(refusal(sign_in, REDEEM, code, world.system.pk, *keys), UniqueViolation)
