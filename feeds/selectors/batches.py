"""Feeds and their batches, as a committed event allows. Inside `Ticket.shown`, but for numbers alone."""

from dataclasses import dataclass
from datetime import datetime

from access.models import Organisation
from access.systems.deliveries import Delivered
from feeds.models import MOST_FAILURES, BatchRow, BatchState
from feeds.readers import Format
from registry import statements
from registry.vocabulary import Source


@dataclass(frozen=True, slots=True)
class Feed:
    """A supplier, as whoever keeps the feed sees it."""

    id: int
    organisation: Organisation
    source: Source
    format: Format
    must_supply: bool
    asks: bool
    usual_linked: int | None
    stopped_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sent:
    """A batch: where it is on its way, and what became of its rows."""

    id: int
    supplier_id: int
    size: int
    state: BatchState
    received_by_id: int | None
    received_at: datetime
    decided_by_id: int | None
    begun_at: datetime | None
    finished_at: datetime | None
    rows: int
    linked: int
    created: int
    queued: int
    refused: int
    unchanged: int
    expected: int | None
    faults: dict[str, int] | None
    unusual: bool
    fault: str
    fault_line: int | None
    failures: int
    system_id: int | None

    @property
    def stands_still(self) -> bool:
        """Whether the worker could not go on so often that it tries no more."""
        return self.failures >= MOST_FAILURES


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was refused: where it stands, why, and what was written there."""

    line: int
    code: str
    field: str
    written: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits for somebody: batches to let in, doubtful matches to decide, and bounds that are suggested."""

    batches: int
    matches: int
    bounds: int


def feeds() -> list[Feed]:
    """Those that the ticket allows (feeds/sql/functions/feeds_suppliers.sql)."""
    rows = statements.rows("SELECT * FROM feeds_suppliers()")
    organisations = Organisation.objects.in_bulk([row[1] for row in rows])
    return [Feed(row[0], organisations[row[1]], Source(row[2]), Format(row[3]), *row[4:]) for row in rows]


def batches(most: int, *, which: int | None = None) -> list[Sent]:
    """Those that the ticket allows, newest first, or the one asked for (feeds/sql/functions/feeds_batches.sql)."""
    rows = statements.rows("SELECT * FROM feeds_batches(%s, %s)", most, which)
    return [Sent(*(*row[:3], BatchState(row[3]), *row[4:])) for row in rows]


def named() -> list[Delivered]:
    """Feeds of organisations within reach of whoever is signed in (feeds/sql/functions/feeds_named.sql)."""
    rows = statements.rows("SELECT * FROM feeds_named()")
    return [
        Delivered(
            feed_id, organisation_id, authority_id, f"{Source(source).label}, {name}: {Format(written).label}", stopped
        )
        for feed_id, organisation_id, authority_id, name, source, written, stopped in rows
    ]


def refused() -> list[RefusedRow]:
    """Those that the ticket allows, opened (feeds/sql/functions/feeds_refused.sql)."""
    content = BatchRow._meta.get_field("content")
    return [
        RefusedRow(line, code, field, (stored and content.open_stored(bytes(stored), row=pk, version=version)) or "")
        for pk, version, line, code, field, stored in statements.rows("SELECT * FROM feeds_refused()")
    ]


def waiting() -> Waiting:
    """What waits for the person whose session is shown."""
    (counts,) = statements.rows("SELECT batches, matches, bounds FROM feeds_waiting()")
    return Waiting(*counts)
