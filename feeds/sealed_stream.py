"""What a supplier sent, in parts that are locked for the worker as they come in, and read again as one stream."""

import hashlib
import io
from collections.abc import Iterator
from typing import BinaryIO

from encryption.keys import Purpose
from encryption.locked import lock, unlock
from encryption.seal import Place
from encryption.tokens import fingerprint

PART_BYTES = 256 * 1024
PAD_TO = 4096


def parts_of(stream: BinaryIO) -> Iterator[bytes]:
    """The stream in parts of PART_BYTES; the last may be shorter."""
    while part := _filled(stream):
        yield part


def seal_part(part: bytes, *, batch_id: int, place: int) -> bytes:
    """Lock a part for its place in its batch: whoever does cannot read it again."""
    return lock(part, _place(batch_id, place), Purpose.FEED_LOCK, pad_to=PAD_TO)


class Checksum:
    """A fingerprint of all that was sent, by which the same is known when it is sent again."""

    def __init__(self) -> None:
        self._digest = hashlib.blake2b(digest_size=32)
        self.size = 0

    def add(self, part: bytes) -> None:
        self._digest.update(part)
        self.size += len(part)

    def made(self) -> bytes:
        """16 bytes that tell nothing of what was sent to whoever has no key of tokens."""
        return fingerprint("feed batch", self._digest.hexdigest())


class SealedStream(io.RawIOBase):
    """The parts of a batch, opened one after another: never more than one of them is in memory.

    Raises ValueDamagedError where one was altered, moved, or is missing.
    """

    def __init__(self, batch_id: int, parts: Iterator[tuple[int, bytes]]) -> None:
        self._batch_id = batch_id
        self._parts = parts
        self._rest = memoryview(b"")
        self._next = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._rest:
            place, locked = next(self._parts, (None, b""))
            if place is None:
                return 0
            # A part in another's place does not open; a part that is missing would else be passed over.
            self._rest = memoryview(unlock(locked, _place(self._batch_id, self._next), Purpose.FEED))
            self._next += 1
        taken = min(len(buffer), len(self._rest))
        buffer[:taken] = self._rest[:taken]
        self._rest = self._rest[taken:]
        return taken


def _filled(stream: BinaryIO) -> bytes:
    """PART_BYTES of the stream, however few it gives at once."""
    part = bytearray()
    while len(part) < PART_BYTES and (more := stream.read(PART_BYTES - len(part))):
        part += more
    return bytes(part)


def _place(batch_id: int, place: int) -> Place:
    return Place("feeds_chunk", "content", batch_id, place)
