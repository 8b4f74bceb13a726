"""What PostgreSQL lets each role do is what contactpoint/grants.py says, table by table, and nothing more."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import ProgrammingError, connection, transaction

from contactpoint.grants import FUNCTIONS, NUMBERED_BY_OTHERS, PARTITIONS_OF, SCHEMAS, TABLES
from contactpoint.roles import OWNER, READER, SERVING, WEB
from tests.sweeps.test_models import OUR_MODELS

PROJECT = Path(__file__).parent.parent.parent
LOG = "audit_event"
SAFE_PATH = "search_path=pg_catalog, pg_temp"
COLUMNS = re.compile(r"(\w+) \(([^)]*)\)")
# Where no right was ever given or taken, acldefault says what PostgreSQL gives by itself.
RELATIONS = """
    select namespace.nspname || '.' || relation.relname, grantee.rolname, privilege_type
    from pg_class relation
    join pg_namespace namespace on namespace.oid = relation.relnamespace
    cross join aclexplode(coalesce(relation.relacl, acldefault(%s, relation.relowner))) as granted
    left join pg_roles grantee on grantee.oid = granted.grantee
    where namespace.nspname = any(%s) and relation.relkind = any(%s)
"""
COLUMN_RIGHTS = """
    select namespace.nspname || '.' || relation.relname, grantee.rolname, privilege_type || ' ' || attname
    from pg_attribute
    join pg_class relation on relation.oid = attrelid
    join pg_namespace namespace on namespace.oid = relation.relnamespace
    cross join aclexplode(attacl) as granted
    left join pg_roles grantee on grantee.oid = granted.grantee
    where namespace.nspname = any(%s) and attacl is not null
"""
ROUTINES = """
    select routine.oid::regprocedure::text, grantee.rolname, privilege_type
    from pg_proc routine
    join pg_namespace namespace on namespace.oid = routine.pronamespace
    cross join aclexplode(coalesce(routine.proacl, acldefault('f', routine.proowner))) as granted
    left join pg_roles grantee on grantee.oid = granted.grantee
    where namespace.nspname = any(%s)
"""
SCHEMA_RIGHTS = """
    select nspname, grantee.rolname, privilege_type
    from pg_namespace
    cross join aclexplode(coalesce(nspacl, acldefault('n', nspowner))) as granted
    left join pg_roles grantee on grantee.oid = granted.grantee
    where nspname = any(%s)
"""
TABLES_THERE = """
    select nspname || '.' || relname,
        (select inhparent::regclass::text from pg_inherits where inhrelid = pg_class.oid and relispartition)
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where relkind in ('r', 'p', 'v', 'm', 'f')
        and nspname not in ('pg_catalog', 'information_schema') and nspname !~ '^pg_(toast|temp)'
"""
# Everything else that is written from a page is written by a function, which asks for a live session.
WRITTEN_FROM_PAGES = {
    "access_accreditation": "of an organisation that an authority answers for",
    "access_approval": "what one asks, and what another decides",
    "access_grant": "what comes with a role, and what an authority delegates",
    "access_invitation": "that a link is wanted; the worker makes it",
    "access_ownhome": "one's own home, as fingerprints",
    "access_site": "of one's own organisations",
    "access_stop": "in an emergency",
    "access_user": "one's own telephone number; a step in somebody's life, beside its event",
    "access_clientsystem": "systems of an organisation, by two of its administrators; by their events alone",
    "registry_involvement": "one's own organisation's involvement",
    "review_casework": "that an auditor took, decided, agreed to or closed a case of their authority, beside its event",
    "review_answer": "the steps of an answer to a family, each beside its event",
    "review_savedview": "one's own, and of nothing but codes and organisations",
    "review_inquiry": "that an auditor took or closed an alert of their authority, beside its event",
    "review_judgement": "how an access looks that was drawn, beside its event",
    "review_personresult": "what came of it for each of those whom a case about a child names, beside the decision",
    "review_question": "what an auditor asks, and the answer of whoever is asked, beside their events",
}
# Tables of ours of which a role sees every row that it may read at all.
WITHOUT_ROW_SECURITY = {
    "access_budget": "how much each role may see; no role reads it",
    "access_organisation": "a public directory",
    "access_reminder": "who was told when that something runs out; the web role reads none of it",
    "access_usage": "how much each user has seen, never of whom; no role reads it",
    "access_user_groups": "nobody is in a group",
    "access_user_user_permissions": "nobody has a permission of Django's",
    "audit_checkpoint": "to be published",
    "audit_cosignature": "to be published",
    "audit_logkey": "public keys",
    "audit_ticketkey": "what tickets are marked with; no role reads it",
    "audit_tile": "to be published",
}
MEMBERS = {
    WEB: {(READER, False, True)},  # takes the reader's rights for an auditor's query, and has none of them otherwise
}
Rights = set[tuple[str, str, str]]  # object, role (or PUBLIC), right


def rows(statement: str, *parameters: object) -> Rights:
    """Rights of everybody but the owner, who owns."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        found = {(target, role or "PUBLIC", right) for target, role, right in cursor.fetchall()}
    return {each for each in found if each[1] not in {OWNER, "postgres"}}


def qualified(table: str) -> str:
    return table if "." in table else f"public.{table}"


def split(rights: str) -> tuple[set[str], set[str]]:
    """The rights on a whole table, and those on one column each, as "UPDATE name"."""
    on_columns = {
        f"{right} {column.strip()}" for right, columns in COLUMNS.findall(rights) for column in columns.split(",")
    }
    whole = {right.strip() for right in COLUMNS.sub("", rights).split(",") if right.strip()}
    return whole, on_columns


def listed() -> Iterator[tuple[str, str, str]]:
    return ((table, role, rights) for table, roles in TABLES.items() for role, rights in roles.items())


def test_every_table_is_listed(db: None) -> None:
    there = {name for name, parent in tables_there() if parent not in PARTITIONS_OF}

    assert there == {qualified(table) for table in TABLES}


def test_partitions_are_named_by_their_month_and_there_ahead_of_time(db: None) -> None:
    months = {name for name, parent in tables_there() if parent == LOG}
    assert len(months) >= 4, "this month and the next three"
    assert all(re.fullmatch(rf"public\.{LOG}_2\d\d\d_[01]\d", name) for name in months)


def test_row_security_is_forced_on_every_table_or_there_is_a_reason(db: None) -> None:
    """Forced: for the owner as well. A new model fails here until somebody decides."""
    ours = {model._meta.db_table for model in OUR_MODELS}
    ours |= {field.m2m_db_table() for model in OUR_MODELS for field in model._meta.local_many_to_many}
    ours |= {name.removeprefix("public.") for name, parent in tables_there() if parent == LOG}
    with connection.cursor() as cursor:
        cursor.execute("select relname from pg_class where relrowsecurity and relforcerowsecurity")
        forced = {name for (name,) in cursor.fetchall()}

    assert ours - forced == set(WITHOUT_ROW_SECURITY)


def tables_there() -> list[tuple[str, str | None]]:
    """Every table, with the table that it is a partition of."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES_THERE)
        return list(cursor.fetchall())


def test_rights_on_tables_are_those_listed(db: None) -> None:
    wanted = {(qualified(table), role, right) for table, role, rights in listed() for right in split(rights)[0]}

    assert rows(RELATIONS, "r", list(SCHEMAS), ["r", "p", "v", "m", "f"]) == wanted


def test_rights_on_columns_are_those_listed(db: None) -> None:
    wanted = {(qualified(table), role, right) for table, role, rights in listed() for right in split(rights)[1]}
    assert wanted, "a user changes their own password and nothing else of their row"

    assert rows(COLUMN_RIGHTS, list(SCHEMAS)) == wanted


def test_who_may_insert_may_take_the_next_number_and_nobody_else(db: None) -> None:
    wanted = {
        (f"public.{table}_id_seq", role, "USAGE")
        for table, role, rights in listed()
        if "INSERT" in rights and "." not in table and table not in NUMBERED_BY_OTHERS
    }

    assert rows(RELATIONS, "s", list(SCHEMAS), ["S"]) == wanted


def test_rights_on_functions_are_those_listed(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select name, name::regprocedure::text from unnest(%s::text[]) as name", [list(FUNCTIONS)])
        written = dict(cursor.fetchall())  # as PostgreSQL writes the types of its arguments
    wanted = {(written[function], role, "EXECUTE") for function, holders in FUNCTIONS.items() for role in holders}

    assert rows(ROUTINES, list(SCHEMAS)) == wanted


def test_functions_find_nothing_that_a_caller_put_in_their_way(db: None) -> None:
    """A function with its owner's rights looks names up where nobody else makes any: temporary tables come last."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select oid::regprocedure::text, proconfig from pg_proc "
            "where prosecdef and pronamespace = any(%s::regnamespace[])",
            [list(SCHEMAS)],
        )
        found = dict(cursor.fetchall())

    assert found
    assert [name for name, settings in found.items() if SAFE_PATH not in (settings or [])] == []


def test_nobody_but_the_owner_makes_anything_in_a_schema(db: None) -> None:
    assert rows(SCHEMA_RIGHTS, list(SCHEMAS)) == {(schema, role, "USAGE") for schema in SCHEMAS for role in SERVING}


def test_there_are_no_schemas_but_those_listed(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'")
        assert {name for (name,) in cursor.fetchall()} == set(SCHEMAS)


def test_web_role_writes_only_where_a_person_at_a_page_does() -> None:
    written = {table for table, roles in TABLES.items() if roles.get(WEB, "SELECT") != "SELECT"}

    assert written == set(WRITTEN_FROM_PAGES)


def test_database_knows_each_role_that_serves_for_whoever_connected() -> None:
    """Whatever it says while a statement of its own runs."""
    caller = (PROJECT / "audit/sql/functions/audit_caller.sql").read_text()

    assert set(re.findall(r"'(contactpoint_\w+)'", caller)) == set(SERVING)


@pytest.mark.parametrize("role", SERVING)
def test_roles_are_nobody_special_and_own_nothing(db: None, role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls, rolinherit "
            "from pg_roles where rolname = %s",
            [role],
        )
        assert cursor.fetchone() == (False,) * 6
        cursor.execute(
            "select roleid::regrole::text, inherit_option, set_option from pg_auth_members "
            "where member = %s::regrole and not admin_option",
            [role],
        )
        assert set(cursor.fetchall()) == MEMBERS.get(role, set())
        cursor.execute("select count(*) from pg_auth_members where member = %s::regrole and admin_option", [role])
        assert cursor.fetchone() == (0,), "it can make nobody a member of anything"
        cursor.execute("select count(*) from pg_class join pg_roles r on r.oid = relowner where rolname = %s", [role])
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("role", SERVING)
@pytest.mark.parametrize(
    "statement",
    [
        "create table public.mine (id integer)",
        "create temporary table mine (id integer)",
        "create schema mine",
        "create function public.mine() returns integer language sql as 'select 1'",
        "create view public.mine as select 1",
        "select * from search.child_token",
        "insert into audit_event select * from audit_event",
        "update audit_event set kind = kind",
        "delete from audit_event",
        "truncate audit_event",
        "alter table audit_event disable trigger all",
        "alter table audit_event no force row level security",
        "select public.audit_append(null)",
        "select nextval('audit_event_id_seq')",
        "copy access_organisation to '/tmp/stolen'",
        "select lo_creat(-1)",
        "select lo_create(0)",
        "select lo_from_bytea(0, 'kept where nobody looks')",
        "select lo_put(1, 0, 'x')",
        "select lo_get(1)",
        "select lo_open(1, 131072)",
        "select lo_unlink(1)",
        "select loread(0, 1)",
        "select lowrite(0, 'x')",
        "select pg_read_file('/etc/passwd')",
        "update django_migrations set name = name",
    ],
)
def test_roles_cannot(db: None, role: str, statement: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        run_as(role, statement)


@pytest.mark.parametrize(
    "change",
    ["valid_until = current_date", "organisation_id = organisation_id", "email_fingerprint = ''"],
)
def test_web_role_cannot_change_who_a_user_is(db: None, change: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied for table access_user"):
        run_as(WEB, f"update access_user set {change}")


def run_as(role: str, statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"set local role {role}")
        cursor.execute(statement)
