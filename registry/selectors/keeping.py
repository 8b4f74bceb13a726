"""Consents to keep a record, as a committed event allows. Inside `Ticket.shown`."""

from dataclasses import dataclass
from datetime import date, datetime

from registry import statements


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent to keep a record to the 25th birthday, and that it was withdrawn."""

    id: int
    ground: str
    given_on: date
    recorded_by_id: int
    recorded_at: datetime
    ended_by_id: int | None
    ended_at: datetime | None


def consents() -> list[Consent]:
    """Those that the ticket allows (registry/sql/functions/registry_keepings.sql), in their order."""
    return [Consent(*row) for row in statements.rows("SELECT * FROM registry_keepings()")]
