"""Overriding a shield, to an insider with the web role's own login: no view without its investigation.

A web process that was taken over has live sessions of everybody here, and calls each function itself, rolls back,
sends again, and lies in every argument. The second factor alone it cannot show: that another process checks.
"""

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from django.db import transaction
from psycopg.errors import InsufficientPrivilege
from pytest_django.plugin import DjangoDbBlocker

from access.models import Grant, OrganisationKind, Role, User
from access.rules import grants
from audit.actors import Actor
from contactpoint.local.servers import Servers
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.registry.people import full_draft
from tests.sweeps.attacking import (
    Place,
    Web,
    commit_event,
    placed,
    read_child,
    record,
    refusal,
    show_session,
)

NO_EVENT, NOT_THEIRS = "CP001", "CP004"
WHY = "danger_to_life"
SAID = {"kind": "shield.overridden", "reason": WHY}
OPENING = {"kind": "child.opened", "reason": WHY, "fields": ["shield.overridden"]}


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture
def child(place: Place) -> int:
    """A protected child whom nobody has opened."""
    with transaction.atomic(), as_owner_here():
        (made,) = factories.children(full_draft(place.town, numbers=[], shielded_since=factories.today()))
    return int(made.pk)


@pytest.fixture
def officer(place: Place) -> Actor:
    """An officer of another authority's police, who holds the right."""
    with transaction.atomic(), as_owner_here():
        elsewhere = factories.organisation(kind=OrganisationKind.AUTHORITY)
        force = factories.organisation(kind=OrganisationKind.POLICE, authority=elsewhere)
        person = factories.user(works_for=force)
        grants.grant(person, grants.OVERRIDE, force)
    return factories.actor_for(person)


def administrator(place: Place) -> Actor:
    with transaction.atomic(), as_owner_here():
        person = factories.user(role=Role.ADMINISTRATOR, works_for=place.town.authority)
    return factories.actor_for(person)


def warned(place: Place, web: Web, actor: Actor, child: int) -> None:
    """The actor read who the child is, and then showed their second factor."""
    commit_event(web, actor, kind="child.shown", child_id=child)
    place.as_owner("UPDATE access_session SET confirmed_at = clock_timestamp() WHERE id = %s", actor.session_id)


def override(web: Web, actor: Actor, child: int) -> tuple[int, bool]:
    """Say so, and have it done. Returns the opening, and whether it was."""
    record(web, actor, child_id=child, **SAID)
    opening = record(web, actor, child_id=child, **OPENING)
    ((done,),) = web.execute("SELECT review_override()").fetchall()
    return opening, bool(done)


def override_as(web: Web, told: list[tuple[Actor, dict[str, object]]]) -> None:
    for actor, claims in told:
        record(web, actor, **claims)
    web.execute("SELECT review_override()")


def cases_of(place: Place, actor: Actor) -> set[int]:
    """The authorities whose auditors look into what the actor overrode."""
    rows = place.as_owner(
        "SELECT authority_id FROM review_case WHERE person_id = %s AND override_id IS NOT NULL", actor.user_id
    )
    return {authority for (authority,) in rows}


def shows_all(web: Web, actor: Actor, event: int) -> bool:
    told = read_child(web, actor, event)
    assert told is not None
    assert told["shielded"] is True
    parts = {part for part in ("addresses", "guardians", "involvements", "said_by") if told[part]}
    assert parts in (set(), {"addresses", "guardians", "involvements", "said_by"})
    assert bool(parts) == bool(told["by_right"])
    return bool(parts)


def test_web_role_has_no_right_on_the_tables_nor_on_what_opens_the_record_alone(place: Place) -> None:
    with place.connected() as web:
        for table in ("registry_override", "registry_leaverequest", "registry_childgrant", "review_case"):
            for statement in (
                f"SELECT 1 FROM {table}",
                f"INSERT INTO {table} DEFAULT VALUES",
                f"UPDATE {table} SET id = id",
                f"DELETE FROM {table}",
                f"TRUNCATE {table}",
            ):
                assert isinstance(refusal(web, statement), InsufficientPrivilege)
        for inner in (
            "registry_override()",
            "registry_leave_of(1, 1)",
            "registry_leave_shield(1, 1)",
            "registry_factor_is_anew(1, 1)",
            "access_may_override(1)",
            "access_tell_administrators(1, 'overridden', now())",
            "access_session_confirm('x')",
        ):
            assert isinstance(refusal(web, f"SELECT {inner}"), InsufficientPrivilege)


def test_no_view_without_its_investigation(place: Place, child: int, officer: Actor) -> None:
    with place.connected() as web:
        warned(place, web, officer, child)
        # The events alone, committed, show nothing: nobody noted it, and nobody looks into it.
        record(web, officer, child_id=child, **SAID)
        opening = commit_event(web, officer, child_id=child, **OPENING)
        assert not shows_all(web, officer, opening)
        # Nor in the transaction that overrides, from which it could be taken back.
        opening, done = override(web, officer, child)
        assert done
        assert refusal(web, "SELECT registry_read(%s, %s)", opening, officer.session_key).sqlstate == NO_EVENT
        web.rollback()
        assert cases_of(place, officer) == set()
        # Nor where the step alone is taken back, and its events are left.
        record(web, officer, child_id=child, **SAID)
        opening = record(web, officer, child_id=child, **OPENING)
        web.execute("SAVEPOINT step")
        assert web.execute("SELECT review_override()").fetchone() == (True,)
        web.execute("ROLLBACK TO step")
        web.commit()
        assert not shows_all(web, officer, opening)
        assert cases_of(place, officer) == set()
        # Committed whole it shows the record, and both authorities look into it.
        opening, done = override(web, officer, child)
        assert done
        web.commit()
        assert shows_all(web, officer, opening)
        assert cases_of(place, officer) == {officer.authority_id, place.town.authority.pk}
        told = place.as_owner("SELECT count(*) FROM access_notice WHERE what = 'overridden'")
        assert told[0][0] > 0


def test_what_it_shows_it_shows_of_that_child_in_that_opening_to_that_session_and_for_half_a_minute(
    place: Place, child: int, officer: Actor
) -> None:
    with place.connected() as web:
        warned(place, web, officer, child)
        opening, done = override(web, officer, child)
        web.commit()
        assert done
        assert shows_all(web, officer, opening)
        # Another opening, of this child or another, though it says the same.
        for other in (child, place.shielded):
            assert not shows_all(web, officer, commit_event(web, officer, child_id=other, **OPENING))
        # Somebody else's session, whoever says so; an older copy of the event.
        refused = refusal(web, "SELECT registry_read(%s, %s)", opening, place.newcomer().session_key)
        assert refused.sqlstate == NO_EVENT
        refused = refusal(web, "SELECT registry_read(%s, %s)", place.aged(opening, 40), officer.session_key)
        assert refused.sqlstate == NO_EVENT


def test_each_wants_a_factor_shown_anew_after_the_warning_and_one_serves_for_one(
    place: Place, child: int, officer: Actor
) -> None:
    with place.connected() as web, place.connected() as other:
        place.as_owner("UPDATE access_session SET confirmed_at = clock_timestamp() WHERE id = %s", officer.session_id)
        assert override(web, officer, child)[1] is False  # nobody was warned
        web.rollback()
        warned(place, web, officer, place.shielded)
        assert override(web, officer, child)[1] is False  # it was of another child
        web.rollback()
        commit_event(web, officer, kind="child.shown", child_id=child)
        assert override(web, officer, child)[1] is False  # it was shown before
        web.rollback()
        # A warning of this very transaction is none: it could be taken back.
        with transaction.atomic(), as_owner_here():
            other_child = factories.children(full_draft(place.town, numbers=[], shielded_since=factories.today()))[0].pk
        record(web, officer, kind="child.shown", child_id=other_child)
        place.as_owner("UPDATE access_session SET confirmed_at = clock_timestamp() WHERE id = %s", officer.session_id)
        assert override(web, officer, other_child)[1] is False
        web.rollback()
        warned(place, web, officer, child)
        assert override(web, officer, child)[1] is True
        # In another tab, begun before: it finds that the factor is used.
        show_session(other, officer)
        record(other, officer, child_id=child, **SAID)
        web.commit()
        record(other, officer, child_id=child, **OPENING)
        assert other.execute("SELECT review_override()").fetchone() == (False,)
        other.rollback()
        assert override(web, officer, child)[1] is False
        web.rollback()
        commit_event(web, officer, kind="child.shown", child_id=child)
        assert override(web, officer, child)[1] is False
        web.rollback()
        # Longer ago than a decision may be, the event itself is not taken.
        place.as_owner(
            "UPDATE access_session SET confirmed_at = confirmed_at - interval '7 minutes' WHERE id = %s",
            officer.session_id,
        )
        with pytest.raises(psycopg.Error) as refused, web.transaction():
            record(web, officer, child_id=child, **SAID)
        assert refused.value.sqlstate == NO_EVENT


@pytest.mark.parametrize(
    ("said", "opening"),
    [
        ({}, {"reason": "child_missing"}),
        ({"reason": "made_up"}, {"reason": "made_up"}),
        ({}, {"fields": []}),
        ({}, {"fields": ["shield.grant"]}),
        ({}, {"fields": ["shield.overridden", "shield.grant"]}),
        ({}, {"child": "another"}),
        ({}, {"actor": "another"}),
        (None, {}),
        ({}, None),
    ],
)
def test_the_two_events_say_the_same_or_nothing_is_done(
    place: Place,
    child: int,
    officer: Actor,
    said: dict[str, object] | None,
    opening: dict[str, object] | None,
) -> None:
    with place.connected() as web:
        warned(place, web, officer, child)
        told = [] if said is None else [(officer, {"child_id": child} | SAID | said)]
        if opening is not None:
            claims = {name: value for name, value in opening.items() if name not in ("child", "actor")}
            about = place.shielded if "child" in opening else child
            who = place.newcomer() if "actor" in opening else officer
            told.append((who, {"child_id": about} | OPENING | claims))
        with pytest.raises(psycopg.Error), web.transaction():
            override_as(web, told)
        web.commit()
    assert cases_of(place, officer) == set()


@pytest.mark.parametrize("who", ["no grant", "grant has run out", "of a school", "an administrator"])
def test_nobody_overrides_who_was_not_let_by_name(place: Place, child: int, who: str) -> None:
    with transaction.atomic(), as_owner_here():
        school, force = place.town.school, place.town.police
        works_for = school if who == "of a school" else place.town.authority if who == "an administrator" else force
        role = Role.ADMINISTRATOR if who == "an administrator" else Role.PRACTITIONER
        person = factories.user(works_for=works_for, role=role)
        if who != "no grant":
            grants.grant(person, grants.OVERRIDE, works_for)
        if who == "grant has run out":
            Grant.objects.filter(user=person).update(expires_on=factories.today() - timedelta(days=1))
    actor = factories.actor_for(person)
    with place.connected() as web:
        if role == Role.PRACTITIONER:
            warned(place, web, actor, child)
        with pytest.raises(psycopg.Error) as refused, web.transaction():
            override(web, actor, child)
        assert refused.value.sqlstate == NOT_THEIRS
        web.commit()
    assert cases_of(place, actor) == set()


def give_right(web: Web, actor: Actor, person: User, *, approve: bool = True, until: str = "182 days") -> None:
    """Record that the actor gives the person the right, and give it, as the web process does."""
    record(web, actor, kind="grant.given", user_id=person.pk, fields=[grants.OVERRIDE])
    if approve:
        web.execute(
            "UPDATE access_approval SET outcome = 'approved', decided_by_id = %s, decided_at = now()"
            " WHERE user_id = %s AND kind = 'override' AND outcome = ''",
            [actor.user_id, person.pk],
        )
    web.execute(
        "INSERT INTO access_grant (user_id, permission_id, organisation_id, expires_on, given_by_id)"
        " SELECT %s, id, %s, current_date + %s::interval, %s FROM auth_permission WHERE codename = %s",
        [person.pk, person.organisation_id, until, actor.user_id, grants.OVERRIDE],
    )


def ask_right(web: Web, actor: Actor, person: User) -> None:
    record(web, actor, kind="user.asked", user_id=person.pk, fields=["override"])
    web.execute(
        "INSERT INTO access_approval (user_id, kind, role, identity_check, asked_by_id, asked_at, outcome)"
        " VALUES (%s, 'override', 'practitioner', '', %s, now(), '')",
        [person.pk, actor.user_id],
    )
    web.commit()


def test_the_right_is_given_by_two_to_people_of_the_police_and_of_councils_for_26_weeks(place: Place) -> None:
    first, second = administrator(place), administrator(place)
    with transaction.atomic(), as_owner_here():
        officer = factories.user(works_for=place.town.police)
        teacher = factories.user(works_for=place.town.school)
    with place.connected() as web:
        show_session(web, first)
        for who, person, approve, until in (
            (second, officer, False, "182 days"),  # nobody asked
            (second, officer, True, "182 days"),  # nobody asked: there is nothing to approve
        ):
            with pytest.raises(psycopg.Error), web.transaction():
                give_right(web, who, person, approve=approve, until=until)
        ask_right(web, first, officer)
        ask_right(web, first, teacher)
        for who, person, approve, until in (
            (first, officer, True, "182 days"),  # they asked themselves
            (second, officer, False, "182 days"),  # without approving it
            (second, officer, True, "184 days"),
            (second, teacher, True, "182 days"),
        ):
            with pytest.raises(psycopg.Error), web.transaction():
                give_right(web, who, person, approve=approve, until=until)
        give_right(web, second, officer)
        web.commit()
        # What was approved once gives nothing a second time, nor to somebody else.
        record(web, second, kind="grant.given", user_id=officer.pk, fields=[grants.OVERRIDE])
        renewed = "UPDATE access_grant SET expires_on = current_date + 183, given_by_id = %s WHERE user_id = %s"
        assert isinstance(refusal(web, renewed, second.user_id, officer.pk), InsufficientPrivilege)
    assert place.as_owner("SELECT access_may_override(%s)", officer.pk) == [(True,)]
    assert place.as_owner("SELECT access_may_override(%s)", teacher.pk) == [(False,)]
