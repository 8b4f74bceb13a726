"""What one process of the examiner remembers from batch to batch, so that it opens each sealed row once.

Nothing in it is believed without asking: a row that changed is opened anew. Places, colleagues and peers are asked once
for each day that is examined.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

import structlog

from encryption.errors import EncryptionError
from encryption.packing import Packing
from review.examining.days import Peers
from review.examining.known import Colleagues, Place
from review.examining.rates import Usual

logger = structlog.get_logger(__name__)
Kept = TypeVar("Kept")
MOST = 100_000  # rows, some 150 MB of children's


@dataclass(slots=True)
class Opening(Generic[Kept]):
    """Opens rows of one kind, and keeps what it opened beside what was sealed."""

    packing: Packing[Kept]
    instead: Callable[[], Kept]
    kept: dict[int, tuple[bytes, Kept]] = field(default_factory=dict)

    def open(self, row: int, version: int, stored: bytes) -> Kept:
        """The value of that row. Of one that is damaged nothing is known, which is said in the log of the process."""
        found = self.kept.get(row)
        if found and found[0] == stored:
            return found[1]
        try:
            opened = self.packing.open(stored, row=row, version=version)
        except EncryptionError as error:
            logger.error("trait.damaged", row=row, error=type(error).__name__)  # noqa: TRY400 - no trace: it may show values
            return self.instead()
        if len(self.kept) >= MOST:
            self.kept.clear()
        self.kept[row] = (stored, opened)
        return opened


@dataclass(slots=True)
class Today:
    """What is asked once for each day that is examined."""

    day: date
    places: dict[int, Place] = field(default_factory=dict)
    colleagues: dict[int, Colleagues] = field(default_factory=dict)
    peers: dict[tuple[str, str], Peers] | None = None
    strangers: Usual | None = None
