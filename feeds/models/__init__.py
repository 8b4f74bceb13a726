from feeds.models.batch import Batch, BatchRow, BatchState, Chunk, RowOutcome
from feeds.models.match import Agreement, Match, Verdict, VerdictKind
from feeds.models.source import SourceRecord
from feeds.models.supplier import Supplier

__all__ = [
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
