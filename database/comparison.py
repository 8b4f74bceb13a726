"""Whether a database runs what the pages say: pages in force against PostgreSQL's own catalogue.

Migrations put a page in once. Where it is changed afterwards without a new number, or somebody changes a function by
hand, nothing else shows it: a database that is made anew has each page as it stands.
"""

from typing import LiteralString

from django.apps import apps
from django.db import ProgrammingError, connections, transaction
from django.db.backends.utils import CursorWrapper

from database.pages import Kind, Page, pages_of

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
    JOIN guarded ON tgrelid = guarded.oid WHERE NOT tgisinternal AND tgparentid = 0
"""
INSUFFICIENT_PRIVILEGE = "42501"
CATALOGUE: dict[Kind, LiteralString] = {Kind.FUNCTION: FUNCTION, Kind.GUARD: GUARD}


def pages_in_force() -> list[Page]:
    """Of every app."""
    pages = [page for app in apps.get_app_configs() for kind in Kind for page in pages_of(app.label, kind)]
    return [page for page in pages if page.in_force.exists()]


def differing(using: str = "default") -> list[Page]:
    """The pages in force that are not what the database runs. Only the owner may ask.

    It changes nothing and locks no table. White space does not count: before there were pages functions had more of it.
    """
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        return [page for page in pages_in_force() if _differs(page, cursor)]


def _differs(page: Page, cursor: CursorWrapper) -> bool:
    there = _catalogued(page, cursor)
    if page.kind == Kind.FUNCTION and len(there) != 1:  # another of its name takes other arguments
        return True
    try:
        with transaction.atomic(using=cursor.db.alias):
            written = _as_written(page, cursor)
            transaction.set_rollback(True, using=cursor.db.alias)
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
    return _catalogued(page, cursor)


def _catalogued(page: Page, cursor: CursorWrapper) -> list[str]:
    cursor.execute(CATALOGUE[page.kind], [page.name])
    return sorted("".join(definition.split()) for (definition,) in cursor.fetchall())
