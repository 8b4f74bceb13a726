"""Locks of a connection: for work that one process does at a time, or a few."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def only_one(lock: int) -> Iterator[bool]:
    """Whether no other process is at it, nor begins before the end of the block.

    A lock of the connection, and no row's: that would hold a transaction open, and no event that it overlaps is sealed.
    """
    with one_of([lock]) as held:
        yield held is not None


@contextmanager
def one_of(locks: Sequence[int]) -> Iterator[int | None]:
    """The first of these that no other process holds, as `only_one` holds it; None where others hold all of them."""
    with connection.cursor() as cursor:
        held = next((lock for lock in locks if _try(cursor, lock)), None)
        try:
            yield held
        finally:
            if held is not None:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [held])


def _try(cursor: Any, lock: int) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [lock])
    (is_ours,) = cursor.fetchone()
    return bool(is_ours)
