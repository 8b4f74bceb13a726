"""Keeps what is published in a bucket that forgets nothing, and says where the bucket differs from the database.

For the worker, which alone reaches other machines: the sequencer, which signs, does not, and never waits for a bucket.
What was not put there waits in the database, without a `kept_until`, and goes there once the bucket is back.
"""

import re
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import structlog
from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from audit import outside
from audit.events import Alert
from audit.models import Checkpoint, Cosignature
from audit.sequencer import read_tile, tiles_between
from transparency import bucket
from transparency.bucket_reader import BucketReader
from transparency.errors import ForkError, PublicationError, UnreachableError
from transparency.publication import file_name
from transparency.tiles import grown_tiles, parse_tile_path, tile_path

logger = structlog.get_logger(__name__)

STEP = 16_384  # leaves put there at once, of which each full tile has 256; one checkpoint alone may have more
LONGEST = timedelta(seconds=40)  # of a run, less than lies between two
# For so long a checkpoint that no witness has vouched for is left for a later run: with its word it is worth more.
PATIENCE = timedelta(minutes=2)
COSIGNATURE = re.compile(r"cosignatures/([0-9]{1,19})/(.+)")
NOTE = re.compile(r"checkpoints/([0-9]{1,19})")
NONE_SET_UP = "No bucket is set up. docs/access-log.md says how, under Keep it where nobody can delete it."


def keep() -> int:
    """Put into the bucket what was published since. Returns how many checkpoints it put there.

    A bucket that does not answer is asked again the next time, and the watch tells of it once that takes too long.
    One that is not fit, or that holds another log, is told of at once.
    """
    if settings.BUCKET is None:
        return 0
    try:
        with _connected(settings.BUCKET) as connected:
            return _keep_steps(connected, settings.BUCKET["retention"])
    except UnreachableError as error:
        logger.warning("bucket.unreachable", reason=str(error))
    except (ForkError, PublicationError) as error:
        logger.error("bucket.refused", reason=str(error))  # noqa: TRY400 - a message of ours, and no fault of the code
        code = "other_content" if isinstance(error, ForkError) else "refused"
        outside.raise_at_once(Alert.UNPUBLISHED, outside.BUCKET, [f"bucket.{code}"])
    return 0


def differences() -> Iterator[str]:
    """Hold every object against the database and the witnesses' keys. Yields a line for each thing that is wrong.

    Raises UnreachableError or PublicationError where the bucket cannot be read, or there is none.
    """
    if settings.BUCKET is None:
        raise PublicationError(NONE_SET_UP)
    with _connected(settings.BUCKET) as connected:
        connected.check_lock()
        # First the database, which may have grown when the bucket is read: what is missing there was put there.
        wanted = _wanted()
        reader = BucketReader(connected)
        for key, content in reader.contents():
            if (wrong := _wrong_with(key, content)) is not None:
                yield f"{key} {wrong}"
        for key in sorted(wanted - reader.keys()):
            yield f"{key} is missing"
        for finding in reader.findings:
            yield finding.text


def vouched_for() -> dict[str, int]:
    """For how many leaves of what the bucket holds each witness vouches."""
    said = Cosignature.objects.exclude(checkpoint__kept_until=None).order_by("checkpoint")
    return {each.witness: each.checkpoint_id for each in said}


def _connected(told: dict[str, Any]) -> AbstractContextManager[bucket.Bucket]:
    return bucket.connect(**{name: value for name, value in told.items() if name != "retention"})


def _keep_steps(connected: bucket.Bucket, retention: timedelta) -> int:
    begun, kept = time.monotonic(), 0
    until = (timezone.now() + retention).replace(microsecond=0)
    while time.monotonic() - begun < LONGEST.total_seconds() and (step := _next_step()) is not None:
        if not kept:
            connected.check_lock()
        _keep_step(connected, *step, until)
        kept += 1
    return kept


def _keep_step(connected: bucket.Bucket, begin: int, checkpoint: Checkpoint, until: datetime) -> None:
    cosignatures = {each.witness: each.line for each in checkpoint.cosignatures.all()}
    connected.publish(checkpoint.note, tiles_between(begin, checkpoint.size), cosignatures, until)
    Checkpoint.objects.filter(pk=checkpoint.pk).update(kept_until=until)


def _next_step() -> tuple[int, Checkpoint] | None:
    """The size that the bucket holds, and the checkpoint to put there next, if one is to be put there now.

    Not every checkpoint goes there: the tree of a later one holds those before it.
    """
    begin = outside.kept_size()
    waiting = outside.not_kept()
    if settings.WITNESS_KEYS:
        waiting = waiting.filter(Q(cosignatures__isnull=False) | Q(at__lte=timezone.now() - PATIENCE))
    near = waiting.filter(size__lte=begin + STEP)
    vouched = near.filter(cosignatures__isnull=False).order_by("-size").first()
    chosen = vouched or near.order_by("-size").first() or waiting.order_by("size").first()
    return None if chosen is None else (begin, chosen)


def _wanted() -> set[str]:
    """The names of all that was put there."""
    kept = Checkpoint.objects.exclude(kept_until=None).order_by("size")
    sizes = list(kept.values_list("size", flat=True))
    wanted = {f"checkpoints/{size}" for size in sizes}
    for begin, end in pairwise([0, *sizes]):
        wanted |= {tile_path(*tile) for tile in grown_tiles(begin, end)}
    return wanted


def _wrong_with(key: str, content: bytes) -> str | None:
    """What is wrong with an object, if anything."""
    if (tile := parse_tile_path(key)) is not None:
        return None if _tile(*tile) == content else "is not what the database has"
    if match := NOTE.fullmatch(key):
        checkpoint = Checkpoint.objects.filter(size=int(match[1])).first()
        same = checkpoint is not None and checkpoint.note.encode() == content
        return None if same else "is not what the database has"
    if match := COSIGNATURE.fullmatch(key):
        return _wrong_with_cosignature(int(match[1]), match[2], content)
    return "is nothing that we put there"


def _tile(level: int, index: int, width: int) -> bytes:
    try:
        return read_tile(level, index, width)
    except TypeError:  # there is no such tile
        return b""


def _wrong_with_cosignature(size: int, name: str, content: bytes) -> str | None:
    checkpoint = Checkpoint.objects.filter(size=size).first()
    witness = next((key.name for key in settings.WITNESS_KEYS if file_name(key.name) == name), None)
    if checkpoint is None or witness is None:
        return "is by nobody in WITNESS_KEYS, or under no checkpoint of ours"
    if outside.time_of(checkpoint.note, content.decode(errors="replace"), witness) is None:
        return "is not that witness's word for this checkpoint"
    return None
