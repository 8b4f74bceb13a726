"""What the web role reads of people is what the session may see that its connection shows; without one it is nobody."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from psycopg.errors import InsufficientPrivilege
from pytest_django.plugin import DjangoDbBlocker

from access.models import (
    Grant,
    Role,
    Stop,
    StopReason,
    StopScope,
    User,
    UserState,
)
from access.models.user import email_fingerprint
from access.people.name_tokens import tokens_of_name
from contactpoint.local.servers import Servers
from tests import factories
from tests.conftest import as_owner_here
from tests.sweeps.attacking import Web, commit_event, placed, plan_of, refusal, show, show_session
from tests.sweeps.lands import EVERYBODY, NAME, SETTING, Land, seen, settled, shown_to

ABOUT_PEOPLE = ("access_user", "access_approval", "access_invitation", "access_vettingitem")


@pytest.fixture(scope="module")
def land(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Land]:
    with placed(running_servers, django_db_blocker) as place:
        yield settled(place)


@pytest.mark.parametrize("table", ABOUT_PEOPLE)
def test_without_a_session_there_is_nobody(land: Land, table: str) -> None:
    assert land.place.as_owner(f"SELECT 1 FROM {table} LIMIT 1"), "there is somebody"
    with land.place.connected() as web:
        assert web.execute(f"SELECT count(*) FROM {table}").fetchall() == [(0,)]
        web.execute("SELECT access_session_load('made-up')")
        assert web.execute(f"SELECT count(*) FROM {table}").fetchall() == [(0,)]


@pytest.mark.parametrize("who", ["practitioner", "teacher"])
def test_a_practitioner_sees_themselves_alone(land: Land, who: str) -> None:
    assert shown_to(land, land.actor(who)) == {land.people[who].pk}


@pytest.mark.parametrize("who", ["administrator", "mediator", "auditor"])
def test_whoever_is_granted_an_authority_sees_its_people_and_nobody_elses(land: Land, who: str) -> None:
    found = shown_to(land, land.actor(who))
    assert found == land.theirs(land.here)
    assert land.people["teacher"].pk in found
    assert land.stranger.pk not in found


def test_whoever_applies_for_a_school_sees_its_people(land: Land) -> None:
    assert shown_to(land, land.actor("head")) == land.theirs(land.school)


def test_a_token_shows_the_people_of_its_organisation(land: Land) -> None:
    with land.place.connected() as web:
        web.execute("SELECT access_token_load(%s)", [land.token])
        assert seen(web) == land.theirs(land.school)
        web.execute("SELECT access_token_load('made-up')")
        assert seen(web) == set()


def test_a_token_that_is_not_good_or_is_for_something_else_shows_nobody(land: Land) -> None:
    with land.place.connected() as web:
        web.execute("SELECT access_token_load(%s)", [land.other_token])
        assert web.execute(SETTING).fetchall() != [("",)], "it is shown"
        assert seen(web) == set()
        web.execute("SELECT access_token_load(%s)", [land.token])
        land.place.as_owner("UPDATE access_systemtoken SET expires_at = now() WHERE token_fingerprint = %s", land.token)
        assert seen(web) == set(), "from the next statement on"
        web.execute("SELECT access_token_load(%s)", [land.token])
        assert web.execute(SETTING).fetchall() == [("",)]
        later = "UPDATE access_systemtoken SET expires_at = now() + interval '9 minutes' WHERE token_fingerprint = %s"
        land.place.as_owner(later, land.token)


def test_without_a_second_factor_one_sees_oneself_alone(land: Land) -> None:
    actor = land.actor("administrator")
    land.place.as_owner("UPDATE access_session SET second_factor_at = NULL WHERE id = %s", actor.session_id)
    assert shown_to(land, actor) == {actor.user_id}


def lapse(person: User) -> None:
    User.objects.filter(pk=person.pk).update(valid_until=factories.today() - timedelta(days=1))


def suspend(person: User) -> None:
    User.objects.filter(pk=person.pk).update(state=UserState.SUSPENDED)


def demote(person: User) -> None:
    User.objects.filter(pk=person.pk).update(role=Role.PRACTITIONER)


def stop(person: User) -> None:
    Stop.objects.create(scope=StopScope.USER, user=person, reason=StopReason.STOLEN, begun_at=timezone.now())


def take_grant(person: User) -> None:
    Grant.objects.filter(user=person).update(expires_on=factories.today() - timedelta(days=1))


@pytest.mark.parametrize("end", [lapse, suspend, demote, stop, take_grant])
def test_whoever_may_not_come_in_any_more_sees_nobody_else(land: Land, end: Callable[[User], None]) -> None:
    """On a connection that showed their session before."""
    with transaction.atomic(), as_owner_here():
        person = factories.user(role=Role.ADMINISTRATOR, works_for=land.here)
    actor = factories.actor_for(person)
    with land.place.connected() as web:
        show_session(web, actor)
        assert seen(web) == land.theirs(land.here)
        web.commit()
        with transaction.atomic(), as_owner_here():
            end(person)
        assert seen(web) == {person.pk}


@pytest.mark.parametrize("isolation", ["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"])
def test_a_session_that_ended_shows_nobody(land: Land, isolation: str) -> None:
    actor = land.actor("administrator")
    with land.place.connected() as web:
        show_session(web, actor)
        web.commit()
        web.execute(f"SET TRANSACTION ISOLATION LEVEL {isolation}")
        web.execute("SELECT count(*) FROM access_organisation")  # which takes the snapshot
        land.place.as_owner("DELETE FROM access_session WHERE id = %s", actor.session_id)
        assert seen(web) == set()


def test_the_session_shown_last_is_the_one_that_counts(land: Land) -> None:
    teacher, administrator = land.actor("teacher"), land.actor("administrator")
    with land.place.connected() as web:
        show_session(web, administrator)
        show_session(web, teacher)
        assert seen(web) == {teacher.user_id}


@pytest.mark.parametrize("change", ["telephone = NULL", "state = 'left'", "role = 'auditor'", "name = name"])
def test_nobody_beyond_reach_is_changed(land: Land, change: str) -> None:
    for who in ("teacher", "administrator"):
        with land.place.connected() as web:
            show_session(web, land.actor(who))
            assert web.execute(f"UPDATE access_user SET {change} WHERE id = %s", [land.stranger.pk]).rowcount == 0
            assert web.execute(f"{EVERYBODY} WHERE id = %s FOR UPDATE", [land.stranger.pk]).rowcount == 0


@pytest.mark.parametrize("change", ["email = %s::bytea", "name = %s::bytea", "telephone = %s::bytea"])
def test_what_is_sealed_of_somebody_is_sealed_anew_by_themselves_alone(land: Land, change: str) -> None:
    teacher = land.people["teacher"].pk
    ((value,),) = land.place.as_owner("SELECT email FROM access_user WHERE id = %s", land.invited.pk)
    statement = f"UPDATE access_user SET {change} WHERE id = {teacher}"
    with land.place.connected() as web:
        show_session(web, land.actor("administrator"))
        assert isinstance(refusal(web, statement, value), InsufficientPrivilege)
        assert isinstance(
            refusal(web, f"UPDATE access_user SET row_version = row_version + 1 WHERE id = {teacher}"),
            InsufficientPrivilege,
        )
        show_session(web, land.actor("teacher"))
        assert web.execute(statement, [value]).rowcount == 1


def test_both_questions_are_asked_once_a_statement(land: Land) -> None:
    with land.place.connected() as web:
        show_session(web, land.actor("administrator"))
        plan = plan_of(web, "SELECT name FROM access_user ORDER BY id DESC LIMIT 50")
    assert "InitPlan" in plan
    assert "hashed SubPlan" in plan


def names_of(web: Web, *asked: int) -> set[int]:
    rows = web.execute("SELECT id FROM access_names_of(%s)", [list(asked)]).fetchall()
    return {person for (person,) in rows}


def test_names_are_told_of_whom_one_sees_and_who_stands_beside_them(land: Land) -> None:
    everybody = [person.pk for person in (*land.people.values(), land.stranger, land.invited)]
    here = set(everybody) - {land.stranger.pk}
    people = land.people
    expected = {
        "administrator": here,
        "mediator": here,
        "auditor": here,
        "head": here - {people["practitioner"].pk},
        "teacher": {people["teacher"].pk, people["mediator"].pk},
        "practitioner": {people["practitioner"].pk, people["mediator"].pk},
    }
    with land.place.connected() as web:
        assert names_of(web, *everybody) == set()
        for who, told in expected.items():
            show_session(web, land.actor(who))
            assert names_of(web, *everybody) == told, who


def test_functions_that_find_people_keep_to_the_reach(land: Land) -> None:
    found = "SELECT access_people_named(%s)"
    tokens = tokens_of_name(NAME)
    with land.place.connected() as web:
        assert web.execute(found, [tokens]).fetchall() == []
        assert web.execute("SELECT access_administrators_of(%s)", [land.school.pk]).fetchall() == []
        show_session(web, land.actor("administrator"))
        assert web.execute(found, [tokens]).fetchall() == [(land.people["teacher"].pk,)]
        assert web.execute("SELECT access_is_enrolled(%s)", [land.stranger.pk]).fetchall() == [(False,)]
        assert web.execute("SELECT access_is_enrolled(%s)", [land.people["head"].pk]).fetchall() == [(True,)]


def test_whether_an_address_is_taken_is_told_to_whoever_invites(land: Land) -> None:
    taken = "SELECT access_addresses_taken(%s::text[])"
    asked = [email_fingerprint(land.stranger.email.open()), "made-up"]
    with land.place.connected() as web:
        assert refusal(web, taken, asked).sqlstate == "CP004"
        for who in ("teacher", "mediator", "auditor"):
            show_session(web, land.actor(who))
            assert refusal(web, taken, asked).sqlstate == "CP004", who
        show_session(web, land.actor("administrator"))
        assert web.execute(taken, [asked]).fetchall() == [(asked[0],)]


def test_whose_an_address_is_is_told_within_reach(land: Land) -> None:
    """To an auditor also of another auditor, who may have closed an alert that concerns everybody."""
    with transaction.atomic(), as_owner_here():
        other = factories.user(role=Role.AUDITOR)
    found = "SELECT access_person_with_address(%s)"
    expected = {"administrator": (True, False, False), "auditor": (True, False, True), "teacher": (False, False, False)}
    with land.place.connected() as web:
        for who, told in expected.items():
            show_session(web, land.actor(who))
            for person, is_told in zip((land.people["head"], land.stranger, other), told, strict=True):
                prints = [email_fingerprint(person.email.open())]
                assert web.execute(found, prints).fetchall() == [(person.pk if is_told else None,)], who


def test_a_reader_of_the_log_is_told_the_names_of_whom_it_names(land: Land) -> None:
    """With the ticket of their reading, of events and alerts that are theirs to read; and the table not at all."""
    there = factories.actor_for(land.stranger)
    auditor = land.actor("auditor")
    mine = land.place.as_owner("SELECT max(id) FROM audit_event WHERE actor_id = %s", land.people["administrator"].pk)
    theirs = land.place.as_owner("SELECT max(id) FROM audit_event WHERE actor_id = %s", there.user_id)
    events = [mine[0][0], theirs[0][0]]
    names = "SELECT id FROM review_names_of(%s, '{}')"
    with land.place.connected() as web:
        web.execute("SET LOCAL ROLE contactpoint_reader")
        assert refusal(web, names, events).sqlstate == "CP001"
        assert isinstance(refusal(web, EVERYBODY), InsufficientPrivilege)
        web.rollback()
        show(web, auditor, commit_event(web, auditor, kind="log.read"))
        web.execute("SET LOCAL ROLE contactpoint_reader")
        told = {person for (person,) in web.execute(names, [events]).fetchall()}
    assert land.people["administrator"].pk in told
    assert there.user_id not in told
