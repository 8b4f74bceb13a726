"""Locks of a connection: for work that one process does at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def only_one(lock: int) -> Iterator[bool]:
    """Whether no other process is at it, nor begins before the end of the block.

    A lock of the connection, and no row's: that would hold a transaction open, and no event that it overlaps is sealed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [lock])
        (is_ours,) = cursor.fetchone()
        try:
            yield is_ours
        finally:
            if is_ours:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [lock])
