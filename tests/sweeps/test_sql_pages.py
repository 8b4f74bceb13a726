"""Each function of PostgreSQL and each guarded table has its page of SQL (database/); nothing of them is elsewhere."""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader

from contactpoint.roles import OWNER
from database.comparison import differing, pages_in_force
from database.operations import DropFunction, PageOperation, UnguardTable
from database.pages import Kind, Page, pages_of
from tests.acting import acting_as

PROJECT = Path(__file__).parent.parent.parent
APPS = ("contactpoint", "review", "feeds", "api", "registry", "access", "audit", "encryption")  # from the top down
PAGES = [page for app in APPS for kind in Kind for page in pages_of(app, kind)]
INLINE = re.compile(
    r"\b(create|alter|drop)\s+(or\s+replace\s+)?(function|procedure|policy|trigger)\b|row\s+level\s+security",
    re.IGNORECASE,
)


def test_database_runs_what_the_pages_say_and_nothing_else(db: None) -> None:
    assert pages_in_force()
    with acting_as(OWNER):
        assert differing() == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_makes_what_its_name_says_and_nothing_else(page: Page) -> None:
    statement = {
        Kind.FUNCTION: rf"create or replace function {re.escape(page.name)}\s*\(",
        Kind.GUARD: rf"(alter table|create policy \w+ on|create (constraint )?trigger .* on) {page.name}\b",
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
            if isinstance(operation, DropFunction | UnguardTable):
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
    written = re.compile(rf"\b({'|'.join(map(re.escape, above))})\b") if above else re.compile("(?!)")
    sources = [path for path in (PROJECT / app).rglob("*") if path.suffix in {".py", ".sql"}]

    assert sources
    assert {(path.name, name) for path in sources for name in written.findall(path.read_text())} == set()
