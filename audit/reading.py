"""Reading the log: only once that is recorded, and with the reader's rights alone."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection

from audit.actors import Actor
from audit.events import EventKind
from audit.recorder import About, record_first

LONGEST = "10s"  # of a statement; a page that is asked for sensibly takes milliseconds
QUERY_CANCELED = "57014"


class TookTooLongError(Exception):
    """More was asked of the log than can be read while somebody waits. Nothing was read."""


@contextmanager
def reading(actor: Actor, about: About | None = None) -> Iterator[None]:
    """Record that `actor` reads the log. Within, the log can be read, and nothing else; PostgreSQL sees to both.

    Fetch what is wanted before the block ends: a query that is evaluated later finds nothing. Raises TookTooLongError
    where a statement takes longer than LONGEST.
    """
    ticket = record_first(EventKind.LOG_READ, about, actor=actor)
    with _in_time(), ticket.shown(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE contactpoint_reader")
        cursor.execute(f"SET LOCAL statement_timeout = '{LONGEST}'")
        yield
        cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
        cursor.execute("RESET ROLE")


@contextmanager
def _in_time() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) == QUERY_CANCELED:
            raise TookTooLongError from error
        raise
