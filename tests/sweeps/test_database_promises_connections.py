"""Connections, to an insider with the web role's own login: none asked, read or closed but by whom its event names.

A web process that was taken over has live sessions of everybody here, and what it says of a step is worth its event.
"""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import transaction
from psycopg.errors import CheckViolation, InsufficientPrivilege
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role, User
from access.rules import grants
from audit.actors import Actor
from contactpoint.local.servers import Servers
from registry.models import Child, ConnectionRequest
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry.people import stranger
from tests.sweeps.attacking import (
    OPENED,
    Place,
    Web,
    commit_event,
    placed,
    record,
    refusal,
    show,
    show_session,
)

ASKED = {"kind": "connection.asked", "reason": "safety_worry"}
SOON = ["within_days"]
NO_EVENT, NOT_THEIRS = "CP001", "CP004"
OPEN = (
    "SELECT id, steps, outcome, telephone IS NOT NULL FROM registry_connectionrequest WHERE child_id = %s ORDER BY id"
)


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture
def child(place: Place) -> int:
    """Somebody about whom nobody asked yet."""
    with transaction.atomic(), as_owner_here():
        made = factories.children(stranger(place.town))
    return int(made[0].pk)


def administrator(place: Place, *, elsewhere: bool = False) -> Actor:
    """Somebody who makes connections for the town, or for another."""
    with transaction.atomic(), as_owner_here():
        works_for = None if elsewhere else place.town.authority
        person = factories.user(role=Role.ADMINISTRATOR, works_for=works_for)
    return factories.actor_for(person)


def opened(place: Place, web: Web, child: int) -> Actor:
    """Somebody who has opened the child's record."""
    actor = place.newcomer()
    commit_event(web, actor, child_id=child, **OPENED)
    return actor


def sealed(number: int) -> bytes:
    """A telephone number, sealed for its row with the keys of the web process."""
    (field,) = ConnectionRequest.sealed_fields()
    return bytes(field.pre_save(ConnectionRequest(pk=number, telephone="+441614960777"), add=True))


def ask(web: Web, actor: Actor, child: int, *, fields: list[str] | None = None, **told: object) -> int | None:
    """The number of the request, where one was made."""
    record(web, actor, child_id=child, fields=SOON if fields is None else fields, **{**ASKED, **told})
    ((number,),) = web.execute("SELECT registry_connection_number()").fetchall()
    ((made,),) = web.execute("SELECT registry_connection_ask(%s, %s)", [number, sealed(number)]).fetchall()
    return int(number) if made else None


def asked(place: Place, web: Web, child: int) -> tuple[Actor, int]:
    """Who asked, and their request, committed."""
    actor = opened(place, web, child)
    made = ask(web, actor, child)
    web.commit()
    assert made
    return actor, made


def step(web: Web, actor: Actor, kind: str, child: int, number: int, seen: int | None, reason: str) -> bool:
    """Record that the actor took the step, and have it taken."""
    record(web, actor, kind=kind, child_id=child, fields=[f"connection.{number}"], reason=reason)
    ((taken,),) = web.execute("SELECT registry_connection_step(%s, %s)", [number, seen]).fetchall()
    return bool(taken)


def refused_with(
    web: Web, actor: Actor, kind: str, child: int, number: int, seen: int | None, reason: str
) -> str | None:
    """How the step is refused; the transaction goes on."""
    try:
        with web.transaction():
            assert not step(web, actor, kind, child, number, seen, reason), "taken"
    except psycopg.Error as error:
        return error.sqlstate
    return None


def read(web: Web, actor: Actor, child: int, **told: object) -> dict[str, object] | None:
    """What the database shows of the child to who makes its connection."""
    event = commit_event(web, actor, **{"kind": "connection.read", "child_id": child, **told})
    ((found,),) = web.execute("SELECT registry_connection_read(%s, %s)", [event, actor.session_key]).fetchall()
    return found  # type: ignore[no-any-return]


def requests_shown(web: Web) -> set[int]:
    return {row for (row,) in web.execute("SELECT id FROM registry_connections()")}


def test_web_role_has_no_right_on_requests_or_notes(place: Place) -> None:
    with place.connected() as web:
        for table in ("registry_connectionrequest", "registry_connectionnote"):
            for statement in (
                f"SELECT 1 FROM {table}",
                f"INSERT INTO {table} DEFAULT VALUES",
                f"UPDATE {table} SET id = id",
                f"DELETE FROM {table}",
                f"TRUNCATE {table}",
                f"SELECT nextval('{table}_id_seq')",
            ):
                assert isinstance(refusal(web, statement), InsufficientPrivilege), statement


def test_nothing_without_its_event(place: Place, child: int) -> None:
    with place.connected() as web:
        actor = opened(place, web, child)
        asks = "SELECT registry_connection_ask(999, %s)", sealed(999)
        assert refusal(web, *asks).sqlstate == NO_EVENT
        record(web, actor, child_id=child, fields=SOON, **ASKED)
        web.commit()
        assert refusal(web, *asks).sqlstate == NO_EVENT
        _asker, number = asked(place, web, child)
        assert refusal(web, "SELECT registry_connection_step(%s, 0)", number).sqlstate == NO_EVENT
        for function in ("registry_connections()", "registry_connection_notes()"):
            assert refusal(web, f"SELECT * FROM {function}").sqlstate == NO_EVENT
        makes = administrator(place)
        for other in ("shield.read", "connection.listed"):
            event = commit_event(web, makes, kind=other, child_id=child)
            reads = "SELECT registry_connection_read(%s, %s)", event, makes.session_key
            assert refusal(web, *reads).sqlstate == NO_EVENT
        # Nor with one that is not committed, or of somebody else's session.
        event = record(web, makes, kind="connection.read", child_id=child)
        reads = "SELECT registry_connection_read(%s, %s)", event, makes.session_key
        assert refusal(web, *reads).sqlstate == NO_EVENT
        web.commit()
        assert refusal(web, reads[0], event, actor.session_key).sqlstate == NO_EVENT


def test_only_who_opened_the_record_in_this_session_asks(place: Place, child: int) -> None:
    with place.connected() as web:
        stranger = place.newcomer()
        for _ in range(2):
            with pytest.raises(psycopg.Error) as refused, web.transaction():
                ask(web, stranger, child)
            assert refused.value.sqlstate == NOT_THEIRS
            # An opening of the same transaction, which could be rolled back with the rest, is none.
            record(web, stranger, child_id=child, **OPENED)
        web.rollback()
        opener = opened(place, web, child)
        assert ask(web, opener, child)
        web.rollback()
        assert place.as_owner(OPEN, child) == []
        # Nor does somebody who makes them ask, or somebody who asks make them: the event is not theirs.
        for actor, kind in (
            (administrator(place), "connection.asked"),
            *((opener, f"connection.{verb}") for verb in ("listed", "read", "noted", "closed")),
        ):
            with pytest.raises(psycopg.Error) as refused, web.transaction():
                record(web, actor, kind=kind, child_id=child, reason="safety_worry", fields=SOON)
            assert refused.value.sqlstate == NOT_THEIRS


def test_what_is_asked_for_comes_from_the_lists(place: Place, child: int) -> None:
    with place.connected() as web:
        opener = opened(place, web, child)
        for fields, reason in (
            (["made_up"], "safety_worry"),
            (SOON, "made_up"),
            (SOON, ""),
            ([], "safety_worry"),
            ([*SOON, *SOON], "safety_worry"),
        ):
            with pytest.raises(psycopg.Error), web.transaction():
                ask(web, opener, child, fields=fields, reason=reason)
        record(web, opener, child_id=child, fields=SOON, **ASKED)
        number = web.execute("SELECT registry_connection_number()").fetchone()
        assert isinstance(refusal(web, "SELECT registry_connection_ask(%s, NULL)", *(number or ())), CheckViolation)
        web.commit()
    assert place.as_owner(OPEN, child) == []


def test_one_open_each_and_no_number_twice(place: Place, child: int) -> None:
    with place.connected() as web:
        asker, number = asked(place, web, child)
        assert ask(web, asker, child) is None
        other = opened(place, web, child)
        record(web, other, child_id=child, fields=SOON, **ASKED)
        taken = "SELECT registry_connection_ask(%s, %s)", number, sealed(number)
        assert refusal(web, *taken).sqlstate == "23505"
        web.commit()
    assert [row[0] for row in place.as_owner(OPEN, child)] == [number]


def test_of_a_shielded_child_nobody_asks_and_no_service_is_read(place: Place, child: int) -> None:
    makes = administrator(place)
    with place.connected() as web:
        assert ask(web, opened(place, web, place.shielded), place.shielded) is None
        web.rollback()
        _asker, number = asked(place, web, child)
        before = read(web, makes, child)
        assert before
        assert before["involvements"]
        place.as_owner(
            "INSERT INTO registry_shield (child_id, authority_id, started_on, review_on, lift_reason, steps, filed_at)"
            " SELECT id, responsible_authority_id, current_date, current_date + 1, '', 0, now() FROM registry_child"
            " WHERE id = %s",
            child,
        )
        after = read(web, makes, child)
        assert after
        assert (after["shielded"], after["involvements"]) == (True, None)
        assert {row["kind"] for row in after["names"]} == {"legal"}  # type: ignore[attr-defined]
        show(web, makes, commit_event(web, makes, kind="connection.read", child_id=child))
        assert requests_shown(web) == {number}


def test_only_the_authority_that_answers_reads_and_while_it_is_open(place: Place, child: int) -> None:
    makes, stranger = administrator(place), administrator(place, elsewhere=True)
    with place.connected() as web:
        # Of a child about whom nobody asked, those who make connections read nothing either.
        assert read(web, makes, child) is None
        _asker, number = asked(place, web, child)
        assert read(web, stranger, child) is None
        assert read(web, makes, place.other) is None
        told = read(web, makes, child)
        assert told
        # Who it is and who works with them, and nothing else of the record.
        assert set(told) == {"shielded", "child", "names", "involvements"}
        assert set(told["child"]) == {"id", "row_version", "number", "gender", "date_of_birth", "date_of_death"}  # type: ignore[call-overload]
        for actor, shown in ((makes, {number}), (stranger, set())):
            for kind in ("connection.listed", "connection.read"):
                show(web, actor, commit_event(web, actor, kind=kind, child_id=child))
                assert number in requests_shown(web) if shown else not requests_shown(web)
                if kind == "connection.listed":
                    numbers = web.execute("SELECT telephone FROM registry_connections()").fetchall()
                    assert {row for (row,) in numbers} <= {None}, "where somebody is rung stands in no list"
                web.commit()
        assert step(web, makes, "connection.closed", child, number, 0, "not_reached")
        web.commit()
        closed = read(web, makes, child)
        assert closed
        assert closed["involvements"] is None, "there is nothing to ring for"


def test_only_the_authority_that_answers_takes_steps_and_each_once(place: Place, child: int) -> None:
    makes, stranger = administrator(place), administrator(place, elsewhere=True)
    with place.connected() as web:
        asker, number = asked(place, web, child)
        about = (child, number)
        assert refused_with(web, stranger, "connection.noted", *about, 0, "rang_service") == NOT_THEIRS
        assert refused_with(web, stranger, "connection.closed", *about, 0, "will_ring") == NOT_THEIRS
        # Of another child, another request, a page of before, a word that is on no list, or another list's.
        assert refused_with(web, makes, "connection.closed", place.child, number, 0, "will_ring") == NOT_THEIRS
        assert refused_with(web, makes, "connection.closed", child, number + 999, 0, "will_ring") == NOT_THEIRS
        for seen in (1, None):
            assert refused_with(web, makes, "connection.closed", *about, seen, "will_ring") is None, seen
        for kind, reason in (
            ("connection.closed", "made_up"),
            ("connection.closed", ""),
            ("connection.closed", "rang_service"),
            ("connection.noted", "will_ring"),
        ):
            assert refused_with(web, makes, kind, *about, 0, reason) == "23514"
        record(
            web, makes, kind="connection.noted", child_id=child, fields=[f"connection.{number}"], reason="rang_asker"
        )
        assert refusal(web, "SELECT registry_connection_step(%s, 0)", number + 1).sqlstate == NO_EVENT
        web.rollback()
        assert step(web, makes, "connection.noted", *about, 0, "rang_service")
        web.rollback()
        assert place.as_owner(OPEN, child) == [(number, 0, "", True)]
        assert step(web, makes, "connection.noted", *about, 0, "rang_service")
        web.commit()
        assert step(web, makes, "connection.closed", *about, 1, "will_ring")
        web.commit()
        assert place.as_owner(OPEN, child) == [(number, 2, "will_ring", False)]
        for kind, reason in (("connection.noted", "rang_asker"), ("connection.closed", "not_needed")):
            assert refused_with(web, makes, kind, *about, 2, reason) is None
        assert asker.user_id != makes.user_id


def test_the_asker_reads_one_of_four_words_and_nothing_else(place: Place, child: int) -> None:
    makes = administrator(place)
    with place.connected() as web:
        asker, number = asked(place, web, child)

        def own(actor: Actor) -> list[tuple[object, ...]]:
            show_session(web, actor)
            found = web.execute("SELECT * FROM registry_connections_own()")
            assert [column.name for column in found.description or ()] == ["id", "child_id", "asked_at", "state"]
            rows = [(row[0], row[1], row[3]) for row in found.fetchall()]
            web.commit()
            return rows

        assert own(asker) == [(number, child, "waiting")]
        assert own(opened(place, web, child)) == own(makes) == []
        assert step(web, makes, "connection.noted", child, number, 0, "rang_service")
        web.commit()
        assert own(asker) == [(number, child, "working")]
        for reason, state in (("service_declined", "not_made"), ("none_runs", "not_made"), ("will_ring", "will_ring")):
            assert step(web, makes, "connection.closed", child, number, 1, reason)
            show_session(web, asker)
            rows = web.execute("SELECT state FROM registry_connections_own()").fetchall()
            assert rows == [(state,)]
            web.rollback()
        # With nobody's session, and with the asker's ticket of another event, nothing more is told.
    with place.connected() as web:
        assert web.execute("SELECT * FROM registry_connections_own()").fetchall() == []
        show(web, asker, commit_event(web, asker, kind="child.shown", child_id=child))
        for function in ("registry_connections()", "registry_connection_notes()"):
            assert refusal(web, f"SELECT * FROM {function}").sqlstate == NO_EVENT


def test_of_a_record_that_is_closed_its_asker_is_told_as_of_one_that_is_gone(place: Place, child: int) -> None:
    with place.connected() as web:
        asker, _number = asked(place, web, child)
        with as_worker():
            Child.objects.filter(pk=child).update(severed=True)
        show_session(web, asker)
        assert web.execute("SELECT * FROM registry_connections_own()").fetchall() == []


def test_who_asked_reads_and_closes_nothing_of_it_in_another_role(place: Place, child: int) -> None:
    with place.connected() as web:
        asker, number = asked(place, web, child)
    place.as_owner("UPDATE access_user SET role = 'administrator' WHERE id = %s", asker.user_id)
    with transaction.atomic(), as_owner_here():
        person = User.objects.get(pk=asker.user_id)
        grants.grant(person, grants.ADMINISTER, place.town.authority)
    changed = factories.actor_for(person)
    with place.connected() as web:
        assert read(web, changed, child) is None
        show(web, changed, commit_event(web, changed, kind="connection.listed"))
        assert number not in requests_shown(web)
        web.commit()
        assert refused_with(web, changed, "connection.closed", child, number, 0, "will_ring") == NOT_THEIRS


def test_how_many_wait_is_told_to_who_makes_them_alone(place: Place, child: int) -> None:
    makes, stranger = administrator(place), administrator(place, elsewhere=True)
    with place.connected() as web:
        asker, _number = asked(place, web, child)

        def waiting(actor: Actor) -> int:
            show_session(web, actor)
            ((number,),) = web.execute("SELECT registry_connections_waiting()").fetchall()
            return int(number)

        assert waiting(makes) >= 1
        assert waiting(stranger) == waiting(asker) == 0
