"""What PostgreSQL runs is what the pages of SQL say (database/), function by function and table by table, both ways."""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader

from contactpoint.grants import SCHEMAS
from contactpoint.roles import OWNER
from database.operations import DropFunction, PageOperation, unguard
from database.pages import Kind, Page, pages_of
from tests.integration.acting import acting_as

PROJECT = Path(__file__).parent.parent.parent
APPS = ("contactpoint", "registry", "access", "audit", "encryption")  # from the top down
PAGES = [page for app in APPS for kind in Kind for page in pages_of(app, kind)]
FUNCTIONS = """
    select oid::regprocedure::text, pg_get_functiondef(oid) from pg_proc where pronamespace = any(%s::regnamespace[])
"""
# Not of partitions, which audit_make_partitions guards as it makes them.
GUARDS = """
    with whole as (
        select oid, oid::regclass::text as name, relrowsecurity, relforcerowsecurity from pg_class
        where relkind in ('r', 'p') and not relispartition and relnamespace = any(%s::regnamespace[])
    )
    select name, format('row security %%s, forced %%s', relrowsecurity, relforcerowsecurity) from whole
    where relrowsecurity or relforcerowsecurity
    union all
    select name, concat_ws(
        ' ', polname, polcmd, polpermissive, polroles::regrole[]::text, pg_get_expr(polqual, oid),
        pg_get_expr(polwithcheck, oid)
    ) from whole join (select polrelid, polname, polcmd, polpermissive, polroles, polqual, polwithcheck from pg_policy)
        as policy on polrelid = oid
    union all
    select name, pg_get_triggerdef(pg_trigger.oid) from whole join pg_trigger on tgrelid = whole.oid
    where not tgisinternal and tgparentid = 0
"""
INLINE = re.compile(
    r"\b(create|alter|drop)\s+(or\s+replace\s+)?(function|procedure|policy|trigger)\b|row\s+level\s+security",
    re.IGNORECASE,
)


def in_force(kind: Kind) -> dict[str, str]:
    return {page.name: page.in_force.read_text() for page in PAGES if page.kind == kind and page.in_force.exists()}


def rows(statement: str) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(SCHEMAS)])
        return sorted(cursor.fetchall())


def run_as_owner(statements: list[str]) -> None:
    with acting_as(OWNER), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, None)


def test_functions_of_the_database_are_those_of_the_pages(db: None) -> None:
    there = rows(FUNCTIONS)
    assert there

    run_as_owner(list(in_force(Kind.FUNCTION).values()))

    assert rows(FUNCTIONS) == there


def test_every_function_has_a_page_and_every_page_a_function(db: None) -> None:
    there = [signature.split("(")[0] for signature, _ in rows(FUNCTIONS)]

    assert sorted(there) == sorted(in_force(Kind.FUNCTION))


def test_guards_of_tables_are_those_of_the_pages(db: None) -> None:
    there = rows(GUARDS)
    assert there

    run_as_owner([statement for name, sql in in_force(Kind.GUARD).items() for statement in (unguard(name), sql)])

    assert rows(GUARDS) == there


def test_every_guarded_table_has_a_page_and_every_page_a_table(db: None) -> None:
    assert {name for name, _ in rows(GUARDS)} == set(in_force(Kind.GUARD))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_makes_what_its_name_says_and_nothing_else(page: Page) -> None:
    statement = {
        Kind.FUNCTION: rf"create or replace function {re.escape(page.name)}\s*\(",
        Kind.GUARD: rf"(alter table|create policy \w+ on|create trigger .* on) {page.name}\b",
    }[page.kind]
    for version in page.versions:
        made = statements(page.read(version))
        assert len(made) == 1 or page.kind == Kind.GUARD
        assert [each for each in made if not re.match(statement, each, re.IGNORECASE)] == []


def statements(sql: str) -> list[str]:
    """Without comments and bodies."""
    bare = re.sub(r"--[^\n]*|\$\$.*?\$\$", "", sql, flags=re.DOTALL)
    return [" ".join(each.split()) for each in bare.split(";") if each.strip()]


def test_migrations_put_in_each_version_of_each_page_once_and_in_order() -> None:
    named: defaultdict[Page, list[int]] = defaultdict(list)
    dropped = set()
    for migration in migrations_in_order():
        for operation in migration.operations:
            if isinstance(operation, DropFunction):
                dropped.add(operation.page(migration.app_label))
            elif isinstance(operation, PageOperation):
                page = operation.page(migration.app_label)
                named[page].append(operation.version)
                dropped.discard(page)

    assert named == {page: list(page.versions) for page in PAGES}
    assert dropped == {page for page in PAGES if not page.in_force.exists()}


def migrations_in_order() -> Iterator[Migration]:
    graph = MigrationLoader(None).graph
    for app in APPS:
        for leaf in graph.leaf_nodes(app):
            yield from (graph.nodes[key] for key in graph.forwards_plan(leaf) if key[0] == app)


def test_sql_files_are_pages_or_superseded_by_one() -> None:
    there = {path for app in APPS for path in (PROJECT / app).rglob("*.sql")}

    assert there == {page.file(version) for page in PAGES for version in page.versions}


def test_nothing_of_a_function_or_a_guard_is_written_in_python() -> None:
    sources = [path for app in APPS for path in sorted((PROJECT / app).rglob("*.py"))]

    assert sources
    assert [path for path in sources if INLINE.search(path.read_text())] == []


@pytest.mark.parametrize("app", APPS)
def test_no_app_names_a_function_of_an_app_above_it(app: str) -> None:
    """Neither in Python nor in SQL: import-linter sees no arrow that is made of text."""
    above = [page.name for page in PAGES if APPS.index(page.app_label) < APPS.index(app)]
    names = re.compile(rf"\b({'|'.join(map(re.escape, above))})\b") if above else re.compile("(?!)")
    sources = [path for path in (PROJECT / app).rglob("*") if path.suffix in {".py", ".sql"}]

    assert sources
    assert {(path.name, name) for path in sources for name in names.findall(path.read_text())} == set()
