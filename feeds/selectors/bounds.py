"""Bounds of one feed, as a committed event allows. Inside `Ticket.shown`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from feeds.models import BoundsState
from feeds.rules.bounds import Limits, Moves
from registry import statements

STATEMENT = """
    SELECT id, weights, link, doubt, moves, moved_from, decided, against, suggested_at, state, decided_by_id, decided_at
    FROM feeds_bounds_of(%s)
"""


@dataclass(frozen=True, slots=True)
class Version:
    """Bounds that were suggested once, why, and what became of them (feeds/models/bounds.py)."""

    id: int
    weights: int
    limits: Limits
    moves: Moves
    moved_from: float
    decided: int
    against: int
    suggested_at: datetime
    state: BoundsState
    decided_by_id: int | None
    decided_at: datetime | None

    @property
    def moved_to(self) -> float:
        """Where the bound that is moved comes to lie."""
        return self.limits.link if self.moves is Moves.LINK else self.limits.doubt


def versions(supplier_id: int) -> list[Version]:
    """All of them, newest first (feeds/sql/functions/feeds_bounds_of.sql)."""
    return [_version(*row) for row in statements.rows(STATEMENT, supplier_id)]


def suggested() -> set[int]:
    """The feeds of which a suggestion waits."""
    of_all = statements.rows("SELECT supplier_id, state FROM feeds_bounds_of(NULL)")
    return {supplier_id for supplier_id, state in of_all if state == BoundsState.SUGGESTED}


def _version(pk: int, weights: int, link: float, doubt: float, moves: str, *told: Any) -> Version:
    moved_from, decided, against, suggested_at, state, decided_by_id, decided_at = told
    return Version(
        id=pk,
        weights=weights,
        limits=Limits(link, doubt),
        moves=Moves(moves),
        moved_from=moved_from,
        decided=decided,
        against=against,
        suggested_at=suggested_at,
        state=BoundsState(state),
        decided_by_id=decided_by_id,
        decided_at=decided_at,
    )
