"""Keeps what is published in a bucket that forgets nothing, for as long as the log is kept.

For the worker, which alone reaches other machines: the sequencer, which signs, does not, and never waits for a bucket.
What was not put there waits in the database, without a `kept_until`, and goes there once the bucket is back. A lock
that is half over is moved on, so that none ends while somebody looks after the log.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

import structlog
from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from audit import outside
from audit.events import Alert
from audit.models import Checkpoint, Cosignature
from audit.sequencer import tiles_between
from database.locks import only_one
from transparency import bucket
from transparency.errors import ForkError, OutOfTimeError, PublicationError, UnreachableError

logger = structlog.get_logger(__name__)

STEP = 16_384  # leaves put there at once, of which each full tile has 256; one checkpoint alone may have more
# No request of a run begins later. The last may take half a minute more; together less than lies between two runs.
LONGEST = timedelta(seconds=20)
# For so long a checkpoint that no witness has vouched for is left for a later run: with its word it is worth more.
PATIENCE = timedelta(minutes=2)
NONE_SET_UP = "No bucket is set up. docs/access-log.md says how, under Keep it where nobody can delete it."
# Of the one run at a time. Anybody with a login to the database may take it; then the watch tells that nothing is kept.
LOCK = 0x6275636B6574


def keep() -> None:
    """Put into the bucket what was published since, and have it kept on for what would be let go.

    A bucket that does not answer is asked again the next time, and the watch tells of it once that takes too long.
    One that is not fit, or that holds another log, is told of at once. Where another run is at it, nothing is done.
    """
    if settings.BUCKET is None:
        return
    try:
        with only_one(LOCK) as is_ours:
            if is_ours:
                _keep_steps(settings.BUCKET["retention"])
    except OutOfTimeError as error:
        logger.info("bucket.to_be_continued", reason=str(error))
    except UnreachableError as error:
        logger.warning("bucket.unreachable", reason=str(error))
    except (ForkError, PublicationError) as error:
        logger.error("bucket.refused", reason=str(error))  # noqa: TRY400 - a message of ours, and no fault of the code
        code = "other_content" if isinstance(error, ForkError) else "refused"
        outside.raise_at_once(Alert.UNPUBLISHED, outside.BUCKET, [f"bucket.{code}"])


def connected(**how: Any) -> AbstractContextManager[bucket.Bucket]:
    """The bucket that is set up. Raises PublicationError where there is none."""
    if settings.BUCKET is None:
        raise PublicationError(NONE_SET_UP)
    return bucket.connect(**{name: value for name, value in settings.BUCKET.items() if name != "retention"}, **how)


@dataclass(slots=True)
class _Step:
    """A checkpoint that goes there, with the tiles that grew since the one before, and what of that is there."""

    of: tuple[str, int]
    until: datetime
    done: set[str] = field(default_factory=set)


# The step that this process had to leave for want of time: it goes on there, so that each run gets further.
_left: list[_Step] = []


def _keep_steps(retention: timedelta) -> None:
    checkpoint = _next(retention)
    if checkpoint is None:
        return
    with connected(seconds=LONGEST.total_seconds()) as there:
        there.check_lock()
        while checkpoint is not None:
            _keep_step(there, checkpoint, retention)
            checkpoint = _next(retention)


def _keep_step(there: bucket.Bucket, checkpoint: Checkpoint, retention: timedelta) -> None:
    step = _begun(there, checkpoint, (timezone.now() + retention).replace(microsecond=0))
    tiles = tiles_between(outside.kept_before(checkpoint.size), checkpoint.size)
    words = {each.witness: each.line for each in checkpoint.cosignatures.all() if _is_theirs(checkpoint, each)}
    try:
        there.publish(checkpoint.note, tiles, words, step.until, step.done)
    except UnreachableError:
        _left.append(step)
        raise
    Checkpoint.objects.filter(pk=checkpoint.pk).update(kept_until=step.until)
    checkpoint.cosignatures.filter(witness__in=words).update(kept_until=step.until)


def _begun(there: bucket.Bucket, checkpoint: Checkpoint, until: datetime) -> _Step:
    of = (there.name, checkpoint.size)
    before = next((step for step in _left if step.of == of), None)
    _left.clear()
    return before or _Step(of, until)


def _next(retention: timedelta) -> Checkpoint | None:
    """The checkpoint to put there next, or once more, if there is one now."""
    return _newest() or _vouched_for_since() or _let_go_next(retention)


def _newest() -> Checkpoint | None:
    """One behind all that are there. Not every one goes there: the tree of a later one holds those before it."""
    begin = outside.kept_size()
    waiting = outside.not_kept()
    if settings.WITNESS_KEYS:
        waiting = waiting.filter(Q(cosignatures__isnull=False) | Q(at__lte=timezone.now() - PATIENCE))
    near = waiting.filter(size__lte=begin + STEP)
    vouched = near.filter(cosignatures__isnull=False).order_by("-size").first()
    return vouched or near.order_by("-size").first() or waiting.order_by("size").first()


def _vouched_for_since() -> Checkpoint | None:
    """One that is there without a word that a witness has for it, or the one that a witness vouched for last."""
    witnesses = {key.name for key in settings.WITNESS_KEYS}
    within = Cosignature.objects.filter(checkpoint__lte=outside.kept_size()).select_related("checkpoint")
    last = (within.filter(witness=name).order_by("-checkpoint").first() for name in sorted(witnesses))
    late = within.filter(kept_until=None, witness__in=witnesses).exclude(checkpoint__kept_until=None)
    said = chain((each for each in last if each and each.kept_until is None), late.order_by("-checkpoint"))
    return next((each.checkpoint for each in said if _is_theirs(each.checkpoint, each)), None)


def _let_go_next(retention: timedelta) -> Checkpoint | None:
    """The one whose lock ends first, once half of its time is over."""
    ending = Checkpoint.objects.filter(kept_until__lte=timezone.now() + retention / 2)
    return ending.order_by("kept_until").first()


def _is_theirs(checkpoint: Checkpoint, said: Cosignature) -> bool:
    """Whether it is the witness's word. What is put there stays there, so that nothing forged may be."""
    return outside.time_of(checkpoint.note, said.line, said.witness) is not None
