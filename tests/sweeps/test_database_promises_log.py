"""The log is written in one way and never changed: by no role that serves, and by its owner only in the open."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

import pytest
from psycopg.errors import InsufficientPrivilege
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role
from audit import heartbeat
from audit.actors import Actor, Process
from contactpoint.local.servers import Servers
from contactpoint.roles import SERVING
from tests.integration.audit.sealing import connected
from tests.sweeps.attacking import (
    NO_SESSION,
    Place,
    commit_event,
    events_seen,
    outright,
    placed,
    record,
    refusal,
    show,
    told,
)

ROLES = ("web", "sign_in", "worker", "sequencer", "examiner", "reader")
# Of each event, what the database gives itself.
CHOSEN = {"id": 7, "at": "2001-01-01", "transaction_id": "7", "leaf": "\\x00"}
MAINTAIN = "SELECT audit_record_process(%s)"
SHOW = "SELECT access_show_ticket(%s, %s)"
CHANGES = ("UPDATE {} SET kind = kind", "DELETE FROM {}", "TRUNCATE {}", "TRUNCATE {} CASCADE")


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture
def auditor(place: Place) -> Actor:
    return place.newcomer(Role.AUDITOR)


@pytest.fixture(scope="module")
def partition(place: Place) -> str:
    """This month's, in which there are events."""
    ((name,),) = place.as_owner("SELECT DISTINCT tableoid::regclass::text FROM audit_event")
    return str(name)


@pytest.fixture(scope="module")
def partitions(place: Place) -> list[str]:
    rows = place.as_owner("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'audit_event'::regclass")
    return [name for (name,) in rows]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET kind = 'log.heartbeat'",
        "DELETE FROM {}",
        "TRUNCATE {}",
        "INSERT INTO {} SELECT * FROM {}",
        "INSERT INTO {} (id) VALUES (1)",
        "COPY {} FROM STDIN",
        "MERGE INTO {} USING (SELECT 1 AS one) AS source ON id = one WHEN MATCHED THEN DELETE",
        "ALTER TABLE {} DISABLE TRIGGER ALL",
        "ALTER TABLE {} DISABLE TRIGGER audit_event_append_only",
        "ALTER TABLE {} DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE {} ADD COLUMN note text",
        "ALTER TABLE {} OWNER TO contactpoint_web",
        "ALTER TABLE {} RENAME TO gone",
        "DROP TABLE {}",
        "LOCK TABLE {} IN ACCESS EXCLUSIVE MODE",
        "CREATE TRIGGER mine BEFORE INSERT ON {} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "CREATE RULE mine AS ON INSERT TO {} DO INSTEAD NOTHING",
        "SELECT * FROM {} FOR UPDATE",
    ],
)
def test_no_role_changes_the_log(place: Place, partition: str, role: str, statement: str) -> None:
    with place.connected(role) as connection:
        for table in ("audit_event", partition):
            assert isinstance(refusal(connection, statement.replace("{}", table)), InsufficientPrivilege)


@pytest.mark.parametrize("role", ROLES)
def test_no_role_touches_what_the_log_stands_on(place: Place, partition: str, role: str) -> None:
    with place.connected(role) as connection:
        for statement in (
            f"ALTER TABLE audit_event DETACH PARTITION {partition}",
            f"ALTER TABLE audit_event DETACH PARTITION {partition} CONCURRENTLY",
            "SELECT setval('audit_event_id_seq', 1)",
            "SELECT nextval('audit_event_id_seq')",
            "SELECT * FROM audit_event_id_seq",
            "ALTER SEQUENCE audit_event_id_seq RESTART",
            "SET session_replication_role = replica",
            "CREATE OR REPLACE FUNCTION audit_append(event audit_event) RETURNS bigint LANGUAGE sql AS 'SELECT 1'",
            "ALTER FUNCTION audit_append(audit_event) SECURITY INVOKER",
            "DROP FUNCTION audit_event_refuse_change() CASCADE",
            "SELECT audit_append(NULL)",
            "SELECT audit_line(NULL)",
            f"SELECT * FROM {partition}",
        ):
            connection.autocommit = "CONCURRENTLY" in statement
            error = outright(connection, statement)
            assert isinstance(error, InsufficientPrivilege), statement


@pytest.mark.parametrize("role", ["sequencer", "examiner", "worker", "reader"])
def test_roles_that_serve_nobody_record_nobodys_doings(place: Place, role: str) -> None:
    with place.connected(role) as connection:
        error = refusal(connection, "SELECT audit_record(%s, %s)", place.teacher.session_key, told(place.teacher))
        assert isinstance(error, InsufficientPrivilege)
        sign_in = told(place.teacher, kind="sign_in.succeeded")
        error = refusal(connection, "SELECT access_sign_in(%s, %s)", place.teacher.session_key, sign_in)
        assert isinstance(error, InsufficientPrivilege)
        # A process has no user.
        error = refusal(connection, "SELECT audit_record_process(%s)", told(place.teacher, process="insider"))
        assert isinstance(error, InsufficientPrivilege) or error.sqlstate == NO_SESSION


def test_the_examiner_says_that_it_lives_and_reads_all_of_an_event_but_what_was_asked(place: Place) -> None:
    with connected(place.running.database_address("examiner", place.name)):
        heartbeat.beat(Process("examiner"))
    with place.connected("examiner") as examiner:
        (said,) = examiner.execute(
            "SELECT process, actor_id, child_id FROM audit_event WHERE kind = 'log.heartbeat' AND process = 'examiner'"
        ).fetchall()
        assert said == ("examiner", None, None)
        assert isinstance(refusal(examiner, "SELECT criteria FROM audit_event"), InsufficientPrivilege)
        assert isinstance(refusal(examiner, "SELECT audit_event FROM audit_event"), InsufficientPrivilege)


@pytest.mark.parametrize("kind", ["log.maintained", "child.added", "user.suspended", "case.reminded", "alert.raised"])
def test_examiner_records_nothing_but_that_it_lives_and_that_a_case_is_urgent(place: Place, kind: str) -> None:
    with place.connected("examiner") as examiner:
        for reason in ("removed", "unexamined"):
            claims = told(place.teacher, kind=kind, actor_id=None, process="examiner", reason=reason)
            assert refusal(examiner, "SELECT audit_record_process(%s)", claims).sqlstate == NO_SESSION


@pytest.mark.parametrize("kind", ["log.maintained", "child.added", "log.read", "user.added", "child.opened"])
def test_web_role_records_as_a_process_only_what_happens_before_anybody_is_known(place: Place, kind: str) -> None:
    with place.connected() as web:
        claims = told(place.teacher, kind=kind, actor_id=None, process="insider", child_id=place.child, reason="s47")
        assert refusal(web, "SELECT audit_record_process(%s)", claims).sqlstate == NO_SESSION


def test_id_time_transaction_and_leaf_are_the_databases_own(place: Place) -> None:
    someone = place.newcomer()
    with place.connected() as web:
        event = record(web, someone, child_id=place.child, **CHOSEN)
        (transaction,) = web.execute("SELECT pg_current_xact_id()::text").fetchone() or ("",)
        web.commit()
    assert event > 7
    ((at, written_in, leaf, line),) = place.as_owner(
        "SELECT at, transaction_id::text, leaf, sha256('\\x00'::bytea || convert_to(audit_line(audit_event), 'UTF8'))"
        " FROM audit_event WHERE id = %s",
        event,
    )
    assert (datetime.now(at.tzinfo) - at).total_seconds() < 60
    assert written_in == transaction
    assert leaf == line


def test_transaction_held_open_does_not_date_an_event_back(place: Place) -> None:
    someone = place.newcomer()
    with place.connected() as web:
        (begun,) = web.execute("SELECT now()").fetchone() or (None,)
        web.execute("SELECT pg_sleep(0.2)")
        event = record(web, someone, child_id=place.child)
        web.commit()
    ((at,),) = place.as_owner("SELECT at FROM audit_event WHERE id = %s", event)
    assert (at - begun).total_seconds() >= 0.2


@pytest.mark.parametrize(
    "claims",
    [
        {"outcome": "done|1"},
        {"reason": "a|b"},
        {"fields": ["a", "b|c"]},
        {"fields": ["a", None]},
        {"shown": [1, None]},
        {"voided": [None]},
        {"kind": "child.peeked"},
        {"kind": None},
        {"number": 0},
        {"authentication": "\\x00"},
        {"writer": None},
        {"actor_id": None},
        {"process": "both"},
        {"kind": "child.opened", "reason": ""},
    ],
)
def test_event_that_would_not_be_one_line_is_refused(place: Place, claims: dict[str, object]) -> None:
    with place.connected() as web:
        refusal(web, "SELECT audit_record(%s, %s)", place.teacher.session_key, told(place.teacher, **claims))


def test_owner_changes_nothing_without_saying_so(place: Place, partition: str) -> None:
    with place.connected("owner") as owner:
        for table in ("audit_event", partition):
            for change in CHANGES:
                error = refusal(owner, change.format(table))
                assert isinstance(error, InsufficientPrivilege)
                assert "append-only" in str(error)
        # A foreign table's cascade, a merge and a locked row come by the same door.
        error = refusal(owner, "MERGE INTO audit_event USING (SELECT 1) AS one ON true WHEN MATCHED THEN DELETE")
        assert "append-only" in str(error)


def test_owner_empties_no_partition_of_any_month(place: Place, partitions: list[str]) -> None:
    assert len(partitions) >= 4
    with place.connected("owner") as owner:
        for table in partitions:
            assert "append-only" in str(refusal(owner, f"TRUNCATE {table}"))


def test_owner_does_not_switch_the_triggers_off_for_a_session(place: Place) -> None:
    with place.connected("owner") as owner:
        assert isinstance(refusal(owner, "SET session_replication_role = replica"), InsufficientPrivilege)


def test_owner_changes_what_a_recorded_maintenance_allows_in_that_transaction_alone(
    place: Place, partition: str
) -> None:
    claims = told(place.teacher, kind="log.maintained", actor_id=None, process="maintenance", role="", session_id=None)
    with place.connected("owner") as owner:
        for table in ("audit_event", partition):
            for change in CHANGES[:3]:
                owner.execute("SAVEPOINT before")
                owner.execute(MAINTAIN, [claims])
                owner.execute(change.format(table))
                owner.execute("ROLLBACK TO before")
                assert "append-only" in str(refusal(owner, change.format(table))), "the maintenance went with it"
        owner.execute(MAINTAIN, [claims])
        owner.commit()
        assert "append-only" in str(refusal(owner, "DELETE FROM audit_event")), "that was another transaction's"


def test_worker_makes_months_and_nothing_else_of_them(place: Place, partitions: list[str]) -> None:
    """However it is asked; what it makes is as shut as the others."""
    with place.connected("worker") as worker:
        for ahead in (-1, 0, 6, 10**6, None):
            worker.execute("SELECT audit_make_partitions(%s)", [ahead])
        made = worker.execute(
            "SELECT relation.oid::regclass::text, relrowsecurity AND relforcerowsecurity,"
            " bool_or(has_any_column_privilege(role, relation.oid, 'SELECT, INSERT, UPDATE')"
            " OR has_table_privilege(role, relation.oid, 'DELETE, TRUNCATE, TRIGGER'))"
            " FROM pg_class AS relation, unnest(%s::text[]) AS role"
            " WHERE relispartition AND relkind = 'r' AND relname ~ '^audit_event_' GROUP BY 1, 2",
            [[*SERVING, "public"]],
        ).fetchall()
        assert len(partitions) < len(made) <= 25
        assert {(forced, granted) for _name, forced, granted in made} == {(True, False)}
        worker.commit()
    with place.connected("owner") as owner:
        for name, _forced, _granted in made:
            assert "append-only" in str(refusal(owner, f"TRUNCATE {name}"))


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.MEDIATOR, Role.ADMINISTRATOR])
def test_log_is_read_by_auditors_alone(place: Place, role: Role) -> None:
    person = place.newcomer(role)
    with place.connected() as web:
        refusal(web, "SELECT audit_record(%s, %s)", person.session_key, told(person, kind="log.read"))


def test_log_is_read_after_its_reading_is_committed(place: Place, auditor: Actor) -> None:
    with place.connected() as web:
        event = record(web, auditor, kind="log.read")
        assert refusal(web, SHOW, event, auditor.session_key).sqlstate == NO_SESSION
        assert events_seen(web) == 0
        web.commit()
        assert events_seen(web) == 0, "recorded and not shown"
        assert refusal(web, SHOW, event, place.newcomer(Role.AUDITOR).session_key).sqlstate == NO_SESSION
        show(web, auditor, event)
        assert events_seen(web)


def test_reading_of_the_log_that_is_taken_back_a_hundred_times_leaves_a_hundred_events(
    place: Place, auditor: Actor
) -> None:
    with place.connected() as web:
        for _ in range(100):
            show(web, auditor, commit_event(web, auditor, kind="log.read"))
            assert events_seen(web)
            web.rollback()
            assert events_seen(web) == 0, "what was shown went with it"
            web.rollback()
    recorded = "SELECT count(*) FROM audit_event WHERE kind = 'log.read' AND actor_id = %s"
    assert place.as_owner(recorded, auditor.user_id) == [(100,)]


@pytest.mark.parametrize("kind", ["history.read", "user.read", "people.listed"])
def test_other_readings_show_nothing_of_the_log(place: Place, kind: str) -> None:
    person = place.newcomer(Role.ADMINISTRATOR)
    with place.connected() as web:
        show(web, person, commit_event(web, person, kind=kind, user_id=person.user_id))
        assert events_seen(web) == 0


@pytest.mark.parametrize("role", ["web", "sign_in", "worker", "reader"])
def test_no_other_role_takes_the_sequencers_turn(place: Place, role: str) -> None:
    """Whoever could would hold the seal up."""
    with place.connected(role) as connection, place.connected("sequencer") as sequencer:
        for statement in (
            "SELECT FROM audit_turn FOR UPDATE",
            "SELECT FROM audit_turn FOR KEY SHARE",
            "LOCK TABLE audit_turn IN ACCESS SHARE MODE",
            "LOCK TABLE audit_tile IN EXCLUSIVE MODE",
            "LOCK TABLE audit_checkpoint IN EXCLUSIVE MODE",
            "DELETE FROM audit_turn",
        ):
            assert isinstance(refusal(connection, statement), InsufficientPrivilege), statement
        assert len(sequencer.execute("SELECT FROM audit_turn FOR UPDATE SKIP LOCKED").fetchall()) == 1


@pytest.mark.parametrize("role", ROLES)
def test_no_role_gives_its_rights_on(place: Place, role: str) -> None:
    rights = "SELECT relacl::text FROM pg_class WHERE relname ~ '^audit_event' ORDER BY oid"
    before = place.as_owner(rights)
    with place.connected(role) as connection:
        # PostgreSQL only warns where a role has a right and may not give it on.
        for statement in ("GRANT ALL ON audit_event TO PUBLIC", "GRANT contactpoint_owner TO CURRENT_USER"):
            with suppress(InsufficientPrivilege), connection.transaction():
                connection.execute(statement)
        connection.commit()
    assert place.as_owner(rights) == before
