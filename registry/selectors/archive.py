"""What was asked of the archive, as a committed event allows; and how much waits.

Inside `Ticket.shown`, but for the number, which names nobody.
"""

from dataclasses import dataclass
from datetime import datetime

from registry import statements


@dataclass(frozen=True, slots=True)
class Request:
    """A request to read a record in the archive. `found` says what the worker found once it was given."""

    id: int
    child_id: int | None
    reason: str
    asked_by_id: int
    asked_at: datetime
    outcome: str
    decided_by_id: int | None
    decided_at: datetime | None
    found: str
    answered_at: datetime | None
    steps: int


def requests() -> list[Request]:
    """Those that the ticket allows (registry/sql/functions/registry_archives.sql)."""
    return [Request(*row) for row in statements.rows("SELECT * FROM registry_archives()")]


def waiting() -> int:
    """How many wait for the person whose session is shown."""
    return int(statements.value("SELECT registry_archives_waiting()"))
