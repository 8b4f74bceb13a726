from feeds.models.arrival import Arrival
from feeds.models.batch import (
    COUNTED,
    MOST_FAILURES,
    NUMBER_TAKEN,
    Batch,
    BatchRow,
    BatchState,
    Chunk,
    RowOutcome,
    TakenBack,
)
from feeds.models.bounds import Bounds, BoundsState
from feeds.models.match import Agreement, Match, Verdict, VerdictKind
from feeds.models.source import SourceRecord
from feeds.models.supplier import Supplier

__all__ = [
    "COUNTED",
    "MOST_FAILURES",
    "NUMBER_TAKEN",
    "Agreement",
    "Arrival",
    "Batch",
    "BatchRow",
    "BatchState",
    "Bounds",
    "BoundsState",
    "Chunk",
    "Match",
    "RowOutcome",
    "SourceRecord",
    "Supplier",
    "TakenBack",
    "Verdict",
    "VerdictKind",
]
