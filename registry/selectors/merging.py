"""What is asked about two records, as a committed event allows; and how much waits.

Inside `Ticket.shown`, but for the number alone, which names nobody.
"""

from dataclasses import dataclass
from datetime import datetime

from registry import statements


@dataclass(frozen=True, slots=True)
class Request:
    """That `child_id` be put under `into_id`, or with `parts` be taken out again."""

    id: int
    child_id: int
    into_id: int
    parts: bool
    reason: str
    asked_by_id: int
    asked_at: datetime
    outcome: str
    refusal: str
    decided_by_id: int | None
    decided_at: datetime | None
    done_at: datetime | None
    until: datetime | None
    steps: int

    @property
    def goes_on(self) -> bool:
        """Whether it is neither refused nor done."""
        return self.outcome != "refused" and self.done_at is None

    @property
    def holds(self) -> bool:
        """Whether the two lie together by it now."""
        return not self.parts and self.done_at is not None and self.until is None


def requests() -> list[Request]:
    """Those that the ticket allows (registry/sql/functions/registry_merges.sql)."""
    return [Request(*row) for row in statements.rows("SELECT * FROM registry_merges()")]


def waiting() -> int:
    """How many wait for the person whose session is shown, asked for by another."""
    count: int = statements.value("SELECT registry_merges_waiting()")
    return count
