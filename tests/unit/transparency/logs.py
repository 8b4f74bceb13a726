"""Synthetic logs, sealed and published in memory, and a tree written down as the RFC says it."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from transparency.errors import PublicationError
from transparency.exports import Export
from transparency.findings import Finding, Report
from transparency.lines import EXPORT_HEADER, FIELDS, join
from transparency.note import Checkpoint, SignatureType, VerifierKey, cosign, sign
from transparency.tree import HASH_BYTES, Extension, ReadTile, extend, leaf_hash
from transparency.verify import verify

ORIGIN = "log.example.org/contactpoint"
WITNESS = "witness.example.org/one"
SECOND = 1_000_000
START = 1_790_000_000 * SECOND

LOG_PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
WITNESS_PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(2, 34)))
LOG_KEY = VerifierKey(ORIGIN, LOG_PRIVATE.public_key().public_bytes_raw())
WITNESS_KEY = VerifierKey(WITNESS, WITNESS_PRIVATE.public_key().public_bytes_raw(), SignatureType.WITNESS)


def naive_root(leaves: Sequence[bytes]) -> bytes:
    """The root as RFC 9162, section 2.1.1, defines it."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = max(2**power for power in range(len(leaves).bit_length()) if 2**power < len(leaves))
    return sha256(b"\x01" + naive_root(leaves[:split]) + naive_root(leaves[split:])).digest()


def nothing(level: int, index: int, width: int) -> bytes:
    raise AssertionError(f"an empty tree has no tile {level}/{index} of width {width}")


def reader(tiles: Mapping[tuple[int, int], bytes]) -> ReadTile:
    """Reads tiles and refuses what the specification does not have."""

    def read(level: int, index: int, width: int) -> bytes:
        hashes = tiles[level, index][: width * HASH_BYTES]
        assert len(hashes) == width * HASH_BYTES > 0
        return hashes

    return read


@cache
def fields() -> dict[str, str]:
    """An event's fields, those the same in all of them."""
    empty = dict.fromkeys(FIELDS, "")
    return {**empty, "version": "1", "kind": "child.opened", "outcome": "done", "role": "practitioner"}


def event(**values: object) -> bytes:
    """The canonical line of an event with these fields."""
    told = {**fields(), **{name: str(value) for name, value in values.items()}}
    return join(told[name] for name in FIELDS)


def change(line: bytes, **values: object) -> bytes:
    """The line with these fields instead of its own."""
    told = dict(zip(FIELDS, line.decode().split("|"), strict=True))
    return join({**told, **{name: str(value) for name, value in values.items()}}.values())


def events(count: int, *, writers: int = 3, seed: int = 0, step: int = 10 * SECOND) -> list[bytes]:
    """What `writers` wrote between them: some events in one transaction, some numbers void, some overtaken."""
    chance = random.Random(seed)  # noqa: S311 (a seed, not a secret)
    names = [UUID(int=chance.getrandbits(128), version=4) for _ in range(writers)]
    numbers = dict.fromkeys(names, 0)
    voided: dict[UUID, list[int]] = {name: [] for name in names}
    lines: list[bytes] = []
    transaction = 1000
    for event_id in range(1, count + 1):
        transaction += chance.choice((0, 1, 1, 3))
        name = chance.choice(names)
        if chance.random() < 0.05:
            numbers[name] += 1
            voided[name].append(numbers[name])
        numbers[name] += 1
        lines.append(
            event(
                id=event_id + 10_000,
                transaction=transaction,
                at=START + event_id * step - chance.randrange(SECOND),
                actor_id=chance.randrange(1, 400),
                child_id=chance.randrange(1, 10**7),
                writer=name,
                number=numbers[name],
                voided=",".join(map(str, voided[name])),
                authentication=f"{chance.getrandbits(128):032x}",
            )
        )
        voided[name] = []
    return lines


@dataclass
class Log:
    """A log that was sealed: its lines, and what was published of it."""

    lines: list[bytes] = field(default_factory=list)
    tiles: dict[tuple[int, int], bytes] = field(default_factory=dict)
    published: dict[int, str] = field(default_factory=dict)
    private: Ed25519PrivateKey = LOG_PRIVATE
    origin: str = ORIGIN
    findings: list[Finding] = field(default_factory=list)

    def seal(self, lines: Iterable[bytes]) -> Extension:
        """Extend the tree and publish a checkpoint."""
        fresh = list(lines)
        grown = extend(len(self.lines), reader(self.tiles), [leaf_hash(line) for line in fresh])
        self.lines.extend(fresh)
        self.tiles.update(grown.tiles)
        self.published[grown.size] = self.note(grown)
        return grown

    def note(self, grown: Extension) -> str:
        """The signed checkpoint."""
        public = self.private.public_key().public_bytes_raw()
        return sign(Checkpoint(self.origin, grown.size, grown.root), ORIGIN, public, self.private.sign)

    def copy(self, lines: int | None = None) -> "Log":
        """The log as it is, or as it was at the checkpoint of so many lines."""
        if lines is None:
            return replace(
                self, lines=list(self.lines), tiles=dict(self.tiles), published=dict(self.published)
            )  # fmt: skip
        earlier = Log(private=self.private)
        last = 0
        for size in sorted(self.published):
            if size <= lines:
                earlier.seal(self.lines[last:size])
                last = size
        return earlier

    # What the verifier asks of a publication.
    def notes(self) -> Iterator[tuple[str, str]]:
        for size, note in self.published.items():
            yield f"checkpoints/{size}", note

    def read_tile(self, level: int, index: int, width: int) -> bytes:
        hashes = self.tiles.get((level, index), b"")[: width * HASH_BYTES]
        if len(hashes) != width * HASH_BYTES:
            raise PublicationError(f"tile {level}/{index} is missing")
        return hashes


def sealed(lines: Sequence[bytes], every: int = 10) -> Log:
    """A log of those lines with a checkpoint every so many."""
    log = Log()
    for start in range(0, len(lines), every):
        log.seal(lines[start : start + every])
    return log


def cosigned(note: str, time: int = 1_790_000_000) -> str:
    """The note with a witness's cosignature under it."""
    return note + cosign(note, WITNESS, WITNESS_KEY.public_key, WITNESS_PRIVATE.sign, time=time)


def rows(lines: Sequence[bytes], first: int = 0) -> list[bytes]:
    """The lines of an export behind its header."""
    return [b"%d %s\n" % (index, line) for index, line in enumerate(lines, first)]


def export(content: Sequence[bytes], name: str = "log.txt") -> Export:
    return Export(name, [EXPORT_HEADER + b"\n", *content])


def judge(
    content: Sequence[bytes], log: Log | None, elsewhere: Mapping[str, str] | None = None, *, part: bool = False
) -> Report:
    """What the verifier says of one export."""
    return verify([export(content)], log, elsewhere or {}, [LOG_KEY, WITNESS_KEY], part=part)
