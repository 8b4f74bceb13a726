"""Proofs that the log holds an event, and that a later log continues an earlier one (RFC 9162, sections 2.1.3, 2.1.4).

They are given as text in the form of C2SP tlog-proof, so that whoever holds a checkpoint of their own can check them
without us. Ask within `audit.reading.reading`, or as the sequencer.
"""

import base64
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from audit.leaves import leaves
from audit.models import Checkpoint, LogKey
from audit.sequencer import read_tile
from transparency import note, pack, proof, tree
from transparency.errors import NoteError


@dataclass(frozen=True, slots=True)
class Inclusion:
    """That the event with `line` is leaf `index` of the tree that `note` signs."""

    index: int
    size: int
    line: str
    hashes: list[bytes]
    note: str

    def as_text(self) -> str:
        """The proof, to be kept and checked elsewhere: `python -m transparency proof`."""
        return proof.write(self.line.encode(), self.index, self.hashes, self.note)


@dataclass(frozen=True, slots=True)
class Consistency:
    """That the tree `newer` signs begins with the tree `older` signs."""

    older: Checkpoint
    newer: Checkpoint
    hashes: list[bytes]

    def as_text(self) -> str:
        """Both notes and the hashes between them."""
        return "\n".join([self.older.note, *map(_base64, self.hashes), "", self.newer.note])


def inclusion_of(event_id: int) -> Inclusion | None:
    """The proof for one event against the newest checkpoint; None while it waits for its seal, or is not there."""
    newest = newest_checkpoint()
    return None if newest is None else _inclusion(event_id, newest)


def pack_of(event_ids: Iterable[int]) -> bytes | None:
    """The evidence pack of these events, all against the same checkpoint; None while one of them waits for its seal."""
    newest = newest_checkpoint()
    key = _key_of(newest.note) if newest else None
    if newest is None or key is None:
        return None
    found = [_inclusion(event_id, newest) for event_id in event_ids]
    sealed = [each for each in found if each is not None]
    return pack.write([each.as_text() for each in sealed], key) if len(sealed) == len(found) else None


def consistency_between(older: int, newer: int) -> Consistency | None:
    """The proof between the checkpoints of two sizes; None where one of them is no checkpoint."""
    notes = Checkpoint.objects.in_bulk([older, newer])
    if len(notes) < len({older, newer}) or older > newer:
        return None
    return Consistency(notes[older], notes[newer], tree.consistency_proof(older, newer, read_tile))


def newest_checkpoint() -> Checkpoint | None:
    """The checkpoint of the tree as it stands."""
    return next(iter(newest_checkpoints(1)), None)


def newest_checkpoints(most: int) -> list[Checkpoint]:
    """At most so many checkpoints, the newest first."""
    return list(Checkpoint.objects.order_by("-size")[:most])


def _inclusion(event_id: int, newest: Checkpoint) -> Inclusion | None:
    found = leaves("id = %s", [event_id])
    if not found or found[0].transaction >= int(newest.before_transaction):
        return None
    index = _index_of(event_id, found[0].transaction)
    hashes = tree.inclusion_proof(index, newest.size, read_tile)
    return Inclusion(index, newest.size, found[0].line, hashes, newest.note)


def _key_of(signed: str) -> note.VerifierKey | None:
    """The key by which the note is signed, where the sequencer has told it."""
    for each in LogKey.objects.all():
        key = note.VerifierKey.parse(each.key)
        try:
            note.verify(signed, [key])
        except NoteError:
            continue
        return key
    return None


def _index_of(event_id: int, transaction: int) -> int:
    """Where in the tree the event stands: after all that were sealed before its checkpoint, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT size, before_transaction::text FROM audit_checkpoint WHERE before_transaction <= %s::text::xid8"
            " ORDER BY before_transaction DESC LIMIT 1",
            [str(transaction)],
        )
        size, begin = cursor.fetchone() or (0, "0")
        # Apart, since the first of the two reads no row: the index alone tells.
        cursor.execute(
            "SELECT (SELECT count(*) FROM audit_event"
            " WHERE transaction_id >= %s::text::xid8 AND transaction_id < %s::text::xid8)"
            " + (SELECT count(*) FROM audit_event WHERE transaction_id = %s::text::xid8 AND id < %s)",
            [begin, str(transaction), str(transaction), event_id],
        )
        (before,) = cursor.fetchone()
        return int(size + before)


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()
