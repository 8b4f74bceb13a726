"""New identities and links between records that somebody asked for, as a committed event allows; and how many wait.

Inside `Ticket.shown`, but for numbers alone, which name nobody.
"""

from dataclasses import dataclass
from datetime import datetime

from access.models import Organisation, OrganisationKind
from registry import statements


@dataclass(frozen=True, slots=True)
class Request:
    """A request for a new identity: all of it but what is wanted, which the worker alone opens."""

    id: int
    child_id: int
    authority_id: int
    reason: str
    asked_by_id: int
    asked_at: datetime
    outcome: str
    refusal: str
    decided_by_id: int | None
    decided_at: datetime | None
    steps: int


@dataclass(frozen=True, slots=True)
class LinkRequest:
    """A request to read which record goes on with a closed one."""

    id: int
    child_id: int
    reason: str
    asked_by_id: int
    asked_at: datetime
    outcome: str
    decided_by_id: int | None
    decided_at: datetime | None
    answered_at: datetime | None
    steps: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How much another asked for and waits: new identities to approve, and links to open."""

    to_approve: int
    to_open: int


def requests() -> list[Request]:
    """Those that the ticket allows (registry/sql/functions/registry_identities.sql)."""
    return [Request(*row) for row in statements.rows("SELECT * FROM registry_identities()")]


def links() -> list[LinkRequest]:
    """Those that the ticket allows (registry/sql/functions/registry_escrows.sql)."""
    return [LinkRequest(*row) for row in statements.rows("SELECT * FROM registry_escrows()")]


def waiting() -> Counts:
    """What waits for the person whose session is shown."""
    (counts,) = statements.rows("SELECT to_approve, to_open FROM registry_identities_waiting()")
    return Counts(*counts)


def councils() -> list[Organisation]:
    """Those that can answer for a new record, by name. Public directory facts: no event."""
    found = Organisation.objects.filter(kind=OrganisationKind.AUTHORITY, responsible_authority=None)
    return list(found.order_by("name"))
