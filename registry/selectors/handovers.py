"""Records offered to another authority, as a committed event allows; and how many wait. Inside `Ticket.shown`, but for
the number, which names nobody.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from access.models import Organisation
from registry import statements
from registry.rules.working_days import after_working_days

ANSWER_WITHIN = 10  # working days


@dataclass(frozen=True, slots=True)
class Offer:
    """A record that is offered, or was.

    `own`: an authority of the reader's answers for it now. `to_answer`: it is offered to one of theirs.
    """

    id: int
    child_id: int
    authority_id: int
    to_id: int
    reason: str
    offered_by_id: int
    offered_at: datetime
    outcome: str
    refusal: str
    decided_by_id: int | None
    decided_at: datetime | None
    steps: int
    own: bool
    to_answer: bool

    @property
    def answer_by(self) -> date:
        """The last day on which it is answered in time."""
        return after_working_days(timezone.localdate(self.offered_at), ANSWER_WITHIN)

    def is_overdue(self, today: date) -> bool:
        """Whether nobody has answered it in time."""
        return not self.outcome and today > self.answer_by


def offers() -> list[Offer]:
    """Those that the ticket allows (registry/sql/functions/registry_handovers.sql)."""
    return [Offer(*row) for row in statements.rows("SELECT * FROM registry_handovers()")]


def waiting() -> int:
    """How many records are offered to the authorities for which the person of the shown session decides."""
    number: int = statements.value("SELECT registry_handovers_waiting()")
    return number


def authorities(ids: Collection[int]) -> dict[int, Organisation]:
    """These authorities, by id. Public directory facts: no event."""
    return Organisation.objects.in_bulk(list(ids))
