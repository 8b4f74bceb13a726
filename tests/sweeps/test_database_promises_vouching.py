"""An event is written for whom a live session vouches, and within the budget: without it nothing is shown."""

from collections.abc import Iterator

import psycopg
import pytest
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role
from audit.actors import Actor
from contactpoint.local.servers import Servers
from tests.sweeps.attacking import (
    NO_SESSION,
    OPENED,
    OVER_BUDGET,
    Place,
    Web,
    commit_event,
    placed,
    refusal,
    told,
)

MEASURES = {  # what an event of each kind spends
    "searches": {"kind": "child.searched"},
    "records": OPENED,
    "identities": {"kind": "child.shown"},
}


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.mark.parametrize(
    ("claim", "value"),
    [("actor_id", 0), ("session_id", 0), ("organisation_id", 0), ("authority_id", 0), ("role", "mediator")],
)
def test_claims_that_the_session_does_not_bear_out_are_refused(place: Place, claim: str, value: object) -> None:
    """The presented session is live and the insider's own; what is claimed of it is not so, or is not claimed."""
    with place.connected() as web:
        for claimed in (value, None):
            claims = told(place.teacher, child_id=place.child, **OPENED | {claim: claimed})
            error = refusal(web, "SELECT audit_record(%s, %s)", place.teacher.session_key, claims)
            assert error.sqlstate == NO_SESSION


@pytest.mark.parametrize("presented", ["", "0" * 32, None])
def test_forged_session_is_refused(place: Place, presented: str | None) -> None:
    with place.connected() as web:
        error = refusal(web, "SELECT audit_record(%s, %s)", presented, told(place.teacher, child_id=place.child))
        assert error.sqlstate == NO_SESSION


def test_own_session_does_not_vouch_for_another_user(place: Place) -> None:
    with place.connected() as web:
        error = refusal(
            web,
            "SELECT audit_record(%s, %s)",
            place.teacher.session_key,
            told(place.colleague, child_id=place.child),
        )
        assert error.sqlstate == NO_SESSION


def test_expired_session_is_refused(place: Place) -> None:
    someone = place.newcomer()
    place.as_owner("UPDATE access_session SET expires_at = now() WHERE id = %s", someone.session_id)
    with place.connected() as web:
        assert refused_opening(web, place, someone).sqlstate == NO_SESSION


def test_session_that_expires_while_a_transaction_is_open_is_refused(place: Place) -> None:
    someone = place.newcomer()
    with place.connected() as web:
        web.execute("SELECT 1")
        place.as_owner("UPDATE access_session SET expires_at = clock_timestamp() WHERE id = %s", someone.session_id)
        assert refused_opening(web, place, someone).sqlstate == NO_SESSION


@pytest.mark.parametrize("state", ["suspended", "left"])
def test_session_of_somebody_who_may_not_come_in_any_more_is_refused(place: Place, state: str) -> None:
    someone = place.newcomer()
    place.as_owner("UPDATE access_user SET state = %s WHERE id = %s", state, someone.user_id)
    with place.connected() as web:
        assert refused_opening(web, place, someone).sqlstate == NO_SESSION
        event = commit_event(web, someone, kind="access.refused", child_id=place.child)
        assert refusal(web, "SELECT registry_read(%s, %s)", event, someone.session_key).sqlstate == NO_SESSION


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_roles_without_a_budget_open_nothing(place: Place, role: Role) -> None:
    with place.connected() as web:
        assert refused_opening(web, place, place.newcomer(role)).sqlstate == OVER_BUDGET


@pytest.mark.parametrize("hours_ago", [0, 23])
@pytest.mark.parametrize("measure", MEASURES)
def test_past_the_budget_of_the_hour_or_the_day_nothing_is_shown(place: Place, measure: str, hours_ago: int) -> None:
    someone = place.newcomer()
    limit = "hourly" if hours_ago == 0 else "daily"
    place.as_owner(
        "INSERT INTO access_usage (user_id, measure, hour, used)"
        f" SELECT %s, measure, date_trunc('hour', now()) - make_interval(hours => %s), {limit} - 1 FROM access_budget"
        " WHERE role = 'practitioner' AND measure = %s",
        someone.user_id,
        hours_ago,
        measure,
    )
    with place.connected() as web:
        commit_event(web, someone, child_id=place.child, **MEASURES[measure])
        refused = refusal(
            web,
            "SELECT audit_record(%s, %s)",
            someone.session_key,
            told(someone, child_id=place.child, **MEASURES[measure]),
        )
        assert refused.sqlstate == OVER_BUDGET


@pytest.mark.parametrize("zone", ["<x>-00:20", "<x>+00:20", "Asia/Kolkata"])
def test_hour_is_the_same_whatever_the_time_zone(place: Place, zone: str) -> None:
    """Cut at another minute, each hour would be a fresh one."""
    someone = place.newcomer()
    place.as_owner(
        "INSERT INTO access_usage (user_id, measure, hour, used)"
        " SELECT %s, measure, date_trunc('hour', now(), 'UTC'), hourly FROM access_budget"
        " WHERE role = 'practitioner' AND measure = 'records'",
        someone.user_id,
    )
    with place.connected() as web:
        web.execute(f"SET timezone = '{zone}'")
        assert refused_opening(web, place, someone).sqlstate == OVER_BUDGET


def test_list_is_charged_for_each_child_in_it(place: Place) -> None:
    someone = place.newcomer()
    with place.connected() as web:
        claims = told(someone, kind="child.listed", shown=list(range(1, 602)))
        assert refusal(web, "SELECT audit_record(%s, %s)", someone.session_key, claims).sqlstate == OVER_BUDGET
        # An array in an array counts by its elements as well, where it is not refused outright.
        refusal(web, "SELECT audit_record(%s, %s)", someone.session_key, told(someone, kind="child.listed", shown=None))


def refused_opening(web: Web, place: Place, actor: Actor) -> psycopg.Error:
    """How the opening of the child by the actor is refused."""
    return refusal(web, "SELECT audit_record(%s, %s)", actor.session_key, told(actor, child_id=place.child, **OPENED))
