"""Reads exports into leaves, and judges what can be judged of the events by themselves, in one pass."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from transparency.errors import InputError, LineError
from transparency.findings import Finding, Kind
from transparency.lines import EXPORT_HEADER, Line, parse
from transparency.numbering import Numbering
from transparency.tree import HASH_BYTES, leaf_hash

LEAST_BACK_DATED = 600_000_000
"""Microseconds by which clocks and open transactions may differ; more is somebody's doing."""
NO_ID = -1
MOST_DIGITS = 19


class Export(NamedTuple):
    """The lines of one export, its header first, and what to call it."""

    name: str
    lines: Iterable[bytes]


class Stray(NamedTuple):
    """A line that has no place of its own: where it stands, and its leaf."""

    where: str
    leaf: bytes


class Events:
    """The leaves of all exports, by their index in the tree."""

    def __init__(self, exports: Sequence[Export], size: int) -> None:
        """Read them. Raises InputError where one is no export. `size` is that of the tree, as far as is known."""
        self.leaves = bytearray()
        self.known = bytearray()  # one byte a leaf: whether an export has it
        self.ids = array("q")
        self.strays: list[Stray] = []
        self.ranges: list[tuple[int, int]] = []  # from the first leaf of each export to behind its last
        self.numbering = Numbering()
        self.findings: list[Finding] = []
        self._size = size
        self._latest = 0
        self._back_dated = False
        self._place = (0, 0)
        self._next = 0
        for _, name, lines in sorted(map(_opened, exports)):
            self._read(name, lines)
        self.numbering.finish()

    def __len__(self) -> int:
        return len(self.known)

    def _read(self, name: str, lines: Iterator[bytes]) -> None:
        start = last = None
        before = len(self.known)
        for position, raw in enumerate(lines, 2):
            number, _, content = raw.rstrip(b"\n").partition(b" ")
            leaf = leaf_hash(content)
            index = _index(number)
            event = _event(content)
            if index is None or not self._put(index, leaf, event):
                # Exports may overlap; within one, nothing is said twice.
                if index is None or index >= before or self._leaf(index) != leaf:
                    self.strays.append(Stray(f"line {position} of {name}", leaf))
                continue
            if last is not None and index < last:
                self._find(Kind.REORDERED, "stands behind a later leaf in the export", index, event)
            if event is not None:
                self._judge(event, index)
            start = index if start is None else start
            last = index if last is None else max(index, last)
        if start is not None and last is not None:
            self.ranges.append((min(start, last), last + 1))

    def _put(self, index: int, leaf: bytes, event: Line | None) -> bool:
        """Take the leaf in. Returns whether there is such a place and it was free."""
        if index >= self._size:
            return False
        ahead = index - len(self.known)
        if ahead >= 0:
            self.leaves += bytes(ahead * HASH_BYTES) + leaf
            self.known += bytes(ahead) + b"\x01"
            self.ids.extend([NO_ID] * ahead)
            self.ids.append(NO_ID if event is None else event.id)
            return True
        if self.known[index]:
            return False
        self.leaves[index * HASH_BYTES : (index + 1) * HASH_BYTES] = leaf
        self.known[index] = 1
        self.ids[index] = NO_ID if event is None else event.id
        return True

    def _leaf(self, index: int) -> bytes:
        return bytes(self.leaves[index * HASH_BYTES : (index + 1) * HASH_BYTES])

    def _judge(self, event: Line, index: int) -> None:
        """Judge an event by those before it."""
        if index != self._next:
            self.numbering.resume(event.at)
        self._next = index + 1
        self.numbering.count(event, index)
        place = (event.transaction, event.id)
        if place <= self._place:
            self._find(Kind.REORDERED, "was sealed behind an event of a later transaction or id", index, event)
        self._place = max(place, self._place)
        back_dated = event.at < self._latest - LEAST_BACK_DATED
        if back_dated and not self._back_dated:
            minutes = (self._latest - event.at) // 60_000_000
            text = f"is dated {minutes:,} minutes before one that was sealed earlier (as others right behind it may be)"
            self._find(Kind.BACK_DATED, text, index, event)
        self._back_dated = back_dated
        self._latest = max(self._latest, event.at)

    def _find(self, kind: Kind, text: str, index: int, event: Line | None) -> None:
        event_id = None if event is None else event.id
        name = "an unreadable event" if event is None else f"event {event_id}"
        self.findings.append(Finding(kind, f"{name} (leaf {index}) {text}", index, event_id))


def _event(content: bytes) -> Line | None:
    """The event, where it is one: a line that is none is judged by its hash."""
    try:
        return parse(content)
    except LineError:
        return None


def _index(number: bytes) -> int | None:
    """The index of a leaf, written in the one way of writing it."""
    plain = number.isdigit() and len(number) < MOST_DIGITS and (number == b"0" or not number.startswith(b"0"))
    return int(number) if plain else None


def _opened(export: Export) -> tuple[int, str, Iterator[bytes]]:
    """The index that an export begins with, its name and its lines, header left out."""
    lines = iter(export.lines)
    if next(lines, b"").rstrip(b"\n") != EXPORT_HEADER:
        raise InputError(f"{export.name} is no export of the log: its first line is not {EXPORT_HEADER.decode()}.")
    first = next(lines, None)
    number = (first or b"").partition(b" ")[0]
    return _index(number) or 0, export.name, chain(() if first is None else (first,), lines)
