"""Each writer counts its events; a number that is nowhere was taken out before the sequencer could seal it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from transparency.findings import Finding, Kind, spanned
from transparency.lines import Line

GRACE = 120_000_000
"""Microseconds for which an event may be on its way: its transaction is open, or its voiding not yet told."""


@dataclass(slots=True)
class _Gap:
    """Numbers first to end - 1, missed when a later one came at `noticed`."""

    first: int
    end: int
    noticed: int
    certain: bool
    """Whether they can be in no event that is not known."""


@dataclass(slots=True)
class _Writer:
    first: int = 1
    next: int = 1
    last_at: int = 0
    gaps: list[_Gap] = field(default_factory=list)
    voided: set[int] = field(default_factory=set)


class Numbering:
    """Follows the events of all writers in the order of the tree."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self._writers: dict[str, _Writer] = {}
        self._closed: set[str] = set()
        # After leaves known by hash alone, a missing number may be one of theirs, unless it was given later than this.
        self._certain_from = 0

    @property
    def silent(self) -> int:
        """How many writers ended without saying so."""
        return len(self._writers.keys() - self._closed)

    def resume(self, at: int) -> None:
        """Events go on at this time after some that are not known."""
        self.finish()
        self._writers.clear()
        self._certain_from = at + GRACE

    def count(self, line: Line, index: int) -> None:
        """Take note of the event of leaf `index`."""
        writer = self._writers.get(line.writer)
        if writer is None:
            first = line.number if self._certain_from else 1
            writer = self._writers[line.writer] = _Writer(first, first)
        if line.number >= writer.next:
            self._skip(writer, line)
            writer.next = line.number + 1
        elif line.number in writer.voided:
            # It was told void and came all the same: its connection broke while it was committed.
            writer.voided.remove(line.number)
        elif not _close(writer, line.number) and line.number >= writer.first:
            text = f"event {line.id} (leaf {index}) has the number {line.number} of writer {line.writer} a second time"
            self.findings.append(Finding(Kind.INSERTED, text, index, line.id))
        for number in line.voided:
            if _close(writer, number):
                writer.voided.add(number)
        writer.last_at = max(writer.last_at, line.at)
        if line.kind == "log.closed":
            self._closed.add(line.writer)

    def finish(self) -> None:
        """Judge what is missing by now."""
        self.findings.extend(
            finding for name, writer in self._writers.items() for finding in _accusations(name, writer)
        )

    def _skip(self, writer: _Writer, line: Line) -> None:
        if line.number > writer.next:
            certain = writer.last_at >= self._certain_from
            writer.gaps.append(_Gap(writer.next, line.number, line.at, certain))


def _close(writer: _Writer, number: int) -> bool:
    """Take `number` out of the gap that it is in. Returns whether there was one."""
    for place in range(len(writer.gaps) - 1, -1, -1):
        gap = writer.gaps[place]
        if gap.first <= number < gap.end:
            halves = (replace(gap, end=number), replace(gap, first=number + 1))
            writer.gaps[place : place + 1] = [half for half in halves if half.first < half.end]
            return True
    return False


def _accusations(name: str, writer: _Writer) -> Iterator[Finding]:
    for gap in writer.gaps:
        if gap.certain and writer.last_at >= gap.noticed + GRACE:
            numbers = spanned(gap.first, gap.end, "number/numbers")
            text = f"writer {name} gave {numbers} to no event that was sealed, and never said that it was void"
            yield Finding(Kind.REMOVED_BEFORE_SEALING, text)
