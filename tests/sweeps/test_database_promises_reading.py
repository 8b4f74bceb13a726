"""No view without a record: the database shows a child because of a committed event, to the session that wrote it."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.errors import CheckViolation, InsufficientPrivilege
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role
from contactpoint.local.servers import Servers
from tests.sweeps.attacking import (
    CHILD_TABLES,
    KEYS,
    NO_SESSION,
    OPENED,
    Place,
    commit_event,
    events_seen,
    outright,
    placed,
    read_child,
    record,
    refusal,
    show_session,
    told,
)

READ = "SELECT registry_read(%s, %s)"
SHOWN, KEPT = {"kind": "child.shown"}, {"kind": "involvement.read"}
IDENTITY = {"id", "row_version", "number", "gender", "date_of_birth"}
# Kinds that name a child and open nothing: what is recorded afterwards, or by somebody else.
NAME_AND_OPEN_NOTHING = ("access.refused", "child.added", "involvement.recorded", "child.listed", "child.searched")


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


def filled(told: dict[str, Any] | None) -> set[str]:
    """The parts of a child that the database told, with the columns of the child's own row."""
    assert told is not None
    own = {name for name, value in told["child"].items() if value is not None}
    return own | {part for part, rows in told.items() if part not in {"child", "shielded"} and rows}


@pytest.mark.parametrize("outcome", ["not_permitted", "no_match", "wrong_state"])
@pytest.mark.parametrize(
    "claims",
    [
        OPENED,
        SHOWN,
        KEPT,
        {"kind": "child.recalled"},
        {"kind": "child.searched"},
        {"kind": "child.listed", "shown": [1]},
    ],
    ids=lambda claims: claims["kind"],
)
def test_nobody_reads_by_an_event_that_says_they_were_refused(
    place: Place, claims: dict[str, Any], outcome: str
) -> None:
    """It would be examined by nobody (review/), and told to no family."""
    someone = place.newcomer()
    with place.connected() as web:
        show_session(web, someone)
        event = told(someone, child_id=place.child, outcome=outcome, **claims)
        refused = refusal(web, "SELECT audit_record(%s, %s)", someone.session_key, event)
        assert isinstance(refused, CheckViolation)
        assert refused.diag.constraint_name == "audit_event_was_done"


@pytest.mark.parametrize("table", CHILD_TABLES)
@pytest.mark.parametrize("columns", ["*", "id", "count(*)"])
def test_tables_show_nothing_whatever_was_recorded(place: Place, table: str, columns: str) -> None:
    someone = place.newcomer()
    with place.connected() as web:
        for kind in (OPENED, SHOWN, KEPT):
            read_child(web, someone, commit_event(web, someone, child_id=place.child, **kind))
        statement = f"SELECT {KEYS.get(table, columns) if columns == 'id' else columns} FROM {table}"
        if table == "registry_involvement":  # which the web role writes
            assert web.execute(statement).fetchall() in ([], [(0,)])
        else:
            assert isinstance(refusal(web, statement), InsufficientPrivilege)
            assert isinstance(refusal(web, f"EXPLAIN {statement}"), InsufficientPrivilege)


@pytest.mark.parametrize(
    ("kind", "parts"),
    [
        (OPENED, IDENTITY | {"date_of_death", "assessment", "responsible_authority_id"}
            | {"names", "addresses", "numbers", "guardians", "involvements", "said_by"}),
        (SHOWN, IDENTITY | {"names"}),
        (KEPT, IDENTITY | {"date_of_death", "responsible_authority_id", "names", "involvements"}),
    ],
)  # fmt: skip
def test_committed_event_shows_what_its_kind_is_for(place: Place, kind: dict[str, str], parts: set[str]) -> None:
    with place.connected() as web:
        event = commit_event(web, place.teacher, child_id=place.child, **kind)
        child = read_child(web, place.teacher, event)
        assert filled(child) == parts
        assert child is not None
        assert child["child"]["id"] == place.child
        if kind is not OPENED:
            assert [name["kind"] for name in child["names"]] == ["legal"]


@pytest.mark.parametrize("kind", [OPENED, SHOWN, KEPT])
def test_whereabouts_of_a_shielded_child_stay_hidden_whatever_is_recorded(place: Place, kind: dict[str, str]) -> None:
    with place.connected() as web:
        event = commit_event(web, place.teacher, child_id=place.shielded, **kind)
        child = read_child(web, place.teacher, event)
        assert filled(child) == IDENTITY | {"names"}
        assert child is not None
        assert child["shielded"] is True
        assert [name["kind"] for name in child["names"]] == ["legal"]


@pytest.mark.parametrize("kind", NAME_AND_OPEN_NOTHING)
def test_other_kinds_of_event_show_nothing(place: Place, kind: str) -> None:
    someone = place.newcomer()
    with place.connected() as web:
        event = commit_event(web, someone, kind=kind, child_id=place.child, shown=[place.child])
        assert refusal(web, READ, event, someone.session_key).sqlstate == NO_SESSION


def test_event_that_is_not_committed_shows_nothing(place: Place) -> None:
    """Not in its own transaction, after a savepoint, to another connection or in a snapshot that was handed over."""
    someone = place.newcomer()
    with place.connected() as web:
        event = record(web, someone, child_id=place.child, **OPENED)
        assert refusal(web, READ, event, someone.session_key).sqlstate == NO_SESSION
        web.execute("SAVEPOINT after")
        assert refusal(web, READ, event, someone.session_key).sqlstate == NO_SESSION
        web.rollback()
    with place.connected() as web:
        event = record(web, someone, child_id=place.child, **OPENED)
        with place.connected() as other:
            assert refusal(other, READ, event, someone.session_key).sqlstate == NO_SESSION
        snapshot = web.execute("SELECT pg_export_snapshot()").fetchone()
        assert snapshot is not None
        with place.connected() as other:
            other.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            other.execute(f"SET TRANSACTION SNAPSHOT '{snapshot[0]}'")
            assert refusal(other, READ, event, someone.session_key).sqlstate == NO_SESSION


def test_view_that_is_taken_back_leaves_the_record_and_the_charge(place: Place) -> None:
    someone = place.newcomer()
    with place.connected() as web:
        event = commit_event(web, someone, child_id=place.child, **OPENED)
        assert read_child(web, someone, event)
        web.rollback()
    assert place.as_owner("SELECT child_id FROM audit_event WHERE id = %s", event) == [(place.child,)]
    used = place.as_owner("SELECT used FROM access_usage WHERE user_id = %s AND measure = 'records'", someone.user_id)
    assert used == [(1,)]


def test_event_of_another_session_shows_nothing(place: Place) -> None:
    one, other = place.newcomer(), place.newcomer()
    with place.connected() as web:
        event = commit_event(web, one, child_id=place.child, **OPENED)
        for presented in (other.session_key, "0" * 32, "", None):
            assert refusal(web, READ, event, presented).sqlstate == NO_SESSION
        assert read_child(web, one, event)


@pytest.mark.parametrize("asked", [0, -1, 2**62, None])
def test_event_that_is_not_there_shows_nothing(place: Place, asked: int | None) -> None:
    with place.connected() as web:
        assert refusal(web, READ, asked, place.teacher.session_key).sqlstate == NO_SESSION


@pytest.mark.parametrize(("seconds", "shows"), [(20, True), (31, False), (3600, False)])
def test_event_shows_the_child_for_half_a_minute(place: Place, seconds: int, shows: bool) -> None:
    someone = place.newcomer()
    with place.connected() as web:
        event = place.aged(commit_event(web, someone, child_id=place.child, **OPENED), seconds)
        if shows:
            assert read_child(web, someone, event)
        else:
            assert refusal(web, READ, event, someone.session_key).sqlstate == NO_SESSION


def test_event_of_a_process_shows_nothing(place: Place) -> None:
    with place.connected() as web:
        for kind in ("child.opened", "child.shown", "involvement.read"):
            claims = told(place.teacher, kind=kind, actor_id=None, process="insider", child_id=place.child)
            assert refusal(web, "SELECT audit_record_process(%s)", claims).sqlstate == NO_SESSION


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_old_snapshot_shows_nothing(place: Place, level: str) -> None:
    """In one that is older than a suspension, the session would still be there."""
    someone = place.newcomer()
    with place.connected() as web:
        event = commit_event(web, someone, child_id=place.child, **OPENED)
        web.execute(f"SET TRANSACTION ISOLATION LEVEL {level}")
        assert refusal(web, READ, event, someone.session_key).sqlstate == NO_SESSION


def test_session_that_ended_after_the_event_shows_nothing(place: Place) -> None:
    ended, expired = place.newcomer(), place.newcomer()
    with place.connected() as web:
        events = [commit_event(web, each, child_id=place.child, **OPENED) for each in (ended, expired)]
        web.execute("SELECT 1")
        place.as_owner("DELETE FROM access_session WHERE id = %s", ended.session_id)
        place.as_owner("UPDATE access_session SET expires_at = clock_timestamp() WHERE id = %s", expired.session_id)
        for event, actor in zip(events, (ended, expired), strict=True):
            assert refusal(web, READ, event, actor.session_key).sqlstate == NO_SESSION


def test_child_that_is_gone_is_nobody(place: Place) -> None:
    with place.connected() as web:
        event = commit_event(web, place.newcomer(), child_id=10**15, **OPENED)
        assert outright(web, READ, event, place.teacher.session_key).sqlstate == NO_SESSION
        someone = place.newcomer()
        assert read_child(web, someone, commit_event(web, someone, child_id=10**15, **OPENED)) is None


@pytest.mark.parametrize("copied", [True, False])
def test_ticket_that_was_made_up_or_kept_shows_nothing(place: Place, copied: bool) -> None:
    """A ticket stands in a setting, which anybody may set; only the database can mark it, for one transaction."""
    auditor = place.newcomer(Role.AUDITOR)
    with place.connected() as web:
        event = commit_event(web, auditor, kind="log.read")
        web.execute("SELECT access_show_ticket(%s, %s)", [event, auditor.session_key])
        assert events_seen(web)
        ticket = web.execute("SELECT current_setting('contactpoint.ticket')").fetchone()
        web.commit()
        assert events_seen(web) == 0, "the next transaction"
        web.rollback()
        made_up = f"{event} {2**40} {'0' * 64}"
        web.execute(
            "SELECT set_config('contactpoint.ticket', %s, false)", [ticket[0] if copied and ticket else made_up]
        )
        assert events_seen(web) == 0


@pytest.mark.parametrize("junk", ["x", "1 2 3 4", "1 x y", " ", "9" * 40 + " 1 2"])
def test_junk_for_a_ticket_shows_nothing(place: Place, junk: str) -> None:
    with place.connected() as web:
        web.execute("SELECT set_config('contactpoint.ticket', %s, true)", [junk])
        web.execute("SET LOCAL ROLE contactpoint_reader")
        try:
            rows = web.execute("SELECT id FROM audit_event").fetchall()
        except psycopg.DataError:
            rows = []
        assert rows == []


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT audit_ticket()",
        "SELECT audit_ticket_mark(1, 1)",
        "SELECT audit_issue_ticket(1, 1, 1)",
        "SELECT key FROM audit_ticketkey",
        "UPDATE audit_ticketkey SET key = ''",
    ],
)
@pytest.mark.parametrize("role", ["web", "worker", "sequencer", "examiner", "reader"])
def test_nobody_who_serves_makes_tickets(place: Place, role: str, statement: str) -> None:
    with place.connected(role) as connected:
        assert isinstance(refusal(connected, statement), InsufficientPrivilege)
