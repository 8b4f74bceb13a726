"""Holds the events of the exports against the leaves that were sealed, and names what differs."""

from collections.abc import Iterator

from transparency.exports import NO_ID, Events
from transparency.findings import Finding, Kind, some, spanned
from transparency.tree import HASH_BYTES, TILE_BYTES

MOST_NAMED = 100_000
"""Events named one by one; of more than these only the count is said, which keeps a hopeless export readable."""


class Comparison:
    """What differs between the exports and the sealed `leaves`."""

    def __init__(self, events: Events, leaves: bytearray) -> None:
        self._events = events
        self._leaves = leaves
        self._size = len(leaves) // HASH_BYTES
        differing = list(_differing(events, leaves))
        self._differing = differing[:MOST_NAMED]
        self._unnamed = len(differing) - len(self._differing)
        found = {_at(events.leaves, index) for index in self._differing} | {stray.leaf for stray in events.strays}
        self._places = _places(leaves, found) if found else {}
        self._elsewhere = {place for leaf, place in self._places.items() if not self._stands(place)}

    def findings(self) -> Iterator[Finding]:
        """Each difference, in words."""
        altered: set[int] = set()
        latest = -1
        for index in self._differing:
            place = self._places.get(_at(self._events.leaves, index))
            if place is None and index in self._elsewhere:
                yield self._about(Kind.INSERTED, index, "was never sealed")
            elif place is None:
                altered.add(index)
                yield self._about(Kind.ALTERED, index, "is not what was sealed there")
            elif place not in self._elsewhere:
                yield self._about(Kind.INSERTED, index, f"is leaf {place} a second time")
            elif place < latest:
                yield self._about(Kind.REORDERED, index, f"was sealed as leaf {place}")
            latest = max(latest, -1 if place is None else place)
        yield from self._strays()
        if self._unnamed:
            yield Finding(Kind.ALTERED, f"{some(self._unnamed, 'further event')} are not what was sealed there")
        else:
            yield from self._removed(altered)

    def _strays(self) -> Iterator[Finding]:
        for stray in self._events.strays:
            place = self._places.get(stray.leaf)
            if place is None:
                yield Finding(Kind.INSERTED, f"{stray.where} was never sealed")
            elif place not in self._elsewhere:
                yield Finding(Kind.INSERTED, f"{stray.where} is leaf {place} a second time", place)
            else:
                yield Finding(Kind.REORDERED, f"{stray.where} is leaf {place} and does not stand as such", place)

    def _removed(self, altered: set[int]) -> Iterator[Finding]:
        """Sealed leaves, inside the range of an export, that no line has."""
        for start, end in missing(self._events):
            gone = [index for index in range(start, end) if index not in self._elsewhere]
            if gone:
                yield Finding(Kind.REMOVED, f"{some(len(gone), 'event')} of {spanned(start, end)}", gone[0])
        for index in self._differing:
            if index not in altered and index not in self._elsewhere:
                yield Finding(Kind.REMOVED, f"the event of leaf {index}", index)

    def _stands(self, place: int) -> bool:
        """Whether that leaf's own line stands in its place."""
        events = self._events
        return (
            place < len(events)
            and bool(events.known[place])
            and _at(events.leaves, place) == _at(self._leaves, place)
        )  # fmt: skip

    def _about(self, kind: Kind, index: int, text: str) -> Finding:
        event_id = self._events.ids[index]
        if event_id == NO_ID:
            return Finding(kind, f"what stands for leaf {index}, which is no event, {text}", index)
        return Finding(kind, f"event {event_id} (leaf {index}) {text}", index, event_id)


def missing(events: Events) -> Iterator[tuple[int, int]]:
    """The leaves (from, to behind) that an export leaves out between its first and its last."""
    for first, end in events.ranges:
        start = events.known.find(0, first, end)
        while start >= 0:
            behind = events.known.find(1, start, end)
            yield start, behind
            start = events.known.find(0, behind, end)


def _differing(events: Events, leaves: bytearray) -> Iterator[int]:
    """The leaves whose line is not what was sealed. Whole tiles are compared first."""
    theirs = memoryview(events.leaves)
    sealed = memoryview(leaves)
    for start in range(0, min(len(theirs), len(sealed)), TILE_BYTES):
        if theirs[start : start + TILE_BYTES] == sealed[start : start + TILE_BYTES]:
            continue
        for at in range(start, min(start + TILE_BYTES, len(theirs), len(sealed)), HASH_BYTES):
            index = at // HASH_BYTES
            if events.known[index] and theirs[at : at + HASH_BYTES] != sealed[at : at + HASH_BYTES]:
                yield index


def _places(leaves: bytearray, wanted: set[bytes]) -> dict[bytes, int]:
    """Where those hashes stand in the tree."""
    each = ((_at(leaves, index), index) for index in range(len(leaves) // HASH_BYTES))
    return {leaf: index for leaf, index in each if leaf in wanted}


def _at(leaves: bytearray, index: int) -> bytes:
    return bytes(leaves[index * HASH_BYTES : (index + 1) * HASH_BYTES])
