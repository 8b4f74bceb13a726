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

from contactpoint.grants import SCHEMAS
from contactpoint.local.servers import Servers
from contactpoint.roles import OWNER, READER, SERVING, WEB
from tests.sweeps.attacking import (
    CHANGED,
    CHILD_TABLES,
    NO_SESSION,
    Place,
    commit_event,
    keep,
    placed,
    plan_of,
    record,
    refusal,
    show,
)

# Tables of which the web role reads rows without an event, and why that is so.
READ_WITHOUT_AN_EVENT = {
    "public.access_accreditation": "of organisations; what a public directory might say",
    "public.access_apitoken": "whose tokens there are, never a fingerprint; labels are sealed",
    "public.access_approval": "who asked and who decided, by number",
    "public.access_grant": "who administers and audits which organisation",
    "public.access_invitation": "that a link was sent and when, never the link",
    "public.access_organisation": "a public directory",
    "public.access_site": "a public directory",
    "public.access_stop": "every request asks whether somebody is stopped",
    "public.access_user": "every request asks who it is; the values are sealed (issue 5)",
    "public.access_user_groups": "nobody is in a group",
    "public.access_user_user_permissions": "nobody has a permission of Django's",
    "public.access_vettingitem": "only of people whom the transaction's own event names",
    "public.account_emailaddress": "allauth asks at sign-in; empty, or sealed by issue 5",
    "public.auth_group": "Django's own; empty",
    "public.auth_group_permissions": "Django's own; empty",
    "public.auth_permission": "Django's own; names of models",
    "public.django_content_type": "Django's own; names of models",
    "public.mfa_authenticator": "asked at sign-in; the secrets are sealed (issue 5)",
    "public.socialaccount_socialaccount": "allauth asks at sign-in; nobody is connected to an identity provider",
    "public.review_inquiry": "only of an alert that the transaction's own event names",
    "search.epoch": "how long tokens are",
}
# What the web role may execute in our schemas, and what each gives to somebody who has recorded nothing.
EXECUTABLE = {
    "access_actor": "who one's own transaction's event names",
    "access_grant_is_given": "whether one's own transaction's events give that grant",
    "access_invitation_accept": "an event, and an invitation used up whose link one has",
    "access_invitation_load": "whose an invitation is whose link one has",
    "access_is_stopped": "whether somebody is stopped, as every request asks",
    "access_item_is_told": "whether one's own transaction's events say that of somebody's vetting",
    "access_organisation_is_changed": "whether one's own transaction's event says so",
    "access_people_to_see": "the people that one's own transaction named",
    "access_sessions_end_of": "the end of the sessions of somebody whom one's own transaction's event closes out",
    "access_stop_is_told": "whether one's own transaction's event says so",
    "access_token_is_kept": "whether one's own transaction's event says so",
    "access_token_load": "whose a token is that one has, and whether it is good",
    "access_token_standings": "whether tokens are good, by number",
    "access_show_ticket": "what an event allows to read that one's own live session recorded and committed",
    "access_told": "whether one's own transaction's event says so",
    "access_told_fields": "whether one's own transaction's event says so",
    "access_history_of": "one's own doings, with the ticket of reading them",
    "access_mediation_begin": "a call, after its event",
    "access_mediation_end": "the end of a call, after its event",
    "access_mediation_of": "whose call it is, for a session whose key one has",
    "access_session_begin": "a session that is nobody's",
    "access_session_end": "the end of a session whose key one has",
    "access_session_ended": "why a session ended whose key one has",
    "access_session_load": "a session whose key one has",
    "access_session_note_device": "a name, once, for the browser of a session whose key one has",
    "access_session_rekey": "another key for a session whose key one has",
    "access_session_save": "other contents for a session whose key one has",
    "access_sessions_end": "the end of those other sessions of one's own that one's own transaction's event names",
    "access_sessions_end_others": "the end of one's other sessions, after the event of one's new password",
    "access_sessions_of": "when the sessions of the person began whose key one has, and their sealed browsers",
    "access_sign_in": "an event, and a session's first user",
    "audit_alert_again": "one more of an alert that there is; it says whether there is one",
    "audit_alert_begin": "an alert, after its event",
    "audit_record": "an event that a live session vouches for",
    "audit_record_token": "an event that a live token vouches for",
    "audit_record_process": "an event of no person",
    "draw": "how often a search was made, after its event",
    "drawn": "children by token, after the event of a search and its draw",
    "registry_involvement_withdraw": "an involvement withdrawn, of the child whose withdrawal one's own event names",
    "registry_opened_lately": "which records one opened, with the ticket of reading one's history",
    "registry_read": "the child whom an event names that one's own live session recorded and committed",
    "registry_recalled": "of the records one opened the summaries that the ticket's event names",
    "registry_child_to_keep": "the child that one's own transaction changes",
    "review_alert_is_told": "whether one's own transaction's event says so",
    "access_vetted_by_another": "whether somebody else than a person recorded any of somebody's evidence",
}
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


def test_tables_that_show_rows_without_an_event_are_listed_with_a_reason(place: Place) -> None:
    """Counted as the web role: nothing, or refused. A new table fails here until somebody decides."""
    there = place.as_owner(
        "SELECT nspname || '.' || relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace"
        " WHERE nspname = ANY (%s) AND relkind IN ('r', 'p', 'v', 'm', 'f')",
        list(SCHEMAS),
    )
    readable = set()
    with place.connected() as web:
        for (table,) in there:
            try:
                with web.transaction():
                    (number,) = web.execute(f"SELECT count(*) FROM {table}").fetchone() or (0,)
            except InsufficientPrivilege:
                continue
            if number or not table.startswith("public.registry_"):
                readable.add(table)
    assert readable == set(READ_WITHOUT_AN_EVENT)


def test_every_table_about_children_has_its_policy_forced(place: Place) -> None:
    forced = place.as_owner(
        "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity AND relname ~ '^registry_'"
    )
    there = place.as_owner("SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ '^registry_'")
    assert set(forced) == set(there) == {(table,) for table in CHILD_TABLES}


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


def test_functions_of_ours_that_the_web_role_may_execute_are_listed(place: Place) -> None:
    with place.connected() as web:
        found = web.execute(
            "SELECT proname FROM pg_proc WHERE pronamespace = ANY (%s::regnamespace[])"
            " AND has_function_privilege(oid, 'EXECUTE')",
            [list(SCHEMAS)],
        ).fetchall()
    assert {name for (name,) in found} == set(EXECUTABLE)


def test_functions_without_arguments_of_ours_tell_of_no_child(place: Place) -> None:
    with place.connected() as web:
        assert web.execute("SELECT registry_child_to_keep()").fetchall() == [(None,)]
        for function in ("registry_opened_lately", "registry_recalled"):
            assert refusal(web, f"SELECT {function}()").sqlstate == NO_SESSION


def test_no_function_of_postgresql_reads_files_or_other_servers(place: Place) -> None:
    """PostgreSQL's own functions that the web role may execute, by the names of those that go round tables."""
    outside = r"^(dblink|pg_read|pg_ls_|lo_import|lo_export|pg_stat_file|pg_file_|pgsql_fdw|pg_current_logfile|pg_hba)"
    with place.connected() as web:
        found = web.execute(
            "SELECT proname FROM pg_proc WHERE proname ~ %s AND has_function_privilege(oid, 'EXECUTE')", [outside]
        ).fetchall()
        assert found == []
        assert web.execute("SELECT extname FROM pg_extension").fetchall() == [("plpgsql",)]
        assert isinstance(refusal(web, "CREATE EXTENSION dblink"), psycopg.Error)


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
            .replace(str(child), "child")
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


@pytest.mark.parametrize("role", [OWNER, "postgres", "pg_read_all_data", *sorted({*SERVING} - {WEB, READER})])
def test_no_other_role_can_be_taken_on(place: Place, role: str) -> None:
    with place.connected() as web:
        for statement in (f"SET ROLE {role}", f"SET SESSION AUTHORIZATION {role}", f"SET LOCAL ROLE {role}"):
            assert isinstance(refusal(web, statement), InsufficientPrivilege)


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
