"""A system is asked for by one administrator, accredited by another, and revoked: each beside its event, and once."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import transaction
from psycopg.errors import InsufficientPrivilege
from pytest_django.plugin import DjangoDbBlocker

from access.models import ClientSystem, Role
from access.systems.actions.systems import NewSystem, ask_for_system
from audit.actors import Actor
from contactpoint.local.servers import Servers
from tests import factories, people
from tests.conftest import as_owner_here
from tests.integration.access import lives
from tests.integration.access.lives import Council
from tests.sweeps.attacking import (
    NO_SESSION,
    Place,
    Web,
    confirm,
    confirmed,
    placed,
    record,
    refusal,
    show_session,
    told,
)
from tests.sweeps.in_systems import LOAD, SPOILT, held_by, named, world_of

NOT_THEIRS = "CP004"
ASK = """
    INSERT INTO access_clientsystem (
        id, client_id, name, row_version, organisation_id, addresses, keys, accredited_until, asked_by_id
    ) SELECT %s, md5(random()::text)::varchar(22), name, 1, %s, '{x}', '{}', current_date + 9, %s FROM access_user
    WHERE id = access_shown_person()
"""
ACCREDIT = "UPDATE access_clientsystem SET accredited_by_id = %s, accredited_at = now() WHERE id = %s"
REVOKE = "UPDATE access_clientsystem SET revoked_at = now() WHERE id = %s"
NUMBER = "SELECT nextval(pg_get_serial_sequence('access_clientsystem', 'id'))"
COLUMNS = (
    "accredited_until",
    "addresses",
    "asked_at",
    "asked_by_id",
    "client_id",
    "id",
    "keys",
    "name",
    "organisation_id",
    "row_version",
)


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture(scope="module")
def administrators(place: Place) -> Council:
    with as_owner_here():
        return lives.council()


@pytest.fixture(scope="module")
def stranger(place: Place) -> Actor:
    """An administrator of another authority."""
    with transaction.atomic(), as_owner_here():
        person = factories.user(role=Role.ADMINISTRATOR)
    return factories.actor_for(person)


@pytest.fixture
def council(place: Place, administrators: Council, stranger: Actor) -> Council:
    confirm(place, stranger)
    return confirmed(place, administrators)


@pytest.fixture
def asked(council: Council) -> ClientSystem:
    """A system for which the first administrator asked."""
    factories.show(council.first)
    new = NewSystem(council.authority.pk, "Case files", [factories.SYSTEM_ADDRESS], {"keys": []}, factories.today())
    return ask_for_system(actor=council.first, new=new)


@pytest.fixture
def accredited(council: Council) -> ClientSystem:
    first, second = (people.one(pk=each.user_id) for each in (council.first, council.second))
    with transaction.atomic(), as_owner_here():
        return factories.client_system(council.authority, asked_by=first, accredited_by=second)


def rows(place: Place) -> list[tuple[Any, ...]]:
    return place.as_owner("SELECT to_jsonb(one) FROM access_clientsystem AS one ORDER BY id")


def say(web: Web, kind: str, actor: Actor, fields: list[str]) -> None:
    record(web, actor, kind=kind, fields=fields)


def number(web: Web) -> int:
    ((new,),) = web.execute(NUMBER).fetchall()
    return int(new)


def refused_asking(web: Web, new: int, organisation: int, by: Actor) -> psycopg.Error:
    return refusal(web, ASK, new, organisation, by.user_id)


def test_asked_for_beside_its_own_event_alone(place: Place, council: Council, stranger: Actor) -> None:
    first, authority = council.first, council.authority.pk
    with place.connected() as web:
        new = number(web)
        while new in (authority, council.school.pk):  # then the other way round would be the right way, too
            new = number(web)
        events: dict[str, tuple[str, Actor, list[str]]] = {
            "another kind": ("organisation.changed", first, [str(authority), str(new)]),
            "another administrator's": ("system.asked", council.second, [str(authority), str(new)]),
            "of another system": ("system.asked", first, [str(authority), str(new + 1)]),
            "of another organisation": ("system.asked", first, [str(council.school.pk), str(new)]),
            "a stranger's of their own": ("system.asked", stranger, [str(stranger.organisation_id), str(new)]),
            "the other way round": ("system.asked", first, [str(new), str(authority)]),
            "with more in it": ("system.asked", first, [str(authority), str(new), "x"]),
        }
        show_session(web, first)
        assert isinstance(refused_asking(web, new, authority, first), InsufficientPrivilege), "without any"
        for name, (kind, by, fields) in events.items():
            with web.transaction(force_rollback=True):
                if name == "the other way round":
                    assert refusal(
                        web, "SELECT audit_record(%s, %s)", by.session_key, told(by, kind=kind, fields=fields)
                    )
                else:
                    say(web, kind, by, fields)
                show_session(web, first)
                assert isinstance(refused_asking(web, new, authority, first), InsufficientPrivilege), name
        say(web, "system.asked", first, [str(authority), str(new)])
        web.commit()
        assert isinstance(refused_asking(web, new, authority, first), InsufficientPrivilege), "of a transaction before"
        say(web, "system.asked", first, [str(authority), str(new)])
        assert web.execute(ASK, [new, authority, first.user_id]).rowcount == 1


@pytest.mark.parametrize("kind", ["system.asked", "system.accredited", "system.revoked"])
def test_nobody_else_records_it(place: Place, council: Council, stranger: Actor, kind: str) -> None:
    """Neither an administrator of elsewhere nor anybody of another role, no process, and not where people sign in."""
    school, authority = council.school.pk, council.authority.pk
    with transaction.atomic(), as_owner_here():
        others = [
            factories.user(role=Role.PRACTITIONER, works_for=council.school),
            factories.user(role=Role.MEDIATOR, works_for=council.authority),
            factories.user(role=Role.AUDITOR, works_for=council.authority),
        ]
    with place.connected() as web, place.connected("sign_in") as sign_in:
        for by in (stranger, *(factories.actor_for(each) for each in others)):
            confirm(place, by)
            for organisation in (school, authority):
                event = told(by, kind=kind, fields=[str(organisation), "1"])
                assert refusal(web, "SELECT audit_record(%s, %s)", by.session_key, event).sqlstate == NOT_THEIRS
        nobodys = told(council.first, kind=kind, fields=[str(authority), "1"], process="tests", actor_id=None)
        for connection in (web, sign_in):
            assert refusal(connection, "SELECT audit_record_process(%s)", nobodys).sqlstate == NO_SESSION
        theirs = told(council.first, kind=kind, fields=[str(authority), "1"])
        assert refusal(sign_in, "SELECT audit_record(%s, %s)", council.first.session_key, theirs).sqlstate == NO_SESSION


def test_nobody_asks_for_one_that_is_accredited_or_revoked_already(place: Place, council: Council) -> None:
    first, authority = council.first, council.authority.pk
    with place.connected() as web:
        new = number(web)
        say(web, "system.asked", first, [str(authority), str(new)])
        for columns, values in (
            ("accredited_by_id, accredited_at", f"{council.second.user_id}, now()"),
            ("accredited_by_id", str(council.second.user_id)),
            ("revoked_at", "now()"),
        ):
            more = ASK.replace("asked_by_id\n", f"asked_by_id, {columns}\n").replace(
                "9, %s FROM", f"9, %s, {values} FROM"
            )
            error = refusal(web, more, new, authority, first.user_id)
            assert isinstance(error, InsufficientPrivilege | psycopg.errors.CheckViolation), columns


def test_accredited_beside_the_event_of_a_second_person_alone(
    place: Place, council: Council, stranger: Actor, asked: ClientSystem
) -> None:
    first, second, third = council.first, council.second, council.third
    other = [str(council.authority.pk), str(asked.pk + 1)]
    before = rows(place)
    with place.connected() as web:

        def refused(by: Actor) -> str | None:
            show_session(web, second)
            return refusal(web, ACCREDIT, by.user_id, asked.pk).sqlstate

        assert refused(second) == NO_SESSION, "without any event"
        events: dict[str, tuple[str, Actor, list[str], Actor]] = {
            "whoever asked": ("system.accredited", first, named(asked), first),
            "whoever asked, by another's event": ("system.accredited", second, named(asked), first),
            "another than says so": ("system.accredited", second, named(asked), third),
            "of another system": ("system.accredited", second, other, second),
            "another kind": ("system.revoked", second, named(asked), second),
            "that it was asked for": ("system.asked", second, named(asked), second),
        }
        for name, (kind, by, fields, accredits) in events.items():
            with web.transaction(force_rollback=True):
                say(web, kind, by, fields)
                assert refused(accredits) == NO_SESSION, name
        with web.transaction(force_rollback=True):
            own = [str(stranger.organisation_id), str(asked.pk)]
            say(web, "system.accredited", stranger, own)
            assert web.execute(ACCREDIT, [stranger.user_id, asked.pk]).rowcount == 0, "they do not see it"
            assert refused(stranger) == NO_SESSION
        say(web, "system.accredited", second, named(asked))
        web.commit()
        assert refused(second) == NO_SESSION, "of a transaction before"
        assert rows(place) == before

        say(web, "system.accredited", second, named(asked))
        show_session(web, second)
        assert web.execute(ACCREDIT, [second.user_id, asked.pk]).rowcount == 1
        assert refused(third) == NO_SESSION, "twice"
        say(web, "system.accredited", third, named(asked))
        assert refused(third) == NO_SESSION, "twice, with an event"
        web.commit()


def test_not_accredited_after_the_day_that_was_asked_for(place: Place, council: Council) -> None:
    world = world_of(place, council)
    administrator = world.colleague(Role.ADMINISTRATOR, world.authority)
    confirm(place, administrator)
    world.spoil("nobody accredited it")
    with place.connected() as web:
        say(web, "system.accredited", administrator, named(world.system))
        show_session(web, administrator)
        with web.transaction(force_rollback=True):
            assert web.execute(ACCREDIT, [administrator.user_id, world.system.pk]).rowcount == 1
        web.commit()
        world.spoil("its day is over")
        say(web, "system.accredited", administrator, named(world.system))
        assert refusal(web, ACCREDIT, administrator.user_id, world.system.pk).sqlstate == NO_SESSION


def test_revoked_beside_its_event_alone_and_never_comes_back(
    place: Place, council: Council, accredited: ClientSystem
) -> None:
    second = council.second
    with place.connected() as web:
        show_session(web, second)
        assert refusal(web, REVOKE, accredited.pk).sqlstate == NO_SESSION
        for kind, fields in (
            ("system.accredited", named(accredited)),
            ("system.asked", named(accredited)),
            ("system.revoked", [str(council.authority.pk), str(accredited.pk + 1)]),
        ):
            with web.transaction(force_rollback=True):
                say(web, kind, second, fields)
                assert refusal(web, REVOKE, accredited.pk).sqlstate == NO_SESSION, kind
        say(web, "system.revoked", second, named(accredited))
        show_session(web, second)
        for more in ("accredited_by_id = NULL, accredited_at = NULL", f"accredited_by_id = {council.third.user_id}"):
            both = REVOKE.replace("now()", f"now(), {more}")
            assert refusal(web, both, accredited.pk).sqlstate == NO_SESSION, "revoked, and something else with it"
        assert web.execute(REVOKE, [accredited.pk]).rowcount == 1
        web.commit()

        back = "UPDATE access_clientsystem SET revoked_at = NULL WHERE id = %s"
        for kind in ("system.revoked", "system.accredited", "system.asked"):
            say(web, kind, second, named(accredited))
            show_session(web, second)
            for statement in (back, REVOKE):
                assert refusal(web, statement, accredited.pk).sqlstate == NO_SESSION, kind
            assert refusal(web, ACCREDIT, second.user_id, accredited.pk).sqlstate == NO_SESSION, kind


def test_what_was_asked_and_refused_is_not_accredited_any_more(
    place: Place, council: Council, asked: ClientSystem
) -> None:
    with place.connected() as web:
        say(web, "system.revoked", council.second, named(asked))
        show_session(web, council.second)
        web.execute(REVOKE, [asked.pk])
        say(web, "system.accredited", council.second, named(asked))
        for statement in (ACCREDIT, ACCREDIT.replace("now()", "now(), revoked_at = NULL")):
            assert refusal(web, statement, council.second.user_id, asked.pk).sqlstate == NO_SESSION


def test_sessions_end_as_their_system_is_revoked(place: Place, council: Council) -> None:
    world = world_of(place, council)
    administrator = world.colleague(Role.ADMINISTRATOR, world.authority)
    confirm(place, administrator)
    held = held_by(world)
    with place.connected() as web:
        assert web.execute(LOAD, [held.actor.session_key]).fetchall() == [(world.person.pk, "")]
        say(web, "system.revoked", administrator, named(world.system))
        show_session(web, administrator)
        assert web.execute(REVOKE, [world.system.pk]).rowcount == 1
        web.commit()
        assert web.execute(LOAD, [held.actor.session_key]).fetchall() == []
    assert place.as_owner("SELECT id FROM access_session WHERE system_id = %s", world.system.pk) == []


@pytest.mark.parametrize("column", COLUMNS)
def test_nothing_else_of_it_changes(place: Place, council: Council, accredited: ClientSystem, column: str) -> None:
    """Neither its keys, nor where its people come back to, nor whose it is, with whichever event."""
    with place.connected() as web, place.connected("sign_in") as sign_in, place.connected("worker") as worker:
        for kind in ("system.asked", "system.accredited", "system.revoked"):
            say(web, kind, council.second, named(accredited))
        for connection in (web, sign_in, worker):
            error = refusal(connection, f"UPDATE access_clientsystem SET {column} = {column}")
            assert isinstance(error, InsufficientPrivilege)


@pytest.mark.parametrize("role", ["web", "sign_in", "worker", "sequencer", "examiner", "reader"])
def test_none_is_deleted_or_changed_by_whoever_serves(place: Place, accredited: ClientSystem, role: str) -> None:
    with place.connected(role) as connection:
        for statement in ("DELETE FROM access_clientsystem", "TRUNCATE access_clientsystem"):
            assert isinstance(refusal(connection, statement), InsufficientPrivilege), statement
        if role != "web":
            for statement in (REVOKE, ACCREDIT.replace("%s,", "1,")):
                assert isinstance(refusal(connection, statement, accredited.pk), InsufficientPrivilege), statement


def test_the_owner_changes_none_past_the_guard_either(place: Place, accredited: ClientSystem) -> None:
    """A slip in a migration or a command: it takes somebody who switches the guard off."""
    for statement in (SPOILT["the system is revoked"], SPOILT["nobody accredited it"]):
        with place.connected("owner") as owner:
            assert refusal(owner, statement.format(system=accredited.pk)).sqlstate == NO_SESSION


def test_seen_by_administrators_of_its_organisation_alone(
    place: Place, council: Council, stranger: Actor, accredited: ClientSystem
) -> None:
    seen = "SELECT id FROM access_clientsystem WHERE id = %s"
    with place.connected() as web:
        assert web.execute(seen, [accredited.pk]).fetchall() == [], "nobody's session is shown"
        for actor, sees in ((council.third, True), (stranger, False), (place.teacher, False)):
            show_session(web, actor)
            assert (web.execute(seen, [accredited.pk]).fetchall() != []) is sees
    for role in ("worker", "sequencer", "examiner", "reader"):
        with place.connected(role) as connection:
            assert isinstance(refusal(connection, seen, accredited.pk), InsufficientPrivilege)
