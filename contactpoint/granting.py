"""What stands in grants.py, given to the roles after every migration: that, and nothing more."""

import re
from collections.abc import Iterator
from typing import Any

from django.db import connections, transaction
from psycopg import sql

from contactpoint.grants import FUNCTIONS, NUMBERED_BY_OTHERS, SCHEMAS, TABLES
from contactpoint.roles import SERVING

# A right as it stands there: what, and on which columns.
PART = re.compile(r"(\w+)(?: \(([^)]*)\))?(?:, )?")
MISSING_COLUMNS = """
    SELECT name FROM unnest(%s::text[]) AS name WHERE NOT EXISTS (
        SELECT FROM pg_attribute WHERE attrelid = to_regclass(split_part(name, '.', 1))
            AND attname = split_part(name, '.', 2) AND NOT attisdropped
    )
"""


def apply_after_migrating(using: str, **_: Any) -> None:
    """Receiver of post_migrate, connected in contactpoint.apps.

    On the way back to an earlier migration some of it is not there; a right on that is not given.
    """
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT name FROM unnest(%s::text[]) AS name WHERE to_regclass(name) IS NULL", [list(TABLES)])
        missing = {name for (name,) in cursor.fetchall()}
        cursor.execute(
            "SELECT name FROM unnest(%s::text[]) AS name WHERE to_regprocedure(name) IS NULL", [list(FUNCTIONS)]
        )
        missing |= {name for (name,) in cursor.fetchall()}
        cursor.execute(MISSING_COLUMNS, [[f"{table}.{column}" for table, column in _columns()]])
        missing |= {name for (name,) in cursor.fetchall()}
        for statement in statements(missing):
            cursor.execute(statement)


def statements(missing: set[str]) -> list[sql.Composable]:
    """The statements that leave each role with what stands there, but for what is missing, and nothing more."""
    roles = sql.SQL(", ").join(map(sql.Identifier, SERVING))
    schemas = sql.SQL(", ").join(map(sql.Identifier, SCHEMAS))
    made: list[sql.Composable] = [
        sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA {} FROM PUBLIC, {}").format(schemas, roles),
        sql.SQL("REVOKE ALL ON ALL SEQUENCES IN SCHEMA {} FROM PUBLIC, {}").format(schemas, roles),
        sql.SQL("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {} FROM PUBLIC, {}").format(schemas, roles),
        sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(schemas, roles),
    ]
    for table, rights in ((table, rights) for table, rights in TABLES.items() if table not in missing):
        for role, right in rights.items():
            made.append(_grant(_left_of(right, table, missing), "TABLE", _name(table), role))
            if "INSERT" in right and table not in NUMBERED_BY_OTHERS and "." not in table:
                made.append(_grant("USAGE", "SEQUENCE", sql.Identifier(f"{table}_id_seq"), role))
    for function, holders in ((name, holders) for name, holders in FUNCTIONS.items() if name not in missing):
        made.extend(_grant("EXECUTE", "FUNCTION", sql.SQL(function), role) for role in holders)
    return made


def _columns() -> Iterator[tuple[str, str]]:
    """Each column on which there is a right of its own."""
    for table, rights in TABLES.items():
        for right in rights.values():
            for _what, columns in PART.findall(right):
                yield from ((table, column) for column in columns.split(", ") if column)


def _left_of(right: str, table: str, missing: set[str]) -> str:
    """The right without the columns that are missing."""
    parts = []
    for what, columns in PART.findall(right):
        left = [column for column in columns.split(", ") if f"{table}.{column}" not in missing]
        if left:
            parts.append(f"{what} ({', '.join(left)})" if columns else what)
    return ", ".join(parts)


def _grant(right: str, kind: str, target: sql.Composable, role: str) -> sql.Composable:
    template = f"GRANT {right} ON {kind} {{}} TO {{}}"
    return sql.SQL(template).format(target, sql.Identifier(role))


def _name(table: str) -> sql.Composable:
    return sql.Identifier(*table.split("."))
