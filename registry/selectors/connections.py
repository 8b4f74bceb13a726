"""Requests for connections, as a committed event allows (inside `Ticket.shown`); one's own; and how many wait."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import TextChoices

from audit.reasons import ConnectionSoon
from registry import statements
from registry.models import ConnectionNote, ConnectionRequest

# After how long one that is open is late, and stands on top.
LATE_AFTER: dict[ConnectionSoon, timedelta] = {
    ConnectionSoon.TODAY: timedelta(hours=4),
    ConnectionSoon.DAYS: timedelta(days=3),
    ConnectionSoon.WEEKS: timedelta(days=14),
}


class HowFar(TextChoices):
    """How far a request is, to whoever asked: the same whatever services there are, or were."""

    WAITING = "waiting", "Waiting for the management team"
    WORKING = "working", "The management team is on it"
    WILL_RING = "will_ring", "You will be rung"
    NOT_MADE = "not_made", "No connection was made. Ring the management team"


@dataclass(frozen=True, slots=True)
class OwnRequest:
    """One's own request, and how far it is."""

    id: int
    child_id: int
    asked_at: datetime
    how_far: HowFar

    @property
    def is_open(self) -> bool:
        return self.how_far in (HowFar.WAITING, HowFar.WORKING)


def due_at(request: ConnectionRequest) -> datetime:
    """When an open one is late."""
    return request.asked_at + LATE_AFTER[ConnectionSoon(request.soon)]


def own_requests() -> list[OwnRequest]:
    """Those of the person whose session is shown, the newest first (registry_connections_own.sql).

    No event: it tells what they asked for themselves, by number, and nothing of a child.
    """
    rows = statements.rows("SELECT id, child_id, asked_at, state FROM registry_connections_own()")
    return [OwnRequest(number, child, at, HowFar(state)) for number, child, at, state in rows]


def own_request_of(child_id: int) -> OwnRequest | None:
    """One's own about that child: the open one, or else the newest."""
    own = [each for each in own_requests() if each.child_id == child_id]
    return next((each for each in own if each.is_open), own[0] if own else None)


def requests() -> list[ConnectionRequest]:
    """Those that the ticket allows (registry/sql/functions/registry_connections.sql), in the order of asking."""
    return list(ConnectionRequest.objects.raw("SELECT * FROM registry_connections()"))


def notes() -> list[ConnectionNote]:
    """What was noted of those, in its order."""
    return list(ConnectionNote.objects.raw("SELECT * FROM registry_connection_notes()"))


def waiting() -> int:
    """How many are open for the person whose session is shown to make. A number names nobody: counting is no event."""
    return int(statements.value("SELECT registry_connections_waiting()"))
