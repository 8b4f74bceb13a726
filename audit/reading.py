"""Reading the log: only once that is recorded, and with the reader's rights alone."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from audit.actors import Actor
from audit.events import EventKind
from audit.recorder import About, record_first


@contextmanager
def reading(actor: Actor, about: About | None = None) -> Iterator[None]:
    """Record that `actor` reads the log. Within, the log can be read, and nothing else; PostgreSQL sees to both.

    Fetch what is wanted before the block ends: a query that is evaluated later finds nothing.
    """
    with record_first(EventKind.LOG_READ, about, actor=actor).shown(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE contactpoint_reader")
        yield
        cursor.execute("RESET ROLE")
