"""How the examiner asks the database: by whole statements, of which each answers for a batch."""

from typing import Any

from django.db import connection


def rows(statement: str, *placed: Any, **named: Any) -> list[tuple[Any, ...]]:
    """All that the statement finds, with arguments by place or by name."""
    with connection.cursor() as cursor:
        cursor.execute(statement, named or placed)
        return list(cursor.fetchall())
