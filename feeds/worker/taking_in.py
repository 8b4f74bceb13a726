"""A batch checked, and taken in: block by block, each row with its outcome, each block a transaction of its own.

A block that a crash takes back is done again; one that stands is passed over. So a batch can be interrupted at any
moment, and sent again, and changes nothing twice.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import count, islice

import structlog
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from psycopg.errors import DeadlockDetected, UniqueViolation

from audit.events import EventKind
from audit.recorder import About, record
from encryption.errors import ValueDamagedError
from feeds.models import COUNTED, Batch, BatchRow, BatchState, Chunk, RowOutcome, Supplier
from feeds.readers import READERS, Format
from feeds.readers.delimited import Mapping
from feeds.readers.packed import unpacked
from feeds.rows import Fault, FeedRefusedError, Refused, Row
from feeds.sealed_stream import Checksum, SealedStream
from feeds.worker.acting import actor_for
from feeds.worker.applying import Applying, Block, Dealt
from feeds.worker.counting import Counts, counts_of
from feeds.worker.meanwhile import MadeMeanwhileError
from feeds.worker.silence import named_and_silent
from feeds.worker.sparing import sparing

ROWS_IN_A_BLOCK = 1000
# How many more or fewer in a thousand rows may be about children on record before somebody is asked.
UNUSUAL_FROM = 100
STOPPED = "stopped"
MOST_TIMES = 5  # that a block is begun
IN_BETWEEN = (DeadlockDetected, UniqueViolation)

logger = structlog.get_logger(__name__)


class _TakenBackError(Exception):
    """Somebody takes the batch back: nothing more of it is taken in."""


class SupplierStoppedError(Exception):
    """Nothing is taken from this supplier any more: what was taken of the batch is taken back."""


def check(batch: Batch) -> None:
    """Read all of it and say what it would change. Nothing is changed yet."""
    begun = timezone.now()
    counts, faults, told = Counter[str](), Counter[str](), Counts()
    try:
        with sparing() as collect, closing(Applying(batch)) as applying:
            for block, coming in _with_next(_blocks(batch)):
                _check_goes_on(batch)
                with transaction.atomic():
                    dealt = applying.look_at(block, coming)
                counts += _counted(dealt)
                faults += _faults(dealt)
                told += _told(batch, block)
                collect()
    except FeedRefusedError as error:
        _refuse(batch, error.fault, error.line)
        return
    except SupplierStoppedError:
        _refuse(batch, STOPPED, 0)
        return
    with transaction.atomic():
        if not _is_still(batch, BatchState.RECEIVED):
            return
        _set(batch, begun_at=begun, finished_at=timezone.now(), unusual=_is_unusual(batch.supplier, counts), **counts)
        _set(batch, expected=counts["rows"], faults=faults, read=told.read, holds=told.holds, ages=told.ages)
        by_itself = not (batch.supplier.asks or batch.unusual)
        _set(batch, state=BatchState.COMMITTED if by_itself else BatchState.CHECKED, failures=0)
        _record(EventKind.BATCH_CHECKED, batch)


def take_in(batch: Batch) -> None:
    """Take it in, from where it was left. A batch of a supplier who is stopped meanwhile is taken back."""
    if batch.reached == 0:
        nothing = dict.fromkeys(("rows", "unchanged", *COUNTED.values()), 0)
        _set(batch, begun_at=timezone.now(), finished_at=None, faults={}, read=0, holds={}, ages={}, **nothing)
    try:
        with sparing() as collect, closing(Applying(batch)) as applying:
            for block, coming in _with_next(_blocks(batch)):
                _take_in_whole(batch, applying, block, coming)
                collect()
    except _TakenBackError:
        return
    except (FeedRefusedError, SupplierStoppedError) as error:
        fault, line = (error.fault, error.line) if isinstance(error, FeedRefusedError) else (STOPPED, 0)
        _set(batch, state=BatchState.UNDOING, fault=fault, fault_line=line or None, failures=0)
        return
    # Outside the transaction, which holds up the seal of the log.
    named, silent = named_and_silent(batch.supplier, now=timezone.now())
    with transaction.atomic():
        if not _is_still(batch, BatchState.COMMITTED):
            return
        _set(batch, state=BatchState.DONE, finished_at=timezone.now(), named=named, silent=silent)
        _learn(batch)
        Chunk.objects.filter(batch=batch).delete()
        _record(EventKind.BATCH_DONE, batch)


def _take_in_whole(batch: Batch, applying: Applying, block: Block, coming: Block) -> None:
    """A block, and again where others got in between: who made a record of one of its children, or waited for one that
    it held while it waited for one of theirs."""
    for time in range(MOST_TIMES):
        try:
            _take_in_block(batch, applying, block, coming)
        except (MadeMeanwhileError, OperationalError, IntegrityError) as error:
            got_in_between = isinstance(error, MadeMeanwhileError) or isinstance(error.__cause__, IN_BETWEEN)
            if not got_in_between or time + 1 == MOST_TIMES:
                raise
            logger.info("block.again", batch=batch.pk, why=type(error.__cause__ or error).__name__)
        else:
            return


@transaction.atomic
def _take_in_block(batch: Batch, applying: Applying, block: Block, coming: Block) -> None:
    """Deal with a block and note how far the batch is: both, or neither. Locked, so that nobody else does it too."""
    if not _is_still(batch, BatchState.COMMITTED):
        raise _TakenBackError
    left = [each for each in block if each.place > batch.reached]
    if not left:
        return
    _check_goes_on(batch)
    dealt = applying.apply(left, coming)
    BatchRow.objects.bulk_create(each.row for each in dealt)
    counts = _counted(dealt)
    told = Counts(batch.read, Counter(batch.holds or {}), Counter(batch.ages or {})) + _told(batch, left)
    _set(
        batch,
        reached=left[-1].place,
        failures=0,
        faults=Counter(batch.faults or {}) + _faults(dealt),
        read=told.read,
        holds=told.holds,
        ages=told.ages,
        **{name: getattr(batch, name) + count for name, count in counts.items()},
    )
    applying.settle()


def _is_still(batch: Batch, state: BatchState) -> bool:
    """Whether it is still in that state, locked: somebody may have taken it back meanwhile."""
    Batch.objects.select_for_update().get(pk=batch.pk)
    batch.refresh_from_db()
    return batch.state == state


def _with_next(blocks: Iterator[Block]) -> Iterator[tuple[Block, Block]]:
    """Each block with the one that comes after it; with nothing, the last."""
    block = next(blocks, None)
    while block is not None:
        coming = next(blocks, None)
        yield block, coming or ()
        block = coming


def _blocks(batch: Batch) -> Iterator[list[Row | Refused]]:
    """Its rows in blocks, each with its place. Raises FeedRefusedError, and before the first where it is not whole."""
    _check_whole(batch)
    read = READERS[Format(batch.supplier.format)]
    columns = batch.supplier.columns
    mapping = None if columns is None else Mapping.from_json(json.dumps(columns).encode())
    with _damage_refuses():
        rows = read(unpacked(_stream(batch)), today=timezone.localdate(), mapping=mapping)
        numbered = (replace(each, place=place) for place, each in enumerate(rows, start=1))
        while block := list(islice(numbered, ROWS_IN_A_BLOCK)):
            yield block
    _check_whole(batch)


@contextmanager
def _damage_refuses() -> Iterator[None]:
    """A part that was altered, moved or is missing: what was sent is not whole."""
    try:
        yield
    except ValueDamagedError:
        raise FeedRefusedError(Fault.BROKEN) from None


def _stream(batch: Batch) -> SealedStream:
    return SealedStream(batch.pk, _parts(batch))


def _parts(batch: Batch) -> Iterator[tuple[int, bytes]]:
    """Part by part, each asked for by itself: blocks of rows are transactions of their own in between."""
    for place in count():
        content = Chunk.objects.filter(batch=batch, place=place).values_list("content", flat=True).first()
        if content is None:
            return
        yield place, bytes(content)


def _check_whole(batch: Batch) -> None:
    """All that was sent is there still, and nothing else. Raises FeedRefusedError."""
    checksum = Checksum()
    stream = _stream(batch)
    with _damage_refuses():
        while part := stream.read(256 * 1024):
            checksum.add(part)
    if (checksum.size, checksum.made()) != (batch.size, bytes(batch.checksum)):
        raise FeedRefusedError(Fault.BROKEN)


def _check_goes_on(batch: Batch) -> None:
    if Supplier.objects.filter(pk=batch.supplier_id, stopped_at__isnull=False).exists():
        raise SupplierStoppedError


def _counted(dealt: Sequence[Dealt]) -> Counter[str]:
    counts = Counter(COUNTED[RowOutcome(each.row.outcome)] for each in dealt)
    counts["rows"] = len(dealt)
    counts["unchanged"] = sum(each.unchanged for each in dealt)
    return counts


def _faults(dealt: Sequence[Dealt]) -> Counter[str]:
    """How many were refused for each reason."""
    return Counter(str(each.row.code) for each in dealt if each.row.outcome == RowOutcome.REFUSED)


def _told(batch: Batch, block: Block) -> Counts:
    """What those of its rows say that could be read."""
    received_on = timezone.localdate(batch.received_at)
    return counts_of((each for each in block if isinstance(each, Row)), received_on=received_on)


def _is_unusual(supplier: Supplier, counts: Counter[str]) -> bool:
    """Whether far more or fewer rows than usual are about children on record. The first batch is unusual."""
    if supplier.usual_linked is None:
        return True
    return abs(_thousandth(counts) - supplier.usual_linked) >= UNUSUAL_FROM


def _learn(batch: Batch) -> None:
    """What is usual follows what comes: half of it is the last batch."""
    share = _thousandth(Counter({"linked": batch.linked, "rows": batch.rows}))
    usual = batch.supplier.usual_linked
    Supplier.objects.filter(pk=batch.supplier_id).update(usual_linked=share if usual is None else (usual + share) // 2)


def _thousandth(counts: Counter[str]) -> int:
    return counts["linked"] * 1000 // counts["rows"] if counts["rows"] else 0


@transaction.atomic
def _refuse(batch: Batch, fault: str, line: int) -> None:
    if not _is_still(batch, BatchState.RECEIVED):
        return
    _set(batch, state=BatchState.REFUSED, fault=fault, fault_line=line or None, finished_at=timezone.now())
    Chunk.objects.filter(batch=batch).delete()
    _record(EventKind.BATCH_REFUSED, batch)


def _set(batch: Batch, **values: object) -> None:
    for name, value in values.items():
        setattr(batch, name, value)
    batch.save(update_fields=list(values))


def _record(kind: EventKind, batch: Batch) -> None:
    record(kind, About(fields=[f"batch.{batch.pk}"]), actor=actor_for(batch.supplier))
