"""Doing as one of the database's roles would, inside a test's own transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    """Within, the database takes the test for `role`; afterwards for the web role again, whatever happened."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")
        yield
        cursor.execute("SET LOCAL ROLE contactpoint_web")
