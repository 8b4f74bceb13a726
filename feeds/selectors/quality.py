"""What is known of the batches of one feed, in numbers, as a committed event allows. Inside `Ticket.shown`."""

from typing import Any

from feeds.models import BatchState
from feeds.rules.quality import Figures
from registry import statements

# Those of which rows were read, and what was read still counts or is about to.
STANDING = (BatchState.CHECKED, BatchState.COMMITTED, BatchState.DONE)
STATEMENT = """
    SELECT state, id, received_at, begun_at, rows, linked, created, queued, refused, unchanged, faults, fault, read,
        holds, ages, named, silent, same, different, waiting, waited
    FROM feeds_quality(%s, %s)
"""


def figures(supplier_id: int, most: int) -> list[Figures]:
    """Of the latest batches, newest first (feeds/sql/functions/feeds_quality.sql)."""
    return [_figures(BatchState(state), *told) for state, *told in statements.rows(STATEMENT, supplier_id, most)]


def _figures(state: BatchState, *told: Any) -> Figures:
    pk, received_at, begun_at, rows, linked, created, queued, refused, unchanged, faults, *rest = told
    return Figures(
        pk,
        state,
        state in STANDING,
        state == BatchState.REFUSED,
        received_at,
        begun_at if state == BatchState.DONE else None,
        rows,
        linked,
        created,
        queued,
        refused,
        unchanged,
        faults or {},
        *rest,
    )
