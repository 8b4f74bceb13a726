"""What comes in by a command rather than a page: from an operator's drop folder, or through a pipe."""

from typing import BinaryIO

from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.events import EventKind
from audit.recorder import About, record
from feeds.models import Batch, Chunk, Supplier
from feeds.sealed_stream import Checksum, parts_of, seal_part
from feeds.worker.acting import actor_for


class SentBeforeError(Exception):
    """This was sent before, or there is nothing in it, or nothing is taken from its supplier. Its text says which."""


def receive(*, supplier: Supplier, stream: BinaryIO) -> int:
    """Seal what comes, part by part. Returns the number of the batch. Raises SentBeforeError; then nothing is kept."""
    if supplier.stopped_at is not None:
        raise SentBeforeError("Nothing is taken from this supplier any more.")
    try:
        with transaction.atomic():
            return _receive(supplier, stream)
    except IntegrityError:
        raise SentBeforeError("This was sent before, and is here already. Nothing was taken twice.") from None


def _receive(supplier: Supplier, stream: BinaryIO) -> int:
    batch = Batch.objects.create(supplier=supplier, checksum=b"", size=0, received_at=timezone.now())
    checksum = Checksum()
    for place, part in enumerate(parts_of(stream)):
        checksum.add(part)
        Chunk.objects.create(batch=batch, place=place, content=seal_part(part, batch_id=batch.pk, place=place))
    if not checksum.size:
        raise SentBeforeError("There is nothing in it. Nothing was taken.")
    batch.checksum, batch.size = checksum.made(), checksum.size
    batch.save(update_fields=["checksum", "size"])
    record(
        EventKind.BATCH_RECEIVED,
        About(fields=[f"supplier.{supplier.pk}", f"batch.{batch.pk}"]),
        actor=actor_for(supplier),
    )
    return batch.pk
