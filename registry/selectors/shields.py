"""Shields and requests for them, as a committed event allows. Inside `Ticket.shown`, but for counts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from registry import statements
from registry.models import Shield, ShieldRequest

CONFIRM_WITHIN = timedelta(days=3)


class RequestState(StrEnum):
    """How far a request is."""

    ASKED = "asked"
    DECIDED = "decided"
    APPROVED = "approved"

    @property
    def label(self) -> str:
        return {
            "asked": "Waits for a decision",
            "decided": "Waits for a second person",
            "approved": "Decided",
        }[self.value]


def state_of(request: ShieldRequest) -> RequestState:
    """How far it is."""
    if request.approved_at:
        return RequestState.APPROVED
    return RequestState.DECIDED if request.decided_at else RequestState.ASKED


def confirm_by(asked_at: datetime) -> datetime:
    """Until when an urgent request is to be decided and approved. Nothing opens after that."""
    return asked_at + CONFIRM_WITHIN


def requests() -> list[ShieldRequest]:
    """Those that the ticket allows (registry/sql/functions/registry_shield_requests.sql), in the order of asking."""
    return list(ShieldRequest.objects.raw("SELECT * FROM registry_shield_requests()"))


def shields() -> list[Shield]:
    """Those that the ticket allows (registry/sql/functions/registry_shields.sql), the next review first."""
    return list(Shield.objects.raw("SELECT * FROM registry_shields()"))


@dataclass(frozen=True, slots=True)
class Counts:
    """How much waits for somebody: requests to decide, others' decisions and liftings, and reviews that are due."""

    to_decide: int
    to_approve: int
    to_review: int


def waiting() -> Counts:
    """What waits for the person whose session is shown. Numbers alone name nobody, so that counting is no event."""
    (counts,) = statements.rows("SELECT to_decide, to_approve, to_review FROM registry_shields_waiting()")
    return Counts(*counts)
