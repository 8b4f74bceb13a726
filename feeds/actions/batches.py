"""Batches: sent, let in, taken back, and what was refused given back. The worker does the rest (feeds/worker/)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from access.rules.decisions import check_can
from access.rules.errors import NotFoundError, WrongStateError
from access.rules.roles import Permission
from audit.actors import Actor, Process
from audit.events import EventKind
from audit.recorder import About, record, record_first
from feeds.models import BatchState
from feeds.sealed_stream import Checksum, seal_part
from feeds.selectors import batches, bounds
from feeds.selectors.batches import Feed, RefusedRow, Sent
from registry import statements
from registry.actions.steps import ChangedError, take_step

SENT_BEFORE = "This was sent before, and is here already. Nothing was taken twice."
EMPTY = "The file is empty. Nothing was taken."
MOST_SHOWN = 50
PATIENCE_SECONDS = 10


class EmptyError(WrongStateError):
    """There is nothing in it."""


class SentBeforeError(WrongStateError):
    """The same is here already."""


@dataclass(frozen=True, slots=True)
class Feeds:
    """The feeds that somebody keeps, and the latest batches of them. `suggested`: of which feeds a suggestion about
    bounds waits, where all batches are listed.
    """

    feeds: list[Feed]
    batches: list[Sent]
    suggested: set[int]


class Receiving:
    """A batch that is being sent: each part is locked for the worker as it comes, and nothing of it is kept in clear.

    By a person who keeps the feed, or by the system that delivers it, of which the database asks whether it does.
    Inside a transaction, which takes all of it back where anything fails.
    """

    def __init__(self, *, actor: Actor | Process, supplier_id: int) -> None:
        if isinstance(actor, Actor):
            check_can(actor, Permission.BATCH_KEEP)
        # Whoever stops in the middle would hold the seal of the log up for as long as their line is open.
        seconds = settings.STREAMED_FILE_SECONDS + PATIENCE_SECONDS
        statements.value("SELECT set_config('transaction_timeout', %s, true)", f"{seconds}s")
        record(EventKind.BATCH_RECEIVED, About(fields=[f"supplier.{supplier_id}"]), actor=actor)
        self.batch_id: int = statements.value("SELECT feeds_batch_begin()")
        self._checksum = Checksum()
        self._place = 0

    def add(self, part: bytes) -> None:
        """The next part."""
        self._checksum.add(part)
        sealed = seal_part(part, batch_id=self.batch_id, place=self._place)
        statements.value("SELECT feeds_batch_part(%s, %s, %s)", self.batch_id, self._place, sealed)
        self._place += 1

    def end(self) -> None:
        """All of it is there. Raises EmptyError, or SentBeforeError."""
        if not self._checksum.size:
            raise EmptyError(EMPTY)
        told = self.batch_id, self._checksum.made(), self._checksum.size
        if statements.value("SELECT feeds_batch_end(%s, %s, %s)", *told) is not True:
            raise SentBeforeError(SENT_BEFORE)


@transaction.atomic
def receive(*, actor: Actor | Process, supplier_id: int, parts: Iterable[bytes]) -> int:
    """Take in what a supplier sends, part by part. Returns the number of the batch.

    Raises SentBeforeError or EmptyError, and NotAllowedError where it is not the actor's to send, or nothing is taken
    from that supplier any more.
    """
    receiving = Receiving(actor=actor, supplier_id=supplier_id)
    for part in parts:
        receiving.add(part)
    receiving.end()
    return receiving.batch_id


def list_batches(*, actor: Actor, which: int | None = None) -> Feeds:
    """The feeds that the actor keeps, and their latest batches, or the one asked for. Recorded. Names no child."""
    check_can(actor, Permission.BATCH_KEEP)
    ticket = record_first(EventKind.BATCH_LISTED, actor=actor)
    with ticket.shown():
        suggested = bounds.suggested() if which is None else set[int]()
        return Feeds(batches.feeds(), batches.batches(MOST_SHOWN, which=which), suggested)


def feed(*, actor: Actor, supplier_id: int) -> Feed:
    """One feed that the actor keeps. Recorded. Raises NotFoundError."""
    found = next((each for each in list_batches(actor=actor).feeds if each.id == supplier_id), None)
    if found is None:
        raise NotFoundError
    return found


def batch(*, actor: Actor, batch_id: int) -> tuple[Feed, Sent]:
    """One batch, with its feed. Recorded. Raises NotFoundError."""
    found = list_batches(actor=actor, which=batch_id)
    if not found.batches:
        raise NotFoundError
    (sent,) = found.batches
    return next(each for each in found.feeds if each.id == sent.supplier_id), sent


def delivered(*, actor: Process, batch_id: int) -> Sent:
    """One batch of the feed that a system delivers. Recorded. Raises NotFoundError, as where there is none at all."""
    ticket = record_first(EventKind.BATCH_LISTED, actor=actor)
    with ticket.shown():
        found = batches.batches(1, which=batch_id)
    if not found:
        raise NotFoundError
    return found[0]


def let_in(*, actor: Actor, batch_id: int, seen: BatchState) -> None:
    """Let a batch in that was checked. Raises ChangedError where it is in another state by now."""
    _decide(EventKind.BATCH_COMMITTED, actor, batch_id, seen)


def take_back(*, actor: Actor, batch_id: int, seen: BatchState) -> None:
    """Take a batch back. Raises ChangedError."""
    _decide(EventKind.BATCH_UNDONE, actor, batch_id, seen)


def give_back(*, actor: Actor, batch_id: int) -> list[RefusedRow]:
    """What was refused of a batch, for its supplier to mend. Recorded. Raises NotFoundError."""
    batch(actor=actor, batch_id=batch_id)
    ticket = record_first(EventKind.BATCH_RETURNED, About(fields=[f"batch.{batch_id}"]), actor=actor)
    with ticket.shown():
        return batches.refused()


def _decide(kind: EventKind, actor: Actor, batch_id: int, seen: BatchState) -> None:
    _feed, sent = batch(actor=actor, batch_id=batch_id)
    if sent.state != seen:
        raise ChangedError
    about = About(fields=[f"batch.{batch_id}"])
    take_step(
        actor=actor,
        kind=kind,
        about=about,
        statement="SELECT feeds_batch_decide(%s, %s)",
        told=[batch_id, str(seen)],
    )
