"""Says where the bucket that keeps the log differs from the database, and what witnesses' words lie there."""

import re
from collections.abc import Iterator
from itertools import pairwise

from django.conf import settings

from audit import bucket, outside
from audit.errors import MissingTileError
from audit.models import Checkpoint, Cosignature
from audit.sequencer import read_tile
from transparency.bucket_reader import BucketReader
from transparency.findings import plain
from transparency.publication import SIZE, file_name
from transparency.tiles import grown_tiles, parse_tile_path, tile_path

NOTE = re.compile(rf"checkpoints/({SIZE.pattern})")
COSIGNATURE = re.compile(rf"cosignatures/({SIZE.pattern})/(.+)")
OTHER = "is not what the database has"


class Comparison:
    """The bucket, held object by object against the database and the witnesses' keys."""

    def __init__(self) -> None:
        self.vouched_for: dict[str, int] = {}
        """For how many leaves each witness vouches by words that were read there, and are theirs."""

    def differences(self) -> Iterator[str]:
        """A line for each thing that is wrong, as it is found.

        Raises UnreachableError or PublicationError where the bucket cannot be asked, or there is none.
        """
        with bucket.connected() as connected:
            connected.check_lock()
            # First the database, which may have grown when the bucket is read: what is missing there was put there.
            wanted = _wanted()
            reader = BucketReader(connected)
            for key, content in reader.contents():
                if (wrong := self._wrong_with(key, content)) is not None:
                    yield plain(f"{key} {wrong}")
            for key in sorted(wanted - reader.keys()):
                yield f"{key} is missing"
            for finding in reader.findings:
                yield plain(finding.text)

    def _wrong_with(self, key: str, content: bytes) -> str | None:
        """What is wrong with an object, if anything."""
        if (tile := parse_tile_path(key)) is not None:
            return None if _tile(*tile) == content else OTHER
        if match := NOTE.fullmatch(key):
            checkpoint = Checkpoint.objects.filter(size=int(match[1])).first()
            return None if checkpoint is not None and checkpoint.note.encode() == content else OTHER
        if match := COSIGNATURE.fullmatch(key):
            return self._wrong_with_cosignature(int(match[1]), match[2], content)
        return "is nothing that we put there"

    def _wrong_with_cosignature(self, size: int, name: str, content: bytes) -> str | None:
        checkpoint = Checkpoint.objects.filter(size=size).first()
        witness = next((key.name for key in settings.WITNESS_KEYS if file_name(key.name) == name), None)
        if checkpoint is None or witness is None:
            return "is by nobody in WITNESS_KEYS, or under no checkpoint of ours"
        if outside.time_of(checkpoint.note, content.decode(errors="replace"), witness) is None:
            return "is not that witness's word for this checkpoint"
        self.vouched_for[witness] = max(size, self.vouched_for.get(witness, 0))
        return None


def _wanted() -> set[str]:
    """The names of all that was put there."""
    sizes = list(Checkpoint.objects.exclude(kept_until=None).order_by("size").values_list("size", flat=True))
    wanted = {f"checkpoints/{size}" for size in sizes}
    for begin, end in pairwise([0, *sizes]):
        wanted |= {tile_path(*tile) for tile in grown_tiles(begin, end)}
    said = Cosignature.objects.exclude(kept_until=None).values_list("checkpoint", "witness")
    return wanted | {f"cosignatures/{size}/{file_name(witness)}" for size, witness in said}


def _tile(level: int, index: int, width: int) -> bytes | None:
    try:
        return read_tile(level, index, width)
    except MissingTileError:
        return None
