from feeds.models.batch import COUNTED, Batch, BatchRow, BatchState, Chunk, RowOutcome
from feeds.models.match import Agreement, Match, Verdict, VerdictKind
from feeds.models.source import SourceRecord
from feeds.models.supplier import Supplier

__all__ = [
    "COUNTED",
    "Agreement",
    "Batch",
    "BatchRow",
    "BatchState",
    "Chunk",
    "Match",
    "RowOutcome",
    "SourceRecord",
    "Supplier",
    "Verdict",
    "VerdictKind",
]
