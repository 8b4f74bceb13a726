"""What was packed with gzip, unpacked piece by piece: no more than is right, and nothing of it on a disc.

Only gzip (RFC 1952), and one file in it. A zip has its list of contents at its end: to read it safely, all of it would
have to lie somewhere first.
"""

import zlib

from feeds.readers.streams import PIECE, ByteStream
from feeds.rows import Fault, FeedRefusedError

MOST_BYTES = 16 * 1024**3  # unpacked: all children of England in the most talkative of the formats
MOST_TIMES = 100  # as large as it was packed: rows of people come to 5 to 30, a bomb to 1,000
FREE_BYTES = 4 * 1024**2  # before anybody counts, since a small file of equal lines is honest
WITH_GZIP_HEADER = 16 + zlib.MAX_WBITS
GZIP_BEGINS = b"\x1f\x8b"


class Unpacked:
    """A stream of what is packed in another one."""

    def __init__(self, packed: ByteStream) -> None:
        self._packed = packed
        self._unpacker = zlib.decompressobj(WITH_GZIP_HEADER)
        self._waiting = b""
        self._came_in = 0
        self._went_out = 0

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes. Refuses what ends too early, is followed by something, or grows as no rows do."""
        while not self._unpacker.eof:
            if not self._waiting:
                self._take_more()
            try:
                unpacked = self._unpacker.decompress(self._waiting, max(1, size))
            except zlib.error:
                raise FeedRefusedError(Fault.BROKEN) from None
            self._waiting = self._unpacker.unconsumed_tail
            if unpacked:
                self._count(len(unpacked))
                return unpacked
        if self._waiting or self._unpacker.unused_data or self._packed.read(1):
            raise FeedRefusedError(Fault.BROKEN)
        return b""

    def _take_more(self) -> None:
        self._waiting = self._packed.read(PIECE)
        self._came_in += len(self._waiting)
        if not self._waiting:
            raise FeedRefusedError(Fault.BROKEN)

    def _count(self, unpacked: int) -> None:
        self._went_out += unpacked
        allowed = min(MOST_BYTES, FREE_BYTES + MOST_TIMES * self._came_in)
        if self._went_out > allowed:
            raise FeedRefusedError(Fault.TOO_LARGE)


class _Again:
    """A stream whose first bytes were read already."""

    def __init__(self, first: bytes, rest: ByteStream) -> None:
        self._first = first
        self._rest = rest

    def read(self, size: int, /) -> bytes:
        if self._first:
            taken, self._first = self._first[:size], self._first[size:]
            return taken
        return self._rest.read(size)


def unpacked(stream: ByteStream) -> ByteStream:
    """What was sent: unpacked where it begins as gzip does, and as it is where it does not."""
    first = b""
    while len(first) < len(GZIP_BEGINS) and (more := stream.read(len(GZIP_BEGINS) - len(first))):
        first += more
    again = _Again(first, stream)
    return Unpacked(again) if first == GZIP_BEGINS else again
