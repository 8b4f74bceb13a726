"""What a supplier sent, as bytes that come one piece after another: lines of it, and none longer than is right."""

from codecs import BOM_UTF8
from collections.abc import Iterator
from typing import Protocol

from feeds.rows import Fault, FeedRefusedError

PIECE = 64 * 1024


class ByteStream(Protocol):
    """What can be read once, from its beginning to its end."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""


def pieces(stream: ByteStream) -> Iterator[bytes]:
    """All of it, in pieces of at most PIECE bytes."""
    while piece := stream.read(PIECE):
        yield piece


def lines(stream: ByteStream, *, longest: int) -> Iterator[tuple[int, bytes | None]]:
    """Each line with its number and its line feed; the last has none where what was sent does not end with one.

    Of a line longer than `longest` bytes there comes None, and no more of it is held than a piece. The mark that says
    UTF-8 (BOM) is left out.
    """
    number, rest, too_long = 1, b"", False
    for piece in _without_mark(pieces(stream)):
        first, *others = piece.split(b"\n")
        rest = b"" if too_long else rest + first
        for following in others:
            too_long = too_long or len(rest) >= longest
            yield number, None if too_long else rest + b"\n"
            number, rest, too_long = number + 1, following, False
        if len(rest) > longest:
            rest, too_long = b"", True
    if rest or too_long:
        yield number, None if too_long else rest


def decoded(line: int, written: bytes, encoding: str = "utf-8") -> str:
    """The text. Refuses all of what was sent where it is in another encoding."""
    try:
        return written.decode(encoding)
    except UnicodeDecodeError:
        raise FeedRefusedError(Fault.ENCODING, line=line) from None


def _without_mark(found: Iterator[bytes]) -> Iterator[bytes]:
    start = b""
    for piece in found:
        start += piece
        if len(start) >= len(BOM_UTF8):  # a stream may give fewer bytes than it is asked for
            break
    if start := start.removeprefix(BOM_UTF8):
        yield start
    yield from found
