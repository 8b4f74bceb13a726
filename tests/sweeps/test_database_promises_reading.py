"""No view without a record: a child's rows are there for the transaction whose own event names the child, only then."""

from collections.abc import Iterator

import psycopg
import pytest
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role
from contactpoint.local.servers import Servers
from tests.sweeps.attacking import (
    CHILD_TABLES,
    NO_SESSION,
    OPENED,
    OVER_BUDGET,
    Place,
    placed,
    record,
    refusal,
    rows_seen,
    told,
)

MEASURES = {  # what an event of each kind spends
    "searches": {"kind": "child.searched"},
    "records": OPENED,
    "identities": {"kind": "child.shown"},
}
# Kinds that name a child and open nothing: what is recorded afterwards, or by somebody else.
NAME_AND_OPEN_NOTHING = ("access.refused", "child.added", "involvement.recorded", "child.listed", "child.searched")


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


def test_nothing_without_an_event(place: Place) -> None:
    with place.connected() as web:
        assert rows_seen(web) == {}


def test_own_event_shows_that_child_and_no_other(place: Place) -> None:
    with place.connected() as web:
        record(web, place.teacher, child_id=place.child, **OPENED)
        assert set(rows_seen(web, place.child)) == set(CHILD_TABLES) - {"registry_shield"}
        assert rows_seen(web) == rows_seen(web, place.child)


def test_whereabouts_of_a_shielded_child_stay_hidden_whatever_is_recorded(place: Place) -> None:
    with place.connected() as web:
        for kind in (OPENED, {"kind": "child.shown"}, {"kind": "involvement.read"}):
            record(web, place.teacher, child_id=place.shielded, **kind)
        assert rows_seen(web, place.shielded) == {"registry_child": 1, "registry_childname": 1, "registry_shield": 1}
        assert web.execute("SELECT kind FROM registry_childname").fetchall() == [("legal",)]


@pytest.mark.parametrize("kind", NAME_AND_OPEN_NOTHING)
def test_other_kinds_of_event_show_nothing(place: Place, kind: str) -> None:
    with place.connected() as web:
        record(web, place.newcomer(), kind=kind, child_id=place.child, shown=[place.child])
        assert rows_seen(web) == {}


def test_event_of_a_process_shows_nothing(place: Place) -> None:
    with place.connected() as web:
        claims = told(place.teacher, kind="access.refused", actor_id=None, process="insider", child_id=place.child)
        web.execute("SELECT audit_record_process(%s)", [claims])
        assert rows_seen(web) == {}
        for kind in ("child.opened", "child.shown", "involvement.read"):
            claims = told(place.teacher, kind=kind, actor_id=None, process="insider", child_id=place.child)
            assert refusal(web, "SELECT audit_record_process(%s)", claims).sqlstate == NO_SESSION


def test_event_of_a_committed_transaction_shows_nothing(place: Place) -> None:
    with place.connected() as web:
        record(web, place.newcomer(), child_id=place.child, **OPENED)
        web.commit()
        assert rows_seen(web) == {}


def test_event_of_another_connection_shows_nothing(place: Place) -> None:
    with place.connected() as one, place.connected() as other:
        record(one, place.newcomer(), child_id=place.child, **OPENED)
        assert rows_seen(one)
        assert rows_seen(other) == {}
        snapshot = one.execute("SELECT pg_export_snapshot()").fetchone()
        assert snapshot is not None
        other.rollback()
        other.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        other.execute(f"SET TRANSACTION SNAPSHOT '{snapshot[0]}'")
        assert rows_seen(other) == {}


def test_taken_back_to_a_savepoint_the_event_shows_nothing(place: Place) -> None:
    with place.connected() as web:
        web.execute("SAVEPOINT before")
        record(web, place.newcomer(), child_id=place.child, **OPENED)
        web.execute("ROLLBACK TO before")
        assert rows_seen(web) == {}


def test_cursor_opened_before_the_event_shows_nothing(place: Place) -> None:
    with place.connected() as web:
        web.execute("DECLARE early CURSOR FOR SELECT * FROM registry_child")
        record(web, place.newcomer(), child_id=place.child, **OPENED)
        assert web.execute("FETCH ALL FROM early").fetchall() == []


def test_cursor_held_past_the_transaction_shows_what_was_recorded_alone(place: Place) -> None:
    with place.connected() as web:
        record(web, place.newcomer(), child_id=place.child, **OPENED)
        web.execute("DECLARE held CURSOR WITH HOLD FOR SELECT id FROM registry_child")
        web.commit()
        assert web.execute("FETCH ALL FROM held").fetchall() == [(place.child,)]
        web.execute("CLOSE held")


@pytest.mark.parametrize("mode", ["force_generic_plan", "force_custom_plan"])
def test_plan_made_under_one_event_shows_nothing_under_none(place: Place, mode: str) -> None:
    with place.connected() as web:
        web.execute(f"SET plan_cache_mode = {mode}")
        record(web, place.newcomer(), child_id=place.child, **OPENED)
        web.execute("PREPARE all_children AS SELECT id FROM registry_child")
        assert web.execute("EXECUTE all_children").fetchall() == [(place.child,)]
        web.commit()
        assert web.execute("EXECUTE all_children").fetchall() == []
        record(web, place.newcomer(), child_id=place.other, **OPENED)
        assert web.execute("EXECUTE all_children").fetchall() == [(place.other,)]


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
        assert rows_seen(web) == {}


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
        record(web, someone, kind="access.refused", child_id=place.child)
        assert rows_seen(web) == {}


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
        record(web, someone, child_id=place.child, **MEASURES[measure])
        web.commit()
        refused = refusal(
            web,
            "SELECT audit_record(%s, %s)",
            someone.session_key,
            told(someone, child_id=place.child, **MEASURES[measure]),
        )
        assert refused.sqlstate == OVER_BUDGET
        assert rows_seen(web) == {}


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


def test_two_at_once_do_not_share_the_last_of_a_budget(place: Place) -> None:
    someone = place.newcomer()
    place.as_owner(
        "INSERT INTO access_usage (user_id, measure, hour, used)"
        " SELECT %s, measure, date_trunc('hour', now()), hourly - 1 FROM access_budget"
        " WHERE role = 'practitioner' AND measure = 'records'",
        someone.user_id,
    )
    with place.connected() as one, place.connected() as other:
        record(one, someone, child_id=place.child, **OPENED)
        other.execute("SET lock_timeout = '200ms'")
        assert isinstance(
            refusal(
                other, "SELECT audit_record(%s, %s)", someone.session_key, told(someone, child_id=place.child, **OPENED)
            ),
            psycopg.errors.LockNotAvailable,
        ), "it waits for the other one's end"
        one.commit()
        assert refused_opening(other, place, someone).sqlstate == OVER_BUDGET


def refused_opening(web: psycopg.Connection, place: Place, actor: object) -> psycopg.Error:
    """How the opening of the child by the actor is refused; nothing of the child can be seen afterwards."""
    claims = told(actor, child_id=place.child, **OPENED)  # type: ignore[arg-type]
    error = refusal(web, "SELECT audit_record(%s, %s)", actor.session_key, claims)  # type: ignore[attr-defined]
    assert rows_seen(web) == {}
    return error
