"""A batch taken back: each record says again what it said before, as far as nobody else has spoken since.

Row by row from the last, each in a transaction of its own with the mark that it is done, so that it goes on where it
was interrupted.
"""

import msgspec
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from audit.events import EventKind
from audit.recorder import About, record
from feeds.composing import Statement, compose
from feeds.models import Batch, BatchRow, BatchState, Chunk, Match, RowOutcome, SourceRecord
from feeds.worker.acting import actor_for
from feeds.worker.applying import places_of, said_of, statement_of
from registry.models import Child, Involvement
from registry.vocabulary import Source
from registry.worker.changing import Unchanged, Values, change_each
from registry.worker.retention import archive_at_once

ROWS_AT_ONCE = 500
UNDONE = "undone"
KEPT = "kept"


def undo(batch: Batch) -> None:
    """Take it back. What people recorded meanwhile stays, and so does a record to which somebody added something."""
    left = BatchRow.objects.filter(batch=batch).exclude(code__in=[UNDONE, KEPT]).order_by("-line")
    while rows := list(left[:ROWS_AT_ONCE]):
        for row in rows:
            row.batch = batch
            with transaction.atomic():
                row.code = _undo_row(row)
                BatchRow.objects.filter(pk=row.pk).update(code=row.code)
    with transaction.atomic():
        Match.objects.filter(batch=batch, applied_at=None).delete()
        Chunk.objects.filter(batch=batch).delete()
        batch.state = BatchState.UNDONE
        batch.finished_at = timezone.now()
        batch.save(update_fields=["state", "finished_at"])
        record(EventKind.BATCH_UNDONE, About(fields=[f"batch.{batch.pk}"]), actor=actor_for(batch.supplier))


def _undo_row(row: BatchRow) -> str:
    said = list(SourceRecord.objects.filter(batch=row.batch, child=row.child_id)) if row.child_id else []
    if not said:
        return UNDONE
    if row.outcome == RowOutcome.CREATED:
        return _unmake(row, said)
    _unsay(row.batch, said)
    written = row.content.open()
    before = None if written is None else msgspec.json.decode(written, type=Values)
    child_id = said[0].child_id
    done = change_each(
        actor=actor_for(row.batch.supplier),
        makes={child_id: lambda stored: _as_before(stored, before, said[0])},
    )
    return KEPT if isinstance(done[child_id], Unchanged) else UNDONE


def _unmake(row: BatchRow, said: list[SourceRecord]) -> str:
    """Close the record that a row made: not where others spoke since, or somebody works there, or two lie together."""
    child_id = said[0].child_id
    others = (
        SourceRecord.objects.filter(child=child_id).exclude(pk__in=[each.pk for each in said]).exists()
        or Child.objects.filter(Q(pk=child_id, merged_into__isnull=False) | Q(merged_into=child_id)).exists()
    )
    recorded = any(
        each.details.open().provenance.source == Source.PRACTITIONER
        for each in Involvement.objects.filter(child=child_id)
    )
    if others or recorded:
        return KEPT
    _unsay(row.batch, said)
    archive_at_once(child_id)
    return UNDONE


def _unsay(batch: Batch, said: list[SourceRecord]) -> None:
    keys = [bytes(each.key) for each in said]
    SourceRecord.objects.filter(pk__in=[each.pk for each in said]).delete()
    SourceRecord.objects.filter(supplier=batch.supplier, key__in=keys, superseded_by=batch).update(superseded_by=None)


def _as_before(stored: Values, before: Values | None, unsaid: SourceRecord) -> Values:
    """What the record said before; where another supplier has spoken since, what all say who are left."""
    later = SourceRecord.objects.filter(child=unsaid.child_id, batch__gt=unsaid.batch_id).exists()
    if before is not None and not later:
        return before
    statements, retracted = list[Statement](), [statement_of(unsaid)]
    for each in said_of([unsaid.child_id]):
        (statements if each.superseded_by_id is None else retracted).append(statement_of(each))
    return compose(stored, statements, retracted=retracted, places=places_of(each.row for each in statements)).values
