"""An insider at the web role lets nobody in, raises nobody, undoes no stop: not without the events and the people."""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from psycopg.errors import InsufficientPrivilege
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role, StopReason, User, UserState, VettingKind
from access.people.actions.deciding import suspend
from access.people.actions.vetting import NewItem, record_item
from access.rules.lifecycle import TRANSITIONS
from audit.actors import Actor
from contactpoint.local.servers import Servers
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.access import lives
from tests.integration.access.lives import Council
from tests.sweeps.attacking import NO_SESSION, Place, Web, confirmed, placed, record, refusal, show_session, told

NOT_ALLOWED = "CP004"
LET_IN = "UPDATE access_user SET state = 'active' WHERE id = %s"
RAISE = "UPDATE access_user SET role = 'administrator' WHERE id = %s"
APPROVE = "UPDATE access_approval SET outcome = 'approved', decided_by_id = %s WHERE user_id = %s AND outcome = ''"
TAKE_BACK = (
    "UPDATE access_approval SET outcome = 'withdrawn', decided_by_id = %s"
    " WHERE user_id = %s AND outcome = '' AND kind = 'reinstate'"
)
GRANT = """
    INSERT INTO access_grant (user_id, permission_id, organisation_id, expires_on, given_by_id)
    SELECT %s, id, %s, current_date + 300, %s FROM auth_permission WHERE codename = %s
"""
STOP_LIFTED = (
    "UPDATE access_stop SET lifted_at = now(), lifted_by_id = %s WHERE lifted_at IS NULL AND scope = 'organisation'"
)


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture(scope="module")
def administrators(place: Place) -> Council:
    with as_owner_here():
        return lives.council()


@pytest.fixture
def council(place: Place, administrators: Council) -> Council:
    return confirmed(place, administrators)


@pytest.fixture(scope="module")
def ready(place: Place, administrators: Council) -> int:
    """Somebody who joined by the first administrator's invitation and lacks the approval alone."""
    return lives.complete(confirmed(place, administrators)).pk


@pytest.fixture(scope="module")
def elsewhere(place: Place) -> Actor:
    """An administrator of another authority."""
    return place.newcomer(Role.ADMINISTRATOR)


def does(web: Web, actor: Actor, kind: str, user_id: int | None = None, **changes: Any) -> int:
    return record(web, actor, kind=kind, user_id=user_id, **changes)


def refused_event(web: Web, actor: Actor, kind: str, user_id: int | None = None, **changes: Any) -> str | None:
    told_event = told(actor, kind=kind, user_id=user_id, **changes)
    return refusal(web, "SELECT audit_record(%s, %s)", actor.session_key, told_event).sqlstate


def test_nobody_is_let_in_without_an_event(place: Place, council: Council, ready: int) -> None:
    with place.connected() as web:
        show_session(web, council.second)
        assert isinstance(refusal(web, LET_IN, ready), InsufficientPrivilege)
        assert isinstance(refusal(web, RAISE, ready), InsufficientPrivilege)


def test_nobody_is_let_in_by_whoever_asked_for_it(place: Place, council: Council, ready: int) -> None:
    with place.connected() as web:
        does(web, council.first, "user.approved", ready)
        assert refusal(web, APPROVE, council.first.user_id, ready).sqlstate is not None
        assert isinstance(refusal(web, LET_IN, ready), InsufficientPrivilege)


def test_nobody_is_let_in_in_another_administrators_name(place: Place, council: Council, ready: int) -> None:
    with place.connected() as web:
        does(web, council.first, "user.approved", ready)
        assert refusal(web, APPROVE, council.second.user_id, ready).sqlstate is not None


def test_a_second_administrator_lets_in_and_that_is_no_accident_of_the_set_up(
    place: Place, council: Council, ready: int
) -> None:
    with place.connected() as web:
        does(web, council.second, "user.approved", ready)
        web.execute(APPROVE, [council.second.user_id, ready])
        web.execute(LET_IN, [ready])
        assert web.execute("SELECT state FROM access_user WHERE id = %s", [ready]).fetchone() == ("active",)


@pytest.fixture(scope="module")
def brought(place: Place, administrators: Council) -> int:
    """Somebody for whom a process asked, and whose evidence the first administrator alone recorded."""
    council = confirmed(place, administrators)
    user = lives.asked_by_the_service(council)
    lives.vet(council.first, user)
    lives.sign(user)
    return user.pk


def test_nobody_is_let_in_by_whoever_alone_recorded_the_evidence(place: Place, council: Council, brought: int) -> None:
    with place.connected() as web:
        does(web, council.first, "user.approved", brought)
        web.execute(APPROVE, [council.first.user_id, brought])
        assert isinstance(refusal(web, LET_IN, brought), InsufficientPrivilege)


def test_another_lets_in_whom_one_alone_checked_and_that_is_no_accident_of_the_set_up(
    place: Place, council: Council, brought: int
) -> None:
    with place.connected() as web:
        does(web, council.second, "user.approved", brought)
        web.execute(APPROVE, [council.second.user_id, brought])
        web.execute(LET_IN, [brought])
        assert web.execute("SELECT state FROM access_user WHERE id = %s", [brought]).fetchone() == ("active",)


def suspended(user: User) -> int:
    """As a feed does, when somebody has left."""
    with as_worker():
        suspend(actor=factories.SETTING_UP, user_id=user.pk, reason=StopReason.LEFT)
    return user.pk


def test_nobody_undoes_a_feeds_suspension_alone(place: Place, council: Council) -> None:
    """Not even with what another recorded before, and by whoever had no part in it."""
    person = suspended(lives.active(council))
    with place.connected() as web:
        does(web, council.third, "user.reinstated", person)
        web.execute(APPROVE, [council.third.user_id, person])
        assert isinstance(refusal(web, LET_IN, person), InsufficientPrivilege)


def test_nobody_undoes_it_by_letting_in_whom_another_invited(place: Place, council: Council) -> None:
    """Suspended while they were joining: approved to join, with the other question approved as well or taken back."""
    person = suspended(lives.complete(council))
    with place.connected() as web:
        does(web, council.second, "user.reinstated", person)
        with web.transaction(force_rollback=True):
            web.execute(APPROVE, [council.second.user_id, person])
            assert isinstance(refusal(web, LET_IN, person), InsufficientPrivilege)
        does(web, council.second, "user.asked", person)
        web.execute(TAKE_BACK, [council.second.user_id, person])
        web.execute(APPROVE, [council.second.user_id, person])
        assert isinstance(refusal(web, LET_IN, person), InsufficientPrivilege)


def test_two_undo_it_and_that_is_no_accident_of_the_set_up(place: Place, council: Council) -> None:
    person = suspended(lives.complete(council))
    record_item(actor=council.third, user_id=person, item=NewItem(VettingKind.DBS, factories.today()))
    with place.connected() as web:
        does(web, council.second, "user.reinstated", person)
        web.execute(APPROVE, [council.second.user_id, person])
        web.execute(LET_IN, [person])
        assert web.execute("SELECT state FROM access_user WHERE id = %s", [person]).fetchone() == ("active",)


def test_nobody_is_let_in_whose_vetting_is_not_complete(place: Place, council: Council) -> None:
    user = lives.joining(council)
    with place.connected() as web:
        does(web, council.second, "user.approved", user.pk)
        web.execute(APPROVE, [council.second.user_id, user.pk])
        assert isinstance(refusal(web, LET_IN, user.pk), InsufficientPrivilege)


def test_nobody_puts_off_the_day_on_which_vetting_ends(place: Place, council: Council, ready: int) -> None:
    with place.connected() as web:
        does(web, council.second, "user.vetted", ready, fields=["dbs"])
        for statement in (
            "UPDATE access_user SET valid_until = '2099-01-01' WHERE id = %s",
            "UPDATE access_user SET organisation_id = 1 WHERE id = %s",
        ):
            assert isinstance(refusal(web, statement, ready), InsufficientPrivilege), statement


def test_nobody_signs_the_agreement_for_somebody_else(place: Place, council: Council, ready: int) -> None:
    with place.connected() as web:
        assert refused_event(web, council.second, "user.agreed", ready, fields=["2024-01-01"]) == NOT_ALLOWED
        assert refused_event(web, council.second, "user.vetted", council.second.user_id, fields=["dbs"]) == NOT_ALLOWED


@pytest.mark.parametrize("transition", TRANSITIONS.values(), ids=TRANSITIONS)
def test_an_administrator_of_another_authority_records_no_step(
    place: Place, ready: int, elsewhere: Actor, transition: Any
) -> None:
    with place.connected() as web:
        assert refused_event(web, elsewhere, transition.event, ready) == NOT_ALLOWED


@pytest.mark.parametrize("kind", ["user.approved", "user.suspended", "user.read", "grant.given", "stop.begun"])
def test_nobody_but_administrators_records_a_step(place: Place, ready: int, kind: str) -> None:
    with place.connected() as web:
        assert refused_event(web, place.teacher, kind, ready, fields=["user"]) == NOT_ALLOWED


@pytest.mark.parametrize("kind", ["user.approved", "user.reinstated", "user.role_changed", "grant.given", "user.read"])
def test_nobody_decides_about_themselves(place: Place, council: Council, kind: str) -> None:
    oneself = council.first.user_id
    with place.connected() as web:
        show_session(web, council.first)
        if kind != "user.read":
            assert refused_event(web, council.first, kind, oneself) == NOT_ALLOWED
        assert isinstance(
            refusal(web, "UPDATE access_user SET role = 'auditor' WHERE id = %s", oneself), InsufficientPrivilege
        )


def test_nobody_is_granted_more_than_applying_without_an_approval(place: Place, council: Council, ready: int) -> None:
    giver, school = council.second.user_id, council.school.pk
    with place.connected() as web:
        does(web, council.second, "grant.given", ready, fields=["apply_organisation"])
        web.execute(GRANT, [ready, school, giver, "apply_organisation"])
        for what in ("administer_organisation", "audit_authority", "stop_service"):
            assert isinstance(refusal(web, GRANT, ready, school, giver, what), InsufficientPrivilege), what


def test_no_stop_is_lifted_by_whoever_began_it_nor_without_the_event(place: Place, council: Council) -> None:
    school = str(council.school.pk)
    with place.connected() as web:
        does(web, council.first, "stop.begun", fields=["organisation", school])
        web.execute(
            "INSERT INTO access_stop (scope, organisation_id, reason, begun_by_id, begun_at)"
            " VALUES ('organisation', %s, 'incident', %s, now())",
            [council.school.pk, council.first.user_id],
        )
        assert refusal(web, STOP_LIFTED, council.first.user_id).sqlstate is not None
        does(web, council.first, "stop.lifted", fields=["organisation", school])
        assert refusal(web, STOP_LIFTED, council.first.user_id).sqlstate is not None
        does(web, council.second, "stop.lifted", fields=["organisation", school])
        web.execute(STOP_LIFTED, [council.second.user_id])


def test_the_whole_service_is_stopped_only_by_those_granted_it(place: Place, council: Council) -> None:
    with place.connected() as web:
        assert refused_event(web, council.first, "stop.begun", fields=["service"]) == NOT_ALLOWED


@pytest.mark.parametrize("state", [state for state in UserState if state != UserState.ACTIVE])
def test_whoever_is_not_active_records_nothing_but_their_own_affairs(place: Place, state: UserState) -> None:
    person = place.newcomer(Role.ADMINISTRATOR)
    place.as_owner("UPDATE access_user SET state = %s WHERE id = %s", state, person.user_id)
    with place.connected() as web:
        assert refused_event(web, person, "people.listed") == NO_SESSION
        assert refused_event(web, person, "child.searched", reason="safeguarding") == NO_SESSION
        if state == UserState.JOINING:
            does(web, person, "user.read", person.user_id)
        else:
            assert refused_event(web, person, "user.read", person.user_id) == NO_SESSION


@pytest.mark.parametrize(
    "lapse",
    [
        "UPDATE access_vettingitem SET checked_on = '2020-01-01', expires_on = '2021-01-01' WHERE user_id = %s",
        "DELETE FROM access_vettingitem WHERE user_id = %s AND kind = 'training_use'",
        "INSERT INTO access_stop (scope, user_id, reason, begun_at) VALUES ('user', %s, 'misuse', now())",
        """
        UPDATE access_organisation SET accredited_until = '2021-01-01'
        WHERE id = (SELECT organisation_id FROM access_user WHERE id = %s)
        """,
    ],
    ids=["run out", "missing", "stopped", "accreditation"],
)
def test_whoever_lapsed_opens_no_child_though_the_session_lives(place: Place, lapse: str) -> None:
    with as_owner_here():
        person = factories.user(works_for=factories.organisation())
    actor = factories.actor_for(person)
    with place.connected() as web:
        does(web, actor, "child.searched", reason="safeguarding")
        web.rollback()
        place.as_owner(lapse, actor.user_id)
        assert refused_event(web, actor, "child.opened", child_id=place.child, reason="safeguarding") == NO_SESSION


def test_invitations_show_no_link(place: Place, council: Council) -> None:
    lives.invited(council)
    with place.connected() as web:
        assert isinstance(refusal(web, "SELECT * FROM access_invitation"), InsufficientPrivilege)
        assert isinstance(refusal(web, "SELECT token_fingerprint FROM access_invitation"), InsufficientPrivilege)


def test_nobody_joins_without_a_link(place: Place, council: Council) -> None:
    user = lives.invited(council)
    claim = json.loads(told(council.first, kind="user.joined", user_id=user.pk, actor_id=None, role=""))
    claim |= {"process": "invitation", "session_id": None}
    accepted, joining = (
        "SELECT access_invitation_accept(%s, %s)",
        "UPDATE access_user SET state = 'joining' WHERE id = %s",
    )
    with place.connected("sign_in") as sign_in, place.connected() as web:
        assert refusal(sign_in, accepted, "0" * 32, json.dumps(claim)).sqlstate == NOT_ALLOWED
        assert isinstance(refusal(web, accepted, "0" * 32, json.dumps(claim)), InsufficientPrivilege)
        show_session(web, council.first)
        assert isinstance(refusal(sign_in, joining, user.pk), InsufficientPrivilege)
        with suppress(InsufficientPrivilege):  # where the session is over, nobody is seen and nothing to be changed
            assert web.execute(joining, [user.pk]).rowcount == 0
