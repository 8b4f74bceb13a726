"""What PostgreSQL lets each role do is what contactpoint/grants.py says, table by table, and nothing more."""

import re
from collections.abc import Iterator

import pytest
from django.db import ProgrammingError, connection, transaction

from contactpoint.grants import FUNCTIONS, SCHEMAS, TABLES, WEB, WORKER

OWNER = "contactpoint_owner"
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
WRITTEN_FROM_PAGES = {
    "access_session": "signing in and out",
    "access_user": "one's own password",
    "audit_event": "every page leaves its event",
    "mfa_authenticator": "one's own second factors",
    "registry_involvement": "one's own organisation's involvement",
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
    with connection.cursor() as cursor:
        cursor.execute(
            "select nspname || '.' || relname from pg_class join pg_namespace on pg_namespace.oid = relnamespace "
            "where relkind in ('r', 'p', 'v', 'm', 'f') "
            "and nspname not in ('pg_catalog', 'information_schema') and nspname !~ '^pg_(toast|temp)'"
        )
        there = {name for (name,) in cursor.fetchall()}

    assert there == {qualified(table) for table in TABLES}


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
        if "INSERT" in rights and "." not in table
    }

    assert rows(RELATIONS, "s", list(SCHEMAS), ["S"]) == wanted


def test_rights_on_functions_are_those_listed(db: None) -> None:
    wanted = {
        (function.replace(", ", ","), role, "EXECUTE") for function, holders in FUNCTIONS.items() for role in holders
    }

    assert rows(ROUTINES, list(SCHEMAS)) == wanted


def test_nobody_but_the_owner_makes_anything_in_a_schema(db: None) -> None:
    assert rows(SCHEMA_RIGHTS, list(SCHEMAS)) == {
        (schema, role, "USAGE") for schema in SCHEMAS for role in (WEB, WORKER)
    }


def test_there_are_no_schemas_but_those_listed(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'")
        assert {name for (name,) in cursor.fetchall()} == set(SCHEMAS)


def test_web_role_writes_only_where_a_person_at_a_page_does() -> None:
    written = {table for table, roles in TABLES.items() if roles.get(WEB, "SELECT") != "SELECT"}

    assert written == set(WRITTEN_FROM_PAGES)


@pytest.mark.parametrize("role", [WEB, WORKER])
def test_roles_are_nobody_special_and_own_nothing(db: None, role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls, rolinherit "
            "from pg_roles where rolname = %s",
            [role],
        )
        assert cursor.fetchone() == (False,) * 6
        cursor.execute(
            "select count(*) from pg_auth_members join pg_roles r on r.oid = member where rolname = %s", [role]
        )
        assert cursor.fetchone() == (0,), "it is a member of no other role"
        cursor.execute("select count(*) from pg_class join pg_roles r on r.oid = relowner where rolname = %s", [role])
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("role", [WEB, WORKER])
@pytest.mark.parametrize(
    "statement",
    [
        "create table public.mine (id integer)",
        "create temporary table mine (id integer)",
        "create schema mine",
        "create function public.mine() returns integer language sql as 'select 1'",
        "select * from search.child_token",
        "copy access_organisation to '/tmp/stolen'",
        "select pg_read_file('/etc/passwd')",
        "update django_migrations set name = name",
    ],
)
def test_roles_cannot(db: None, role: str, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        run_as(role, statement)


@pytest.mark.parametrize(
    "change",
    ["role = 'auditor'", "state = 'active'", "organisation_id = organisation_id", "email_fingerprint = ''"],
)
def test_web_role_cannot_change_who_a_user_is(db: None, change: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied for table access_user"):
        run_as(WEB, f"update access_user set {change}")


def run_as(role: str, statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"set local role {role}")
        cursor.execute(statement)
