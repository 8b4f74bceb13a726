"""The records of a CSV as RFC 4180 has it: cells between commas, in quotes where need be, and a line end after each.

The last line has its end too, which that standard leaves open: of a name or a postcode at the end of half a file,
nobody could tell that it was cut.
"""

import csv
from collections.abc import Iterator

from feeds.readers.streams import ByteStream, decoded, lines
from feeds.rows import Fault, FeedRefusedError
from pages.typed import plain

LONGEST_RECORD = 64 * 1024  # bytes; a quote that is never closed would take in all that follows


class Table:
    """The records, one by one, each with the line on which it begins. Empty lines are passed over."""

    def __init__(self, stream: ByteStream, encoding: str = "utf-8") -> None:
        self._stream = stream
        self._encoding = encoding
        self._line = 0
        self._held = 0
        self._records = csv.reader(self._lines(), strict=True)

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        return self

    def __next__(self) -> tuple[int, list[str]]:
        while True:
            begins, self._held = self._line + 1, 0
            try:
                cells = next(self._records)
            except csv.Error:
                raise FeedRefusedError(Fault.BROKEN, line=begins) from None
            if cells:
                return begins, cells

    def header(self) -> list[str]:
        """The names of the columns, of which no two are the same."""
        _, cells = next(self, (1, []))
        names = [plain(cell) for cell in cells]
        if not names or len(set(names)) < len(names):
            raise FeedRefusedError(Fault.HEADER, line=1)
        return names

    def _lines(self) -> Iterator[str]:
        for number, line in lines(self._stream, longest=LONGEST_RECORD):
            self._line = number
            self._held += len(line or b"")
            if line is None or self._held > LONGEST_RECORD:
                raise FeedRefusedError(Fault.TOO_LONG, line=self._line)
            written = decoded(self._line, line, self._encoding)
            if not written.endswith("\n"):
                raise FeedRefusedError(Fault.BROKEN, line=self._line)
            yield written
