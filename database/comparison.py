"""Whether a database runs what the pages say: pages in force against PostgreSQL's own catalogue.

Migrations put a page in once. Where it is changed afterwards without a new number, or somebody changes a function by
hand, nothing else shows it: a database that is made anew has each page as it stands.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import LiteralString

from django.apps import apps
from django.db import ProgrammingError, connections, transaction
from django.db.backends.utils import CursorWrapper

from database.pages import Kind, Page, pages_of

# Of no schema of PostgreSQL's own, nor of an extension.
FUNCTIONS = """
    SELECT concat_ws('.', nullif(nspname, 'public'), proname) FROM pg_proc
    JOIN pg_namespace ON pg_namespace.oid = pronamespace
    WHERE nspname <> 'information_schema' AND nspname !~ '^pg_'
        AND NOT EXISTS (
            SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e'
        )
"""
# Not partitions that a function guards as it makes them.
GUARDED = """
    SELECT concat_ws('.', nullif(nspname, 'public'), relname) FROM pg_class
    JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname <> 'information_schema' AND nspname !~ '^pg_' AND relkind IN ('r', 'p')
        AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = pg_class.oid AND inhparent::regclass::text = ANY (%s))
        AND (
            relrowsecurity OR relforcerowsecurity OR relhasrules
            OR EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid)
            OR EXISTS (SELECT FROM pg_trigger WHERE tgrelid = pg_class.oid AND NOT tgisinternal)
        )
"""
FUNCTION = """
    SELECT pg_get_functiondef(pg_proc.oid) FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace
    WHERE concat_ws('.', nullif(nspname, 'public'), proname) = %s
"""
GUARD = """
    WITH guarded AS (SELECT * FROM pg_class WHERE oid = to_regclass(%s))
    SELECT format('row security %%s, forced %%s', relrowsecurity, relforcerowsecurity) FROM guarded
    UNION ALL
    SELECT concat_ws(
        ' ', polname, polcmd, polpermissive, polroles::regrole[]::text, 'using', pg_get_expr(polqual, polrelid),
        'check', pg_get_expr(polwithcheck, polrelid)
    ) FROM pg_policy JOIN guarded ON polrelid = guarded.oid
    UNION ALL
    SELECT concat_ws(' ', tgenabled, pg_get_triggerdef(pg_trigger.oid, true)) FROM pg_trigger
    JOIN guarded ON tgrelid = guarded.oid WHERE NOT tgisinternal
    UNION ALL
    SELECT pg_get_ruledef(pg_rewrite.oid) FROM pg_rewrite JOIN guarded ON ev_class = guarded.oid
"""
PARTITIONS = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = to_regclass(%s)"
MADE_BY: dict[str, LiteralString] = {"audit_event": "SELECT audit_make_partitions(%s)"}
MONTHS = range(25)  # ahead, of which that function makes what there is not
INSUFFICIENT_PRIVILEGE = "42501"
CATALOGUE: dict[Kind, LiteralString] = {Kind.FUNCTION: FUNCTION, Kind.GUARD: GUARD}


def pages_in_force() -> list[Page]:
    """Of every app."""
    pages = [page for app in apps.get_app_configs() for kind in Kind for page in pages_of(app.label, kind)]
    return [page for page in pages if page.in_force.exists()]


def differing(using: str = "default") -> list[str]:
    """What the database runs otherwise than the pages in force say, or besides; each in words. Only the owner may ask.

    Functions, policies, triggers and rules, of every table and of each partition of the log. It changes nothing and
    leaves no table locked. How a line is indented does not count: before there were pages it was otherwise.
    """
    pages = pages_in_force()
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        changed = [str(page.in_force.relative_to(page.in_force.parents[3])) for page in pages if _differs(page, cursor)]
        unknown = [f"{name}: there is no page of it" for name in _unknown(pages, cursor)]
        partitions = [f"{name}: a partition" for table in MADE_BY for name in _otherwise_guarded(table, cursor)]
    return [*changed, *unknown, *partitions]


def _unknown(pages: list[Page], cursor: CursorWrapper) -> list[str]:
    """Functions without a page, and tables that something guards or changes on the way, without one."""
    cursor.execute(FUNCTIONS)
    functions = {name for (name,) in cursor.fetchall()} - {page.name for page in pages if page.kind == Kind.FUNCTION}
    cursor.execute(GUARDED, [list(MADE_BY)])
    guarded = {name for (name,) in cursor.fetchall()} - {page.name for page in pages if page.kind == Kind.GUARD}
    return sorted(functions) + sorted(guarded)


def _otherwise_guarded(table: str, cursor: CursorWrapper) -> list[str]:
    """Partitions that are guarded otherwise than the next one would be."""
    there = _guards_of_partitions(table, cursor)
    with _undone(cursor):
        for months in MONTHS:
            cursor.execute(MADE_BY[table], [months])
            if cursor.fetchone() != (0,):
                break
        made = [guards for name, guards in _guards_of_partitions(table, cursor).items() if name not in there]
    return [name for name, guards in there.items() if [guards] != made]


def _guards_of_partitions(table: str, cursor: CursorWrapper) -> dict[str, list[str]]:
    cursor.execute(PARTITIONS, [table])
    names = sorted(name for (name,) in cursor.fetchall())
    return {name: [each.replace(name, table) for each in _catalogued(Kind.GUARD, name, cursor)] for name in names}


def _differs(page: Page, cursor: CursorWrapper) -> bool:
    there = _catalogued(page.kind, page.name, cursor)
    if page.kind == Kind.FUNCTION and len(there) != 1:  # another of its name takes other arguments
        return True
    try:
        with _undone(cursor):
            written = _as_written(page, cursor)
    except ProgrammingError as error:
        if getattr(error.__cause__, "sqlstate", None) == INSUFFICIENT_PRIVILEGE:
            raise
        return True  # what is there has another result, or the table is not there at all
    return there != written


def _as_written(page: Page, cursor: CursorWrapper) -> list[str]:
    """What the catalogue would have if the page were put in now."""
    if page.kind == Kind.GUARD:
        # On an empty table of the same name, which PostgreSQL finds before the real one: that one would be locked.
        cursor.execute(f"CREATE TEMPORARY TABLE {page.name} (LIKE public.{page.name})")
    cursor.execute(page.in_force.read_text(), None)
    return _catalogued(page.kind, page.name, cursor)


def _catalogued(kind: Kind, name: str, cursor: CursorWrapper) -> list[str]:
    cursor.execute(CATALOGUE[kind], [name])
    return sorted(_told(definition) for (definition,) in cursor.fetchall())


def _told(definition: str) -> str:
    """Without indentation and empty lines. Lines stay lines: a comment ends with its own."""
    lines = (line.strip() for line in definition.splitlines())
    return "\n".join(line for line in lines if line)


@contextmanager
def _undone(cursor: CursorWrapper) -> Iterator[None]:
    """What is done within is undone at its end."""
    with transaction.atomic(using=cursor.db.alias):
        yield
        transaction.set_rollback(True, using=cursor.db.alias)
