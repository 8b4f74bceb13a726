"""Judges a log by what its keepers hand out and by what others kept of it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from transparency.checkpoints import Checkpoints, Held, hold
from transparency.comparison import Comparison, missing
from transparency.errors import PublicationError
from transparency.exports import Events, Export
from transparency.findings import Finding, Kind, Report, some, spanned
from transparency.note import VerifierKey
from transparency.tiles import TILE_WIDTH, tile_width
from transparency.tree import HASH_BYTES


class Publication(Protocol):
    """Where checkpoints and tiles lie; `transparency.publication.Directory` is one."""

    findings: list[Finding]
    """What is wrong with how they lie there, as far as it was read."""

    def notes(self) -> Iterator[tuple[str, str]]:
        """Every checkpoint, after its source."""

    def read_tile(self, level: int, index: int, width: int) -> bytes:
        """A tile's first hashes. Raises PublicationError."""


def verify(
    exports: Sequence[Export],
    publication: Publication | None,
    obtained_elsewhere: Mapping[str, str],
    keys: Sequence[VerifierKey],
    *,
    part: bool = False,
) -> Report:
    """Judge `exports` by the publication and by the checkpoint notes obtained elsewhere, by source.

    `keys` are those of the log, old ones too, and of witnesses. With `part`, the exports are some months of the log
    and may end before its end. Raises InputError where an export is none.
    """
    checkpoints = Checkpoints(keys)
    reach = checkpoints.take(obtained_elsewhere.items(), obtained_elsewhere=True)
    published = 0 if publication is None else checkpoints.take(publication.notes(), obtained_elsewhere=False)
    if not checkpoints.size:
        nothing = Finding(Kind.UNSIGNED, "no checkpoint of an event is signed by the keys that were given")
        return Report((*checkpoints.findings, nothing), (), ("anything: without a checkpoint nothing is sealed",))
    return _Verification(exports, publication, checkpoints, reach, published, part=part).report()


class _Verification:
    def __init__(
        self,
        exports: Sequence[Export],
        publication: Publication | None,
        checkpoints: Checkpoints,
        reach: int,
        published: int,
        *,
        part: bool,
    ) -> None:
        self._part = part
        self._checkpoints = checkpoints
        self._reach = reach  # the largest size seen elsewhere
        self._published = published
        self._findings: list[Finding] = []
        sealed = None if publication is None else self._tiles(publication)
        self._events = Events(exports, checkpoints.size)
        self._by_tiles = sealed is not None
        self._held = self._reference(sealed)

    def report(self) -> Report:
        """What was found, and what was not looked at."""
        comparison = list(Comparison(self._events, self._held.leaves).findings())
        numbering = [] if comparison else self._events.numbering.findings
        findings = (
            *self._checkpoints.findings,
            *self._checkpoints.of_two_logs(),
            *self._held.findings(),
            *self._findings,
            *self._truncated(),
            *comparison,
            *self._unknown(),
            *self._events.findings,
            *numbering,
        )
        return Report(findings, tuple(self._proved()), tuple(self._not_proved(counted=not comparison)))

    def _tiles(self, publication: Publication) -> bytearray | None:
        """All leaves as published; None where they are not all there."""
        leaves = bytearray()
        try:
            for index in range(-(-self._published // TILE_WIDTH)):
                leaves += publication.read_tile(0, index, tile_width(0, index, self._published))
        except PublicationError as error:
            self._findings.append(Finding(Kind.DAMAGED, str(error)))
            return None
        return leaves

    def _reference(self, sealed: bytearray | None) -> Held:
        """The leaves that agree with the checkpoints furthest: the published ones, or those of the events."""
        events = self._events
        if sealed is None:
            hole = events.known.find(0)
            return hold(self._checkpoints, events.leaves, len(events) if hole < 0 else hole)
        published = hold(self._checkpoints, sealed, len(sealed) // HASH_BYTES)
        told = _laid_over(sealed, events)
        if not published.contradicting or told == sealed:
            return published
        own = hold(self._checkpoints, told, len(told) // HASH_BYTES)
        if own.agreed <= published.agreed:
            return published
        text = f"the published tiles lead to checkpoints up to size {published.agreed}, the events up to {own.agreed}"
        self._findings.append(Finding(Kind.DAMAGED, text))
        return own

    def _truncated(self) -> Iterator[Finding]:
        """Exports must reach what the reader holds; who holds nothing can only ask for what was published."""
        if self._by_tiles and self._published < self._reach:
            text = (
                f"{some(self._published, 'leaf/leaves')} are published, fewer than the {self._reach:,} seen elsewhere"
            )
            yield Finding(Kind.TRUNCATED, text)
        wanted = self._reach or self._published
        if len(self._events) < wanted and not (self._part and self._by_tiles):
            text = f"the exports end with leaf {len(self._events) - 1}, before a checkpoint of {wanted} leaves"
            hint = "give --part if they are meant to be a part" if self._by_tiles else "the rest is missing"
            yield Finding(Kind.TRUNCATED, f"{text} ({hint})", len(self._events))

    def _unknown(self) -> Iterator[Finding]:
        """Leaves outside every export, which no tile tells either."""
        for start, end in [] if self._by_tiles else self._outside():
            yield Finding(Kind.REMOVED, f"{spanned(start, end)}: no export has them and no published tile", start)

    def _outside(self) -> list[tuple[int, int]]:
        """Leaves before, between and (with tiles) behind the exports."""
        known = self._events.known + bytes(max(0, len(self._held.leaves) // HASH_BYTES - len(self._events)))
        inside = set(missing(self._events))
        return [gap for gap in _gaps(known) if gap not in inside]

    def _proved(self) -> Iterator[str]:
        held = self._held
        events = some(self._events.known.count(1), "event")
        leaves = some(len(held.leaves) // HASH_BYTES, "leaf/leaves")
        signed = some(len(held.agreeing), "signed checkpoint")
        yield f"{events} were held against {leaves}, which lead to {signed}, up to size {held.agreed:,}"
        outside = [given for given in held.agreeing if given.seen_outside]
        if outside:
            yield f"what was sealed up to {outside[-1]} is what was sealed when that was made: others saw it"

    def _not_proved(self, *, counted: bool) -> Iterator[str]:
        seen = max((given.size for given in self._held.agreeing if given.seen_outside), default=0)
        if seen < self._held.agreed:
            yield (
                f"that {spanned(seen, self._held.agreed)} are what was sealed at first: a log rewritten as a whole,"
                " with its key, would pass. Give a later checkpoint obtained elsewhere, or the key of a witness"
            )
        for start, end in self._outside() if self._by_tiles else ():
            count = some(end - start, "leaf/leaves")
            yield f"what the events of {spanned(start, end)} say: {count} not in these exports, known by hash alone"
        if not counted:
            yield "that no event was removed before it was sealed: the numbers tell it only where no line is wrong"
        yield (
            "that everything was recorded, or what a process that went silent wrote last"
            f" ({some(self._events.numbering.silent, 'writer')} ended, or go on, without saying so),"
            " or that events carry the tag of our software, whose key is not here"
        )


def _laid_over(sealed: bytearray, events: Events) -> bytearray:
    """The published leaves, with those of the events in place of theirs."""
    if 0 not in events.known:
        return events.leaves + sealed[len(events.leaves) :]
    told = bytearray(sealed)
    told += events.leaves[len(told) :]
    for index in range(len(events)):
        if events.known[index]:
            at = index * HASH_BYTES
            told[at : at + HASH_BYTES] = events.leaves[at : at + HASH_BYTES]
    return told


def _gaps(known: bytearray) -> Iterator[tuple[int, int]]:
    start = known.find(0)
    while start >= 0:
        end = known.find(1, start)
        end = len(known) if end < 0 else end
        yield start, end
        start = known.find(0, end)
