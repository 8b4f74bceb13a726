"""Doing as one of the database's roles would, on the test's own connection."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from django.db import connection, transaction


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    """As `taken_for`, in a transaction of its own, or a savepoint of the test's."""
    with transaction.atomic(), taken_for(role):
        yield


@contextmanager
def taken_for(role: str) -> Iterator[None]:
    """Within, the database takes the test for `role`; afterwards for whom it took it before, whatever happened."""
    (before,) = _execute("SELECT current_setting('role')").fetchone() or ("none",)
    try:
        _take_on(role)
        yield
    finally:
        _take_on(before)


def _take_on(role: str) -> None:
    """Where the transaction has failed, rolling back does so."""
    scope = "LOCAL" if connection.in_atomic_block else "SESSION"
    with suppress(psycopg.errors.InFailedSqlTransaction):
        _execute(f"SET {scope} ROLE {role}")


def _execute(statement: str) -> psycopg.Cursor[Any]:
    """Past Django, so that no test counts it among what the service asks."""
    connection.ensure_connection()
    return connection.connection.execute(statement)
