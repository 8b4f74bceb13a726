"""A published log as it lies in a bucket, read by somebody who trusts neither who wrote it nor who runs the bucket."""

from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from transparency import note
from transparency.bucket import MODE, Bucket, Version
from transparency.errors import NoteError, PublicationError
from transparency.findings import Finding, Kind
from transparency.publication import SIZE
from transparency.tiles import TILE_WIDTH, tile_path
from transparency.tree import HASH_BYTES

AT_ONCE = 16
READ_AHEAD = 1_000


class BucketReader:
    """What lies in a bucket (see `transparency.verify.Publication`). Of each object the first version counts.

    A lock keeps versions and not what they look like: somebody with the account can hide an object, or lay another
    version over it. Both are among the `findings`, as is each object that cannot be read, and each that was read and
    that nothing keeps from being deleted.
    """

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket
        self.findings: list[Finding] = []
        self._first: dict[str, str] = {}
        self._under: dict[int, list[str]] = defaultdict(list)  # the cosignatures under the checkpoint of a size
        versions: dict[str, list[Version]] = defaultdict(list)
        for each in bucket.versions():
            versions[each.key].append(each)
        for key, found in versions.items():
            self._judge(key, found)
        for key in sorted(self._first):
            folder, _, rest = key.partition("/")
            size = rest.partition("/")[0]
            if folder == "cosignatures" and SIZE.fullmatch(size):
                self._under[int(size)].append(key)

    def keys(self) -> set[str]:
        """The names of all objects."""
        return set(self._first)

    def read(self, key: str) -> bytes:
        """The object's first content. Raises PublicationError where there is none."""
        if key not in self._first:
            raise PublicationError(f"{key} is missing in the bucket {self._bucket.name}.")
        content, mode, until = self._bucket.read(key, self._first[key])
        if mode != MODE or until is None or until <= datetime.now(UTC):
            self._find(f"{key} is not kept from being deleted, or this account may not see that it is")
        return content

    def contents(self) -> Iterator[tuple[str, bytes]]:
        """Every object that can be read, with its first content, by name."""
        keys = sorted(self._first)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for start in range(0, len(keys), READ_AHEAD):
                part = keys[start : start + READ_AHEAD]
                for key, content in zip(part, pool.map(self._content, part), strict=True):
                    if content is not None:
                        yield key, content

    def sizes(self) -> list[int]:
        """The sizes that have a checkpoint, ascending."""
        names = (key.removeprefix("checkpoints/") for key in self._first if key.startswith("checkpoints/"))
        return sorted(int(name) for name in names if SIZE.fullmatch(name))

    def notes(self) -> Iterator[tuple[str, str]]:
        """Every checkpoint that can be read, with the name of its object."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for size, text in zip(sizes := self.sizes(), pool.map(self._checkpoint, sizes), strict=True):
                if text is not None:
                    yield f"checkpoints/{size}", text

    def read_tile(self, level: int, index: int, width: int) -> bytes:
        """The first `width` hashes of a tile, from the partial tile or, where it has grown since, the full one."""
        for held in dict.fromkeys((width, TILE_WIDTH)):
            key = tile_path(level, index, held)
            if key in self._first:
                hashes = self.read(key)
                if len(hashes) != held * HASH_BYTES:
                    raise PublicationError(f"{key} holds {len(hashes)} bytes, not {held} hashes.")
                return hashes[: width * HASH_BYTES]
        raise PublicationError(f"{tile_path(level, index, width)} is missing in the bucket {self._bucket.name}.")

    def _content(self, key: str) -> bytes | None:
        """The object's first content; None, and a finding, where it cannot be read."""
        try:
            return self.read(key)
        except PublicationError as error:
            self._find(f"{key} cannot be read: {error}", Kind.DAMAGED)
            return None

    def _checkpoint(self, size: int) -> str | None:
        """The checkpoint of that size, with the cosignatures under it."""
        content = self._content(f"checkpoints/{size}")
        if content is None:
            return None
        # What is no text fails as a note, where it can be said whose.
        return content.decode(errors="replace") + "".join(map(self._cosignature, self._under.get(size, ())))

    def _cosignature(self, key: str) -> str:
        """The signature's line; empty, and a finding, where there is none: the checkpoint is judged without it."""
        content = self._content(key)
        if content is None:
            return ""
        line = content.decode(errors="replace")
        try:
            note.parse_signature(line)
        except NoteError as error:
            self._find(f"{key} holds no cosignature: {error}", Kind.DAMAGED)
            return ""
        return line

    def _judge(self, key: str, versions: list[Version]) -> None:
        if any(each.is_marker for each in versions):
            self._find(f"{key} was hidden by somebody who tried to delete it")
        written = [each for each in versions if not each.is_marker]
        if not written:
            return
        self._first[key] = written[-1].id
        if len({each.digest for each in written}) > 1:
            self._find(f"{key} was written over; what was there first is judged")

    def _find(self, text: str, kind: Kind = Kind.UNPROTECTED) -> None:
        self.findings.append(Finding(kind, text))
