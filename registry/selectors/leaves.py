"""Leave to see shielded children, and whose shields were overridden, as a committed event allows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from access.models import Organisation
from registry import statements
from registry.models import Override


@dataclass(frozen=True, slots=True)
class Leave:
    """Leave that was asked for: for whom, where they work, until when, and how far it is.

    `in_force`: whether it opens the record today. What was given and is not in force has ended by itself, or was taken.
    """

    id: int
    child_id: int
    user_id: int
    organisation_id: int
    until: date
    asked_by_id: int
    asked_at: datetime
    outcome: str
    decided_by_id: int | None
    decided_at: datetime | None
    taken_by_id: int | None
    taken_at: datetime | None
    steps: int
    in_force: bool


def leaves() -> list[Leave]:
    """Those that the ticket allows (registry/sql/functions/registry_leaves.sql), in the order of asking."""
    return [Leave(*row) for row in statements.rows("SELECT * FROM registry_leaves()")]


def overrides() -> list[Override]:
    """Those that the ticket allows (registry/sql/functions/registry_overrides.sql), the newest first."""
    return list(Override.objects.raw("SELECT * FROM registry_overrides()"))


def places_of(rows: Iterable[Leave | Override]) -> dict[int, Organisation]:
    """Where those work whom they are about, by number: of whoever cannot be named, that can be rung."""
    return Organisation.objects.in_bulk({row.organisation_id for row in rows})


def person_with_address(fingerprint: str) -> int | None:
    """Who signs in by that address, if leave can be given to them. Inside the ticket of a reading of the child."""
    person_id: int | None = statements.value("SELECT registry_leave_person(%s)", fingerprint)
    return person_id


def own_leave(child_id: int) -> date | None:
    """Until when the person of the session that is shown has leave to see the child. It tells nobody else's."""
    until: date | None = statements.value("SELECT registry_own_leave(%s)", child_id)
    return until
