"""Extends the tree over the log and signs it (RFC 9162, C2SP tlog-checkpoint); never in the way of who writes events.

Only settled transactions are sealed, those that ended before every one that still runs: what is below that bound is
all there, in an order that cannot change. The tree's order is that of (transaction, id). Events, tiles and checkpoint
go into the database in one transaction and are published from there: killed at any point, the sequencer goes on with
the very checkpoint it had signed, and no second one of the same size comes into being.
"""

from dataclasses import dataclass

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from audit.actors import Process
from audit.alerts import raise_alert
from audit.errors import MissingTileError
from audit.events import Alert
from audit.leaves import Leaf, leaves
from audit.models import Checkpoint
from audit.settled import oldest_writer
from encryption.signing import newest_signer
from transparency import note, tree
from transparency.publication import Directory
from transparency.tiles import grown_tiles

logger = structlog.get_logger(__name__)

SEQUENCER = Process("sequencer")
BATCH = 4_096  # events in a checkpoint, unless one transaction alone wrote more; a proof counts through them
NAMED_IN_AN_ALERT = 100  # of a batch; the others lie between the first and the last


class RestoredDatabaseError(Exception):
    """The database counts transactions from before its own checkpoints: it was restored elsewhere. See the runbook."""


@dataclass(frozen=True, slots=True)
class Settled:
    """Events that can no longer be joined by an earlier one, and the transaction before which they all lie."""

    leaves: list[Leaf]
    before: int


def seal() -> int:
    """Seal what has settled and publish it. Returns how many events it sealed; none where another one is at it."""
    sealed = 0
    while batch := _seal_batch():
        sealed += batch
    publish()
    return sealed


@transaction.atomic
def _seal_batch() -> int:
    if not _is_only_one():
        return 0
    last = Checkpoint.objects.order_by("-size").first()
    size, begin = (last.size, int(last.before_transaction)) if last else (0, 0)
    settled = _settled(begin)
    if not settled.leaves:
        return 0
    _question(settled.leaves)
    extension = tree.extend(size, read_tile, [leaf.hash for leaf in settled.leaves])
    _store(extension.tiles)
    Checkpoint.objects.create(
        size=extension.size,
        root=extension.root,
        before_transaction=str(settled.before),
        note=_signed(extension.size, extension.root),
        at=timezone.now(),
    )
    return len(settled.leaves)


def publish() -> None:
    """Write out every checkpoint that is not published yet, in order, each with the tiles it stands on."""
    target = Directory(settings.PUBLICATION_DIR)
    for checkpoint in Checkpoint.objects.filter(published_at=None).order_by("size"):
        before = Checkpoint.objects.filter(size__lt=checkpoint.size).order_by("-size").first()
        target.publish(checkpoint.note, tiles_between(before.size if before else 0, checkpoint.size))
        Checkpoint.objects.filter(pk=checkpoint.pk).update(published_at=timezone.now())


def read_tile(level: int, index: int, width: int) -> bytes:
    """The first `width` hashes of a tile. Raises MissingTileError where they are not all there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT substr(hashes, 1, %s) FROM audit_tile WHERE level = %s AND index = %s",
            [width * tree.HASH_BYTES, level, index],
        )
        found = cursor.fetchone()
    hashes = bytes(found[0]) if found else b""
    if len(hashes) != width * tree.HASH_BYTES:
        raise MissingTileError(f"Of tile {level}/{index} the database has {len(hashes)} bytes, not {width} hashes.")
    return hashes


def _is_only_one() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM audit_turn FOR UPDATE SKIP LOCKED")
        return cursor.fetchone() is not None


def _settled(begin: int) -> Settled:
    """What has settled from transaction `begin` on, up to a whole transaction's end near BATCH."""
    bound = oldest_writer()
    if bound < begin:
        raise RestoredDatabaseError(f"Transactions are counted at {bound}; events are sealed up to {begin}.")
    condition = "transaction_id >= %s::text::xid8 AND transaction_id < %s::text::xid8"
    found = leaves(condition, [str(begin), str(bound)], limit=BATCH + 1)
    if len(found) <= BATCH:
        return Settled(found, bound)
    cut = found[-1].transaction
    whole = [leaf for leaf in found if leaf.transaction < cut]
    if whole:
        return Settled(whole, cut)
    return Settled(leaves("transaction_id = %s::text::xid8", [str(cut)]), cut + 1)


def _question(found: list[Leaf]) -> None:
    """Alert where an event was not written by our software. It is sealed all the same: evidence is not dropped."""
    strange = [leaf for leaf in found if not leaf.is_ours()]
    if not strange:
        return
    named = [leaf.id for leaf in strange[:NAMED_IN_AN_ALERT]]
    logger.error("alert.raised", what=Alert.NOT_OURS.value, count=len(strange), events=named)
    raise_alert(
        Alert.NOT_OURS,
        actor=SEQUENCER,
        fields=[f"count.{len(strange)}", *(f"event.{event_id}" for event_id in named)],
        times=len(strange),
        always_recorded=True,
    )


def _store(tiles: dict[tuple[int, int], bytes]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO audit_tile (level, index, hashes) VALUES (%s, %s, %s)"
            " ON CONFLICT (level, index) DO UPDATE SET hashes = excluded.hashes",
            [(level, index, hashes) for (level, index), hashes in tiles.items()],
        )


def tiles_between(begin: int, end: int) -> dict[tuple[int, int], bytes]:
    """The tiles that grew while the tree did, as they were then."""
    return {(level, index): read_tile(level, index, width) for level, index, width in grown_tiles(begin, end)}


def _signed(size: int, root: bytes) -> str:
    signer = newest_signer()
    checkpoint = note.Checkpoint(origin=settings.LOG_ORIGIN, size=size, root=root)
    return note.sign(checkpoint, settings.LOG_ORIGIN, signer.public_key, signer.sign)
