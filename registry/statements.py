"""What a function of the database answers. What it refuses comes as the errors of audit/errors.py."""

from typing import Any

from django.db import connection

from audit.errors import refusals


def rows(statement: str, *arguments: Any) -> list[tuple[Any, ...]]:
    """All that it answers."""
    with refusals(), connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def value(statement: str, *arguments: Any) -> Any:
    """The one value that it answers."""
    ((answer,),) = rows(statement, *arguments)
    return answer
