"""Round functions and policies: whatever PostgreSQL offers besides tells the web role nothing that was not recorded.

Of the tables about children the web role has rights on one alone, registry_involvement, which it writes.
"""

import re
from collections.abc import Iterator
from contextlib import suppress

import psycopg
import pytest
from psycopg.errors import FeatureNotSupported, InsufficientPrivilege
from pytest_django.plugin import DjangoDbBlocker

from contactpoint.local.servers import Servers
from contactpoint.roles import OWNER, READER, SERVING, SIGN_IN, WEB
from tests.sweeps.attacking import (
    CHANGED,
    CHILD_TABLES,
    KEYS,
    Place,
    commit_event,
    keep,
    placed,
    plan_of,
    record,
    refusal,
    show,
)

KEPT = "registry_involvement"
READ = [table for table in CHILD_TABLES if table != KEPT]
CASTS = ("details::text::int", "(details::bytea)::text::date", "1 / (id - id)", "encode(details, 'hex')::numeric")
# A plan that ran, without what differs from one time to the next.
PLAIN = "ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF"


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        made.as_owner("ANALYZE")
        yield made


@pytest.mark.parametrize("table", READ)
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT FROM {}",
        "SELECT count(*) FROM {} TABLESAMPLE SYSTEM (100)",
        "SELECT FROM {} WHERE ctid = '(0,1)'",
        "SELECT FROM {} FOR KEY SHARE",
        "SELECT table_to_xml('{}', true, false, '')",
        "COPY {} TO STDOUT",
        "COPY (TABLE {}) TO STDOUT",
        "EXPLAIN (ANALYZE) SELECT FROM {}",
        "DO $$ BEGIN PERFORM FROM {}; END $$",
        "SELECT nextval('{}_id_seq')",
        "SELECT last_value FROM {}_id_seq",
        "LOCK TABLE {} IN ACCESS SHARE MODE",
    ],
)
def test_what_is_read_by_the_function_is_refused_to_everything_else(place: Place, table: str, statement: str) -> None:
    """Also while the web role may change the child's involvements."""
    if "_id_seq" in statement and table in KEYS:
        return  # rows have no number of their own
    with place.connected() as web:
        keep(web, place.teacher, place.child)
        error = refusal(web, statement.replace("{}", table))
        # A server may be built without XML.
        assert isinstance(error, InsufficientPrivilege | FeatureNotSupported)


def test_copying_out_gives_nothing(place: Place) -> None:
    with place.connected() as web:
        for source in (KEPT, f"(SELECT * FROM {KEPT})", f"(TABLE {KEPT})"):
            with web.cursor().copy(f"COPY {source} TO STDOUT (FORMAT binary)") as copy:
                rows = list(copy.rows())
            assert rows == [], source
            assert isinstance(refusal(web, f"COPY {source} TO '/tmp/stolen'"), InsufficientPrivilege)
            assert isinstance(refusal(web, f"COPY {source} TO PROGRAM 'cat'"), InsufficientPrivilege)


def test_functions_that_run_a_query_give_nothing(place: Place) -> None:
    with place.connected() as web:
        for query in (
            f"SELECT table_to_xml('{KEPT}', true, false, '')::text",
            f"SELECT query_to_xml('SELECT * FROM {KEPT}', true, false, '')::text",
            f"SELECT xml::text FROM query_to_xml_and_xmlschema('SELECT * FROM {KEPT}', true, false, '') AS xml",
        ):
            # A server may be built without XML.
            with suppress(FeatureNotSupported), web.transaction():
                assert "<id>" not in str(web.execute(query).fetchone()), query
        assert web.execute(f"SELECT * FROM {KEPT} TABLESAMPLE SYSTEM (100)").fetchall() == []
        assert web.execute(f"SELECT * FROM {KEPT} TABLESAMPLE BERNOULLI (100)").fetchall() == []
        assert web.execute(f"SELECT * FROM ONLY {KEPT}").fetchall() == []
        assert web.execute(f"SELECT * FROM {KEPT} WHERE ctid = '(0,1)'").fetchall() == []


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TEMPORARY VIEW mine AS SELECT * FROM registry_involvement",
        "CREATE TEMPORARY TABLE mine AS SELECT * FROM registry_involvement",
        "CREATE FUNCTION pg_temp.tell(bytea) RETURNS boolean LANGUAGE sql COST 0.01 AS 'SELECT true'",
        "CREATE FUNCTION public.tell(bytea) RETURNS boolean LANGUAGE sql COST 0.01 AS 'SELECT true'",
        "CREATE OPERATOR public.=== (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = int8eq)",
        "ALTER FUNCTION byteaeq(bytea, bytea) COST 10000",
        "CREATE RULE tell AS ON SELECT TO registry_involvement DO INSTEAD SELECT 1",
        "CREATE POLICY mine ON registry_involvement TO contactpoint_web USING (true)",
        "ALTER TABLE registry_involvement DISABLE ROW LEVEL SECURITY",
        "LOAD 'auto_explain'",
        "SET track_functions = 'all'",
        "SET log_statement = 'all'",
        "CREATE STATISTICS mine ON child_id, lead FROM registry_involvement",
    ],
)
def test_nothing_can_be_made_that_would_look_on(place: Place, statement: str) -> None:
    """No view, function or operator of one's own, temporary or not: each would stand before the policy or beside it."""
    with place.connected() as web:
        refusal(web, statement)


@pytest.mark.parametrize("cast", CASTS)
def test_errors_quote_no_value(place: Place, cast: str) -> None:
    """A cast that fails quotes what it met; the policy has to come first. Beside an event it quotes that child's."""
    with place.connected() as web:
        assert web.execute(f"SELECT FROM {KEPT} WHERE ({cast}) IS NOT NULL").fetchall() == []
        keep(web, place.newcomer(), place.child)
        others = f"SELECT FROM {KEPT} WHERE child_id = {place.other} AND ({cast}) IS NOT NULL"
        assert web.execute(others).fetchall() == []


def test_anonymous_block_learns_nothing(place: Place) -> None:
    with place.connected() as web:
        web.execute("""
            DO $$ BEGIN
                IF EXISTS (SELECT FROM registry_involvement) THEN RAISE EXCEPTION 'a child was seen'; END IF;
            END $$
        """)


@pytest.mark.parametrize(
    "asked",
    [
        "child_id = {child}",
        "child_id = {child} AND lead",
        "child_id = {child} AND withdrawal IS NULL",
        "id > 0 AND child_id = {child} AND NOT lead",
    ],
)
@pytest.mark.parametrize("kept", [False, True])
def test_plan_that_ran_does_not_tell_whether_a_row_is_there(place: Place, asked: str, kept: bool) -> None:
    """The same question about somebody who is not there is answered in the very same words."""
    with place.connected() as web:
        if kept:
            keep(web, place.newcomer(), place.other)
        for way in ("indexscan", "bitmapscan", "indexonlyscan"):
            web.execute(f"SET enable_{way} = off")
        for cost in ("0.0025", "0", "10"):
            web.execute(f"SET cpu_operator_cost = {cost}")
            plans = {
                plan_of(web, f"SELECT FROM {KEPT} WHERE {asked.format(child=child)}", PLAIN).replace(
                    f"= {child})", "= child)"
                )
                for child in (place.child, place.shielded, 10**9)
            }
            assert len(plans) == 1


def test_plan_that_ran_does_not_tell_what_a_shield_hides(place: Place) -> None:
    """The shielded child is named to be changed; that there are involvements, and which of them leads, is not told."""
    with place.connected() as web:
        keep(web, place.newcomer(), place.shielded)
        plans = {
            plan_of(web, f"SELECT FROM {KEPT} WHERE child_id = {child} AND {lead}", PLAIN)
            .replace(lead, "lead")
            .replace(f"= {child})", "= child)")
            for child in (place.shielded, 10**9)
            for lead in ("(NOT lead)", "lead")
        }
        assert len(plans) == 1


@pytest.mark.parametrize("bare", ["lead", "withdrawal IS NULL"])
def test_conditions_that_cost_nothing_do_not_run_before_the_policy(place: Place, bare: str) -> None:
    """A bare column costs less than any operator. Asked of the row at one place, it would tell of that row."""
    with place.connected() as web:
        there, not_there = (
            plan_of(web, f"SELECT FROM {KEPT} WHERE ctid = '(0,1)' AND {condition}", PLAIN).replace(condition, "bare")
            for condition in (
                f"({bare})",
                f"(NOT ({bare}))" if " " not in bare else f"({bare.replace('IS', 'IS NOT')})",
            )
        )
        assert ran(there) == ran(not_there)


def ran(plan: str) -> list[str]:
    """Which parts of the plan ran."""
    return re.findall(r"InitPlan \d+|never executed|Rows Removed by Filter: \d+", plan)


def test_plan_with_an_index_tells_nothing_either(place: Place) -> None:
    with place.connected() as web:
        web.execute("SET enable_seqscan = off")
        plans = {
            plan_of(web, f"SELECT FROM {KEPT} WHERE child_id = {child}", PLAIN).replace(f"= {child})", "= child)")
            for child in (place.child, place.shielded, 10**9)
        }
        assert len(plans) == 1


def test_estimates_do_not_tell_the_values_of_rows(place: Place) -> None:
    """As it is asked: fine enough to read each bound of the histogram."""
    with place.connected() as web:
        asked = f"SELECT FROM {KEPT}, generate_series(1, 1000000000) AS g WHERE g > 0 OR child_id = "
        estimates = {
            re.findall(r"rows=\d+", plan_of(web, asked + str(child), "COSTS ON"))[0]
            for child in (place.child, place.shielded, 10**9)
        }
    assert len(estimates) == 1


def test_statistics_hold_nothing_of_a_child(place: Place) -> None:
    with place.connected() as web:
        seen = web.execute("SELECT DISTINCT tablename FROM pg_stats WHERE tablename ~ '^(registry|audit|search)'")
        assert seen.fetchall() == []
        assert web.execute("SELECT FROM pg_stats_ext").fetchall() == []
        assert web.execute("SELECT FROM pg_stats_ext_exprs").fetchall() == []
        for table in ("pg_statistic", "pg_statistic_ext_data", "pg_largeobject", "pg_authid"):
            assert isinstance(refusal(web, f"SELECT * FROM {table}"), InsufficientPrivilege)


def test_statements_of_other_connections_are_not_to_be_read(place: Place) -> None:
    """As Django sends them: values bound on the client stand in the statement's text."""
    with place.connected(cursor_factory=psycopg.ClientCursor) as victim, place.connected() as web:
        record(victim, place.newcomer(), child_id=place.child)
        for (query,) in web.execute("SELECT query FROM pg_stat_activity WHERE pid <> pg_backend_pid()").fetchall():
            assert not re.search(r"[0-9a-f]{32}", query or "")


def test_nothing_lies_in_large_objects(place: Place) -> None:
    assert place.as_owner("SELECT oid FROM pg_largeobject_metadata") == []


@pytest.mark.parametrize("role", [OWNER, "postgres", "pg_read_all_data", *sorted({*SERVING} - {READER})])
def test_no_other_role_can_be_taken_on(place: Place, role: str) -> None:
    with place.connected() as web, place.connected("sign_in") as sign_in:
        for connection, own, more in ((web, WEB, set()), (sign_in, SIGN_IN, {READER})):
            for taken in {role, *more} - {own}:
                for statement in (f"SET ROLE {taken}", f"SET SESSION AUTHORIZATION {taken}", f"SET LOCAL ROLE {taken}"):
                    assert isinstance(refusal(connection, statement), InsufficientPrivilege), statement


def test_reader_sees_neither_children_nor_an_unrecorded_log(place: Place) -> None:
    with place.connected() as web:
        web.execute(f"SET ROLE {READER}")
        assert web.execute("SELECT FROM audit_event").fetchall() == []
        for table in CHILD_TABLES:
            assert isinstance(refusal(web, f"SELECT FROM {table}"), InsufficientPrivilege)


def test_row_security_switched_off_is_refused_rather_than_obeyed(place: Place) -> None:
    with place.connected() as web:
        web.execute("SET row_security = off")
        for table in CHILD_TABLES:
            assert isinstance(refusal(web, f"SELECT FROM {table}"), InsufficientPrivilege)


def test_locking_and_changing_meet_no_row(place: Place) -> None:
    with place.connected() as web:
        assert web.execute(f"SELECT FROM {KEPT} FOR UPDATE").fetchall() == []
        assert web.execute(f"UPDATE {KEPT} SET lead = lead RETURNING id").fetchall() == []


def test_reading_and_change_are_needed_both_and_of_one_child_by_one_person(place: Place) -> None:
    """Nobody changes what they did not read, and the change stands in the log beside it or does not happen."""
    change = f"UPDATE {KEPT} SET lead = lead RETURNING id"
    someone, other = place.newcomer(), place.newcomer()
    with place.connected() as web:
        read = commit_event(web, someone, kind="involvement.read", child_id=place.child)
        show(web, someone, read)
        assert web.execute(change).fetchall() == [], "read is not enough"
        for actor, child in ((someone, place.other), (other, place.child), (someone, None)):
            record(web, actor, child_id=child, **CHANGED)
            assert web.execute(change).fetchall() == [], "another child's or somebody else's change"
        web.commit()
        record(web, someone, child_id=place.child, **CHANGED)
        assert web.execute(change).fetchall() == [], "changed is not enough"
        web.commit()
        show(web, someone, read)
        assert web.execute(change).fetchall() == [], "a change of another transaction"
        record(web, someone, child_id=place.child, kind="involvement.read")
        assert web.execute(change).fetchall() == [], "what is read is no change"
        record(web, someone, child_id=place.child, **CHANGED)
        assert web.execute(change).fetchall()


def test_failed_writes_tell_nothing_of_what_is_there(place: Place) -> None:
    """The policy refuses before any index is asked: the same words whether or not it would have collided."""
    insert = f"INSERT INTO {KEPT} (child_id, lead, details, row_version) VALUES (%s, true, %s, 1)"
    ((sealed,),) = place.as_owner(f"SELECT details FROM {KEPT} LIMIT 1")
    with place.connected() as web:
        words = {str(refusal(web, insert, child, sealed)) for child in (place.child, place.other, 10**9)}
        assert len(words) == 1
        assert "row-level security" in words.pop()
        keep(web, place.newcomer(), place.child)
        error = refusal(web, f"UPDATE {KEPT} SET child_id = %s", place.other)
        assert isinstance(error, InsufficientPrivilege), "an involvement is not moved to a child that is not named"
        words = {str(refusal(web, insert, child, sealed)) for child in (place.other, place.shielded, 10**9)}
        assert len(words) == 1
