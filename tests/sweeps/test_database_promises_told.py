"""That something changed is noted whoever changed it, and told to nobody but whom an event of the log names."""

from collections.abc import Iterator

import pytest
from psycopg.errors import InsufficientPrivilege
from pytest_django.plugin import DjangoDbBlocker

from access.models import ClientSystem
from audit.actors import Actor
from contactpoint.local.servers import Servers
from registry.worker.resealing import ROWS
from tests.sweeps.attacking import OPENED, Place, commit_event, keep, placed, refusal
from tests.sweeps.following import followed, say, system_of, within

COPY_GUARDIANS = """
    INSERT INTO registry_guardian (row_version, child_id, details)
    SELECT 1, child_id, details FROM registry_guardian WHERE child_id = %s
"""
# Of the tables beside a child's row those of which nothing is told, and why.
NOT_SHOWN = {
    "registry_childsaidby": "whose word it is and when it was confirmed is nothing new",
    "registry_following": "who follows is no part of the record",
    "registry_report": "that something may be wrong is told to who answers for it",
}
TRIGGERS = """
    SELECT event_object_table, event_manipulation FROM information_schema.triggers
    WHERE action_statement ~ 'registry_note_(child_)?changes' AND action_orientation = 'STATEMENT'
"""
STANDING = "SELECT standing FROM registry_following_standing(%s, %s, %s, %s)"


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


def test_nobody_is_told_but_whom_the_event_says(place: Place, system: ClientSystem, actor: Actor) -> None:
    """What is sealed, the web process made: each part of it is held against the event that the database took."""
    with place.connected() as web:
        commit_event(web, actor, child_id=place.child, **OPENED)
        begun = say(web, actor, system, place.child)
        other_kind = say(web, actor, system, place.child, kind="child.followed_no_more")
        web.commit()
    other, school = system_of(place), place.town.school.pk
    right = (place.child, begun, system.pk, school)
    with place.connected("worker") as worker:
        assert worker.execute(STANDING, right).fetchall() == [("",)]
        for wrong in (
            (place.other, begun, system.pk, school),
            (place.child, begun + 10**6, system.pk, school),
            (place.child, other_kind, system.pk, school),
            (place.child, begun, other.pk, school),
            (place.child, begun, system.pk, place.town.practice.pk),
        ):
            assert worker.execute(STANDING, wrong).fetchall() == [("unsaid",)]
        assert worker.execute(STANDING, (place.child, begun, 10**9, school)).fetchall() == []


def test_change_by_the_web_role_is_noted_whatever_it_does(place: Place, system: ClientSystem, actor: Actor) -> None:
    """By a statement of its own, past every action; and it can keep no trigger from noting it."""
    number, _reference = followed(place, actor, system)
    noted = "SELECT changes FROM registry_untold WHERE following_id = %s"
    assert place.as_owner(noted, number) == [(0,)]
    with place.connected() as web:
        keep(web, place.teacher, place.child)
        assert web.execute("UPDATE registry_involvement SET lead = lead").rowcount > 0
        web.commit()
        assert place.as_owner(noted, number) == [(1,)]
        keep(web, place.teacher, place.child)
        assert isinstance(refusal(web, "SET session_replication_role = replica"), InsufficientPrivilege)
        assert isinstance(refusal(web, "ALTER TABLE registry_involvement DISABLE TRIGGER ALL"), InsufficientPrivilege)
        web.rollback()
        keep(web, place.teacher, place.other)
        web.execute("UPDATE registry_involvement SET lead = lead")
        web.commit()
    assert place.as_owner(noted, number) == [(1,)], "the other child is followed by nobody"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE registry_childname SET kind = kind WHERE child_id = %s",
        "UPDATE registry_childaddress SET present = present WHERE child_id = %s",
        "UPDATE registry_childnumber SET kind = kind WHERE child_id = %s",
        "UPDATE registry_guardian SET row_version = row_version WHERE child_id = %s",
        "UPDATE registry_involvement SET lead = lead WHERE child_id = %s",
        "UPDATE registry_child SET gender = gender WHERE id = %s",
        "DELETE FROM registry_guardian WHERE child_id = %s",
        COPY_GUARDIANS,
    ],
)
def test_change_by_the_worker_is_noted_whatever_it_does(
    place: Place, system: ClientSystem, actor: Actor, statement: str
) -> None:
    number, _reference = followed(place, actor, system)
    with place.connected("worker") as worker:
        assert worker.execute(statement, [place.child]).rowcount > 0
        seen = worker.execute("SELECT changes FROM registry_untold WHERE following_id = %s", [number]).fetchall()
        assert seen == [(1,)]
        worker.rollback()


def test_every_table_of_what_a_record_shows_is_noted(place: Place) -> None:
    tables = {model._meta.db_table for model in ROWS} - set(NOT_SHOWN)
    noted: dict[str, set[str]] = {table: set() for table in tables}
    for table, what in place.as_owner(TRIGGERS):
        noted.setdefault(str(table), set()).add(str(what))
    assert noted == {table: {"INSERT", "UPDATE", "DELETE"} for table in tables} | {"registry_child": {"UPDATE"}}
