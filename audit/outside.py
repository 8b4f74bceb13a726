"""What of the log is outside: published, kept in the bucket, and vouched for by witnesses; and since when it is not.

A witness lays its word beside the published checkpoint. The sequencer takes it up from there, so that auditors see it
where no process of theirs has that folder; whoever shows it holds it against the witness's key once more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from audit.actors import Process
from audit.alerts import raise_alert
from audit.events import Alert
from audit.models import Checkpoint, Cosignature
from transparency import note
from transparency.errors import NoteError
from transparency.note import TIME_BYTES, VerifierKey
from transparency.publication import Directory

logger = structlog.get_logger(__name__)

WATCH = Process("watch")
FOLDER, BUCKET = "folder", "bucket"  # what an alert about publishing is about
# A witness looks at the newest checkpoint alone, and what it says is taken up after each seal.
LOOKED_AT = 50
ENDS_SOON = timedelta(days=7)  # or a quarter of the time for which the bucket keeps things; a lock is moved on before


@dataclass(frozen=True, slots=True)
class Standing:
    """What a witness vouched for last, if anything, and since when it has left a checkpoint without its word."""

    witness: str
    size: int
    at: datetime | None
    waiting_since: datetime | None

    @property
    def is_late(self) -> bool:
        """Whether that is longer than it should be."""
        return _is_late(self.waiting_since, settings.AUDIT_UNWITNESSED_SECONDS)


def take_up_cosignatures() -> None:
    """Take up what witnesses said since. For the sequencer. What fits no key of theirs is logged, and not taken up."""
    directory = Directory(settings.PUBLICATION_DIR)
    for witness in _witnesses():
        last = Cosignature.objects.filter(witness=witness).order_by("-checkpoint").first()
        published = Checkpoint.objects.exclude(published_at=None).filter(size__gt=last.checkpoint_id if last else 0)
        for checkpoint in published.order_by("-size")[:LOOKED_AT]:
            line = directory.cosignature(checkpoint.size, witness)
            if line is not None:
                _take_up(checkpoint, witness, line)


def standings() -> list[Standing]:
    """How each witness stands, by name."""
    return [_standing(witness) for witness in sorted(_witnesses())]


def cosigned(checkpoints: Iterable[Checkpoint]) -> dict[int, dict[str, datetime]]:
    """By its size, who vouched for a checkpoint and when: only what fits a key of that witness."""
    notes = {checkpoint.size: checkpoint.note for checkpoint in checkpoints}
    found: dict[int, dict[str, datetime]] = {size: {} for size in notes}
    for said in Cosignature.objects.filter(checkpoint__in=notes):
        at = time_of(notes[said.checkpoint_id], said.line, said.witness)
        if at is not None:
            found[said.checkpoint_id][said.witness] = at
    return found


def time_of(signed: str, line: str, witness: str) -> datetime | None:
    """When the witness vouched for the note with that line; None where it is no word of theirs."""
    keys = _witnesses().get(witness, [])
    try:
        if note.verify(signed + line, keys) != (witness,):
            return None
        seconds = int.from_bytes(note.parse_signature(line).content[:TIME_BYTES], "big")
        return datetime.fromtimestamp(seconds, UTC)
    except (NoteError, ValueError, OverflowError, OSError):  # the last three where the time is none that there is
        return None


def code_of(witness: str) -> str:
    """How an alert names a witness: names of witnesses are no codes."""
    return f"witness.{_witnesses()[witness][-1].id.hex()}"


def witness_named(code: str) -> str:
    """The witness that an alert is about; the code itself where its key is not known any more."""
    return next((witness for witness in _witnesses() if code_of(witness) == code), code)


def watch_what_is_outside() -> None:
    """Alert where checkpoints wait to be published, to be in the bucket, or to be vouched for. For the worker."""
    waiting = Checkpoint.objects.filter(published_at=None)
    _alert_if_late(_oldest(waiting), settings.AUDIT_UNPUBLISHED_SECONDS, Alert.UNPUBLISHED, FOLDER)
    if settings.BUCKET:
        _alert_if_late(_oldest(not_kept()), settings.AUDIT_UNPUBLISHED_SECONDS, Alert.UNPUBLISHED, BUCKET)
        soon = timezone.now() + min(settings.BUCKET["retention"] / 4, ENDS_SOON)
        if Checkpoint.objects.filter(kept_until__lte=soon).exists():
            raise_at_once(Alert.UNPUBLISHED, BUCKET, ["bucket.lock_ends"])
    for standing in standings():
        subject = code_of(standing.witness)
        _alert_if_late(standing.waiting_since, settings.AUDIT_UNWITNESSED_SECONDS, Alert.UNWITNESSED, subject)


def raise_at_once(what: Alert, subject: str, fields: list[str]) -> None:
    """Alert in a transaction of its own. Operators are told first, each time."""
    logger.error("alert.raised", what=what.value, fields=[each for each in (subject, *fields) if each])
    with transaction.atomic():
        raise_alert(what, actor=WATCH, subject=subject, fields=fields)


def kept_size() -> int:
    """How many leaves were put into the bucket."""
    last = Checkpoint.objects.exclude(kept_until=None).order_by("-size").first()
    return last.size if last else 0


def kept_before(size: int) -> int:
    """How many leaves the checkpoint in the bucket has that comes before the one of that size."""
    last = Checkpoint.objects.exclude(kept_until=None).filter(size__lt=size).order_by("-size").first()
    return last.size if last else 0


def locked_size() -> int:
    """How many leaves nobody can delete from the bucket now: those before the first whose lock is over."""
    ended = Checkpoint.objects.filter(kept_until__lte=timezone.now()).order_by("size").first()
    return kept_before(ended.size) if ended else kept_size()


def not_kept() -> QuerySet[Checkpoint]:
    """The published checkpoints behind the last one in the bucket."""
    return Checkpoint.objects.filter(size__gt=kept_size()).exclude(published_at=None)


def _witnesses() -> dict[str, list[VerifierKey]]:
    """The keys of each witness, old ones too, by its name."""
    keys: dict[str, list[VerifierKey]] = {}
    for key in settings.WITNESS_KEYS:
        keys.setdefault(key.name, []).append(key)
    return keys


def _take_up(checkpoint: Checkpoint, witness: str, line: str) -> None:
    at = time_of(checkpoint.note, line, witness)
    if at is None:
        logger.error("cosignature.refused", witness=witness, size=checkpoint.size)
    else:
        Cosignature.objects.get_or_create(checkpoint=checkpoint, witness=witness, defaults={"line": line, "at": at})


def _standing(witness: str) -> Standing:
    said = Cosignature.objects.filter(witness=witness).select_related("checkpoint").order_by("-checkpoint").first()
    at = time_of(said.checkpoint.note, said.line, witness) if said else None
    size = said.checkpoint.size if said and at else 0
    later = Checkpoint.objects.filter(size__gt=size).exclude(published_at=None)
    return Standing(witness, size, at, _oldest(later))


def _oldest(checkpoints: QuerySet[Checkpoint]) -> datetime | None:
    first = checkpoints.order_by("size").first()
    return first.at if first else None


def _alert_if_late(since: datetime | None, seconds: int, what: Alert, subject: str) -> None:
    if since is not None and _is_late(since, seconds):
        raise_at_once(what, subject, [f"seconds.{int((timezone.now() - since).total_seconds())}"])


def _is_late(since: datetime | None, seconds: int) -> bool:
    return since is not None and timezone.now() - since > timedelta(seconds=seconds)
