"""A batch taken back: each record says again what it said before, as far as nobody else has spoken since.

Row by row from the last, each in a transaction of its own with the mark that it is done, so that it goes on where it
was interrupted.
"""

from contextlib import suppress
from dataclasses import replace

import msgspec
from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from audit.events import EventKind
from audit.recorder import About, record
from encryption.errors import KeyMissingError
from feeds.models import Batch, BatchRow, BatchState, Chunk, Match, RowOutcome, SourceRecord, TakenBack
from feeds.worker.acting import actor_for
from feeds.worker.saying import Saying, lock_each, recomposed
from registry.models import Child, Involvement
from registry.values import InvolvementDetails
from registry.vocabulary import Source
from registry.worker.changing import Make, Unchanged, Values, begun, change_each
from registry.worker.retention import archive_at_once

ROWS_AT_ONCE = 500


class _KeptError(Exception):
    """Nothing can be changed in the record, or it tells of others by now: what was said of it stays said."""


def undo(batch: Batch) -> None:
    """Take it back. What people recorded meanwhile stays, and so does a record to which somebody added something."""
    left = BatchRow.objects.filter(batch=batch, taken_back="").order_by("-place")
    while rows := list(left[:ROWS_AT_ONCE]):
        for row in rows:
            row.batch = batch
            with transaction.atomic():
                BatchRow.objects.filter(pk=row.pk).update(taken_back=_undo_row(row))
    with transaction.atomic():
        Match.objects.filter(batch=batch, applied_at=None).delete()
        Chunk.objects.filter(batch=batch).delete()
        batch.state = BatchState.UNDONE
        batch.finished_at = timezone.now()
        batch.save(update_fields=["state", "finished_at"])
        record(EventKind.BATCH_UNDONE, About(fields=[f"batch.{batch.pk}"]), actor=actor_for(batch.supplier))


def _undo_row(row: BatchRow) -> TakenBack:
    of_the_row = SourceRecord.objects.select_related("child").filter(batch=row.batch_id, place=row.place)
    lock_each(
        child_id for pair in of_the_row.values_list("child", "child__merged_into") for child_id in pair if child_id
    )
    said = of_the_row.first()
    if said is None:
        return TakenBack.UNDONE
    try:
        with transaction.atomic():
            if row.outcome == RowOutcome.CREATED:
                _unmake(row.batch, said)
            else:
                _unsay_and_restore(row, said)
    except _KeptError:
        return TakenBack.KEPT
    return TakenBack.UNDONE


def _unmake(batch: Batch, said: SourceRecord) -> None:
    """Close the record that a row made: not where others spoke since, or somebody works there, or two lie together."""
    child_id = said.child_id
    others = (
        SourceRecord.objects.filter(child=child_id).exclude(pk=said.pk).exists()
        or Child.objects.filter(Q(pk=child_id, merged_into__isnull=False) | Q(merged_into=child_id)).exists()
    )
    recorded = any(
        each.details.open().provenance.source == Source.PRACTITIONER
        for each in Involvement.objects.filter(child=child_id)
    )
    if others or recorded:
        raise _KeptError
    _unsay(batch, said)
    archive_at_once(child_id)


def _unsay_and_restore(row: BatchRow, said: SourceRecord) -> None:
    child_id, source = said.stays, Source(row.batch.supplier.source)
    if row.child_id != child_id:  # put together with another since, or parted from it
        raise _KeptError
    kept, later = _kept(row), _said_next(row, said)
    again = [] if said.superseded_by_id else Saying(row.batch).replaced_by(said)
    (made,) = recomposed({child_id: []}, but=[said.pk], again=again).values()
    make: Make = made if later or kept is None else lambda stored: _as_before(stored, kept, source)
    _unsay(row.batch, said)
    if isinstance(change_each(actor=actor_for(row.batch.supplier), makes={child_id: make})[child_id], Unchanged):
        raise _KeptError
    if later is not None:
        # What stood there before the row is by now what stood there before that one.
        with suppress(KeyMissingError):
            later.content = kept
            later.save(update_fields=["content"])


def _unsay(batch: Batch, said: SourceRecord) -> None:
    """What it was said in place of is said again; where it was replaced itself since, that stays replaced."""
    replaced, after = Saying(batch).replaced_by(said), said.superseded_by_id
    said.delete()
    SourceRecord.objects.filter(pk__in=replaced).update(superseded_by=after)


def _said_next(row: BatchRow, said: SourceRecord) -> BatchRow | None:
    """The row that changed the record next: of a later batch, or of an earlier one that people decided since."""
    of_a_row = SourceRecord.objects.filter(batch=OuterRef("batch"), place=OuterRef("place"))
    rows = BatchRow.objects.filter(child=row.child_id).annotate(said=Subquery(of_a_row.values("pk")))
    return rows.select_related("batch").filter(said__gt=said.pk).order_by("said").first()


def _kept(row: BatchRow) -> str | None:
    """What the record said before the row, as it was kept; None where it was not, or not for so long."""
    try:
        kept: str | None = row.content.open()
    except KeyMissingError:
        return None
    return kept


def _as_before(stored: Values, kept: str, source: Source) -> Values:
    """What the record said before. Of services, what its source said: what others recorded since stays."""
    before = msgspec.json.decode(kept, type=Values)
    others = [each for each in stored.involvements if each[1].provenance.source != source]
    there = {begun(details) for _lead, details in others}
    led = any(lead for lead, _details in others)
    restored = list[tuple[bool, InvolvementDetails]]()
    for lead, details in before.involvements:
        if details.provenance.source != source:
            restored += [each for each in others if each == (lead, details)]
        elif begun(details) not in there:
            restored.append((lead and not led, details))
    return replace(before, involvements=(*restored, *(each for each in others if each not in restored)))
