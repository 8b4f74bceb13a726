"""Reading because of an event: only once it is committed, in a transaction of its own that shows the event.

So that whoever takes the reading back does not take the record back with it (docs/adr/0026).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection, transaction

from audit.errors import refusals
from audit.vouching import ticket_shower


@dataclass(frozen=True, slots=True)
class Ticket:
    """A committed event, and the session or token that recorded it. It holds for half a minute, while that lives."""

    event_id: int
    shown_key: str = field(repr=False)

    @contextmanager
    def shown(self) -> Iterator[None]:
        """A transaction in which PostgreSQL shows what the event allows. Fetch what is wanted before the block ends.

        Raises NoLiveSessionError where the event is not committed, or older than half a minute, and where the session
        or the token has ended.
        """
        with transaction.atomic():
            self.show()
            yield

    def show(self) -> None:
        """As `shown`, for what is left of a transaction that has begun, and in place of another ticket."""
        with refusals(), connection.cursor() as cursor:
            cursor.execute(f"SELECT {ticket_shower()}(%s, %s)", [self.event_id, self.shown_key])
