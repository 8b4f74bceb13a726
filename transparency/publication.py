"""Where the log is published: a folder outside the database, best on storage that forgets nothing.

checkpoint                     the latest checkpoint, the only file that is ever replaced
checkpoints/<size>             each checkpoint, written once
cosignatures/<size>/<witness>  a witness's signature line, written once
tile/<level>/<index>[.p/<width>]  the tree (C2SP tlog-tiles), written once
"""

import os
import re
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from transparency.errors import ForkError, PublicationError
from transparency.findings import Finding, Kind
from transparency.note import Checkpoint, Note
from transparency.tiles import TILE_WIDTH, tile_path
from transparency.tree import HASH_BYTES

SIZE = re.compile(r"[1-9][0-9]{0,17}")  # as a name has it: no other way of writing the same number is one


class Directory:
    """The publish target. Of two sequencers that disagree, the later one gets a ForkError."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.findings: list[Finding] = []

    def publish(self, note: str, tiles: Mapping[tuple[int, int], bytes]) -> None:
        """Write a signed checkpoint and the tiles that are new or hold more since the one before.

        Everything is on the disc before the checkpoint is there; doing it again after a crash changes nothing. Raises
        ForkError where something else is there already, and then publishes no checkpoint.
        """
        for (level, index), hashes in tiles.items():
            self._once(tile_path(level, index, len(hashes) // HASH_BYTES), hashes)
        self._once(f"checkpoints/{size_of(note)}", note.encode())
        latest = self.latest()
        if latest is None or size_of(latest) < size_of(note):
            _replace(self.path / "checkpoint", note.encode())

    def add_cosignature(self, size: int, witness: str, line: str) -> None:
        """Put a witness's signature line beside the checkpoint. Raises ForkError where it gave another one."""
        self._once(f"cosignatures/{size}/{file_name(witness)}", line.encode())

    def cosignature(self, size: int, witness: str) -> str | None:
        """The signature line that a witness left beside the checkpoint of that size, if any. Nobody verified it."""
        path = self.path / f"cosignatures/{size}/{file_name(witness)}"
        return _text(path) if path.exists() else None

    def latest(self) -> str | None:
        """The latest checkpoint; None before the first."""
        path = self.path / "checkpoint"
        return _text(path) if path.exists() else None

    def sizes(self) -> list[int]:
        """The sizes that have a checkpoint, ascending."""
        folder = self.path / "checkpoints"
        files = folder.iterdir() if folder.is_dir() else ()
        return sorted(int(file.name) for file in files if SIZE.fullmatch(file.name))

    def checkpoint(self, size: int) -> str:
        """The checkpoint of that size, with the cosignatures that witnesses gave under it."""
        lines = sorted((self.path / f"cosignatures/{size}").glob("[!.]*"))
        return "".join(map(_text, [self.path / f"checkpoints/{size}", *lines]))

    def notes(self) -> Iterator[tuple[str, str]]:
        """Every checkpoint that lies here, with the name of its file. One that cannot be read is among the findings."""
        latest, last = self.latest(), ""
        for size in self.sizes():
            try:
                last = self.checkpoint(size)
            except (PublicationError, OSError) as error:
                self.findings.append(Finding(Kind.DAMAGED, f"checkpoints/{size} cannot be read: {error}"))
            else:
                yield f"checkpoints/{size}", last
        if latest is not None and not last.startswith(latest):
            yield "checkpoint", latest

    def read_tile(self, level: int, index: int, width: int) -> bytes:
        """The first `width` hashes of a tile, from the partial tile or, where it has grown since, the full one."""
        for held in dict.fromkeys((width, TILE_WIDTH)):
            path = self.path / tile_path(level, index, held)
            if path.exists():
                hashes = path.read_bytes()
                if len(hashes) != held * HASH_BYTES:
                    raise PublicationError(f"{path} holds {len(hashes)} bytes, not {held} hashes.")
                return hashes[: width * HASH_BYTES]
        raise PublicationError(f"{self.path / tile_path(level, index, width)} is missing: publish it again.")

    def _once(self, name: str, content: bytes) -> None:
        path = self.path / name
        try:
            write_once(path, content)
        except FileExistsError:
            if path.read_bytes() != content:
                raise ForkError(
                    f"{path} was published with other content. Stop the sequencer: two logs pass for one."
                ) from None


def write_once(path: Path, content: bytes) -> None:
    """Make a file that was not there, for reading only, on the disc before this returns. Raises FileExistsError.

    The file appears whole or not at all: it is written beside its place and then linked there, which fails where
    another one is.
    """
    made = [folder for folder in path.parents if not folder.exists()]
    path.parent.mkdir(parents=True, exist_ok=True)
    written = _write_beside(path, content)
    try:
        os.link(written, path)
    finally:
        written.unlink()
    for folder in dict.fromkeys((path.parent, *(folder.parent for folder in made))):
        _sync(folder)


def _replace(path: Path, content: bytes) -> None:
    _write_beside(path, content).replace(path)
    _sync(path.parent)


def _write_beside(path: Path, content: bytes) -> Path:
    beside = path.parent / f".new-{secrets.token_hex(8)}"
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    return beside


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _text(path: Path) -> str:
    """Its text; what is none fails as a note, where it can be said whose."""
    try:
        return path.read_bytes().decode(errors="replace")
    except FileNotFoundError:
        raise PublicationError(f"{path} is missing: publish it again.") from None


def size_of(note: str) -> int:
    """How many leaves the checkpoint has that the note signs. Raises NoteError."""
    return Checkpoint.parse(Note.parse(note).body).size


def file_name(name: str) -> str:
    """A witness's name as one file name inside the folder; C2SP recommends names like `example.com/witness`."""
    if not name or name.startswith("."):
        raise PublicationError(f"{name!r} cannot be the name of a witness: it would not stay in its folder.")
    return quote(name, safe="")
