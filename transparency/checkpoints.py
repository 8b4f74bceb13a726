"""The checkpoints that were given: signed by the log, and of one and the same log."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from transparency import note
from transparency.errors import NoteError
from transparency.findings import Finding, Kind
from transparency.note import Checkpoint, Note, SignatureType, VerifierKey
from transparency.tree import Prefixes


@dataclass(frozen=True, slots=True)
class Given:
    """A signed checkpoint, where it came from, and which witnesses vouch for it."""

    source: str
    origin: str
    size: int
    root: bytes
    witnesses: tuple[str, ...]
    obtained_elsewhere: bool

    @property
    def seen_outside(self) -> bool:
        """Whether somebody had it whom the log's keepers cannot make forget it."""
        return self.obtained_elsewhere or bool(self.witnesses)

    def __str__(self) -> str:
        by = f", cosigned by {', '.join(self.witnesses)}" if self.witnesses else ""
        return f"the checkpoint of {self.size} leaves ({self.source}{by})"


class Checkpoints:
    """All that were given, by size. Those that nobody signed are only a finding."""

    def __init__(self, keys: Sequence[VerifierKey]) -> None:
        self._keys = keys
        self._witnesses = {key.name for key in keys if key.type == SignatureType.WITNESS}
        self._logs = {key.name for key in keys if key.type == SignatureType.LOG}
        self._given: list[Given] = []
        self.findings: list[Finding] = []

    def take(self, notes: Iterable[tuple[str, str]], *, obtained_elsewhere: bool) -> int:
        """Take in notes, each with its source. Returns the largest size among them."""
        largest = 0
        for source, text in notes:
            try:
                given = self._read(source, text, obtained_elsewhere=obtained_elsewhere)
            except NoteError as error:
                self.findings.append(Finding(Kind.UNSIGNED, f"{source}: {error}"))
            else:
                self._given.append(given)
                largest = max(largest, given.size)
        return largest

    def __iter__(self) -> Iterator[Given]:
        return iter(sorted(self._given, key=lambda given: given.size))

    @property
    def size(self) -> int:
        """The largest size."""
        return max((given.size for given in self._given), default=0)

    def of_two_logs(self) -> Iterator[Finding]:
        """What contradicts itself among the checkpoints alone."""
        ordered = list(self)
        for before, given in pairwise(ordered):
            if given.size == before.size and given.root != before.root:
                yield Finding(Kind.FORKED, f"{before} and {given} have different roots")
        for given in ordered:
            if given.origin != ordered[0].origin:
                yield Finding(Kind.FORKED, f"{given} is of {given.origin}, {ordered[0]} is of {ordered[0].origin}")

    def _read(self, source: str, text: str, *, obtained_elsewhere: bool) -> Given:
        names = set(note.verify(text, self._keys))
        if not names & self._logs:
            raise NoteError("Only a witness signed this, not the log.")
        found = Checkpoint.parse(Note.parse(text).body)
        witnesses = tuple(sorted(names & self._witnesses))
        return Given(source, found.origin, found.size, found.root, witnesses, obtained_elsewhere)


@dataclass(frozen=True, slots=True)
class Held:
    """Checkpoints held against a sequence of leaves: which it leads to, which not, and which lie beyond it."""

    leaves: bytearray
    agreeing: tuple[Given, ...]
    contradicting: tuple[Given, ...]

    @property
    def agreed(self) -> int:
        """Up to which size the leaves are those of a signed checkpoint."""
        return max((given.size for given in self.agreeing), default=0)

    def findings(self) -> Iterator[Finding]:
        """What the checkpoints say against the leaves."""
        agreeing = {given.size for given in self.agreeing}
        for given in self.contradicting:
            if given.size in agreeing:
                continue  # `of_two_logs` says it
            if given.size < self.agreed:
                yield Finding(Kind.FORKED, f"the log leads to {self.agreeing[-1]}, but not to {given}")
            else:
                # No later checkpoint tells whether the leaves or the checkpoint is false.
                text = f"leaves {self.agreed} to {given.size - 1} do not lead to {given}"
                yield Finding(Kind.ALTERED, f"{text}: an event was changed, or the log was forked", self.agreed)
                return


def hold(checkpoints: Checkpoints, leaves: bytearray, size: int) -> Held:
    """Hold all checkpoints up to `size` against the leaves, in one pass."""
    prefixes = Prefixes(leaves)
    agreeing: list[Given] = []
    contradicting: list[Given] = []
    for given in checkpoints:
        if given.size <= size:
            (agreeing if prefixes.root(given.size) == given.root else contradicting).append(given)
    return Held(leaves, tuple(agreeing), tuple(contradicting))
