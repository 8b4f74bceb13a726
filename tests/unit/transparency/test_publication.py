"""The published folder: written once, whole or not at all, and nowhere else."""

import os
import stat
from pathlib import Path

import pytest

from tests.unit.transparency.logs import LOG_KEY, WITNESS, Log, change, cosigned, events, export, rows
from transparency.errors import ForkError, PublicationError
from transparency.note import Checkpoint, Note, verify
from transparency.publication import Directory, write_once
from transparency.tree import consistency_proof, root, verify_consistency
from transparency.verify import verify as verify_log

LINES = events(700)


def publish(path: Path, log: Log, *batches: int) -> Directory:
    directory = Directory(path)
    for batch in batches:
        grown = log.seal(LINES[len(log.lines) : len(log.lines) + batch])
        directory.publish(log.published[grown.size], grown.tiles)
    return directory


def test_what_is_published_is_whole(tmp_path: Path) -> None:
    log = Log()
    directory = publish(tmp_path, log, 5, 250, 1, 300, 144)
    assert directory.latest() == log.published[700]
    assert directory.sizes() == [5, 255, 256, 556, 700]
    assert dict(directory.notes()) == {f"checkpoints/{size}": note for size, note in log.published.items()}
    assert verify_log([export(rows(LINES))], directory, {"mine": log.published[556]}, [LOG_KEY]).whole


def test_each_checkpoint_can_be_proved_by_the_tiles(tmp_path: Path) -> None:
    log = Log()
    directory = publish(tmp_path, log, 5, 250, 1, 300, 144)
    for size, text in log.published.items():
        found = Checkpoint.parse(Note.parse(text).body)
        assert root(size, directory.read_tile) == found.root
        proof = consistency_proof(size, 700, directory.read_tile)
        verify_consistency(size, found.root, 700, root(700, directory.read_tile), proof)


def test_strange_files_end_no_verification(tmp_path: Path) -> None:
    log = Log()
    directory = publish(tmp_path, log, 5, 250)
    (tmp_path / "checkpoints/007").write_text("strange")
    (tmp_path / "checkpoints/9").mkdir()
    assert dict(directory.notes()) == {f"checkpoints/{size}": note for size, note in log.published.items()}
    [finding] = directory.findings
    assert str(finding).startswith("damaged: checkpoints/9 cannot be read")


def test_a_partial_tile_may_be_taken_from_the_full_one(tmp_path: Path) -> None:
    directory = publish(tmp_path, Log(), 5, 251)
    expected = directory.read_tile(0, 0, 5)
    (tmp_path / "tile/0/000.p/5").unlink()
    assert directory.read_tile(0, 0, 5) == expected


def test_a_missing_or_short_tile_is_said(tmp_path: Path) -> None:
    directory = publish(tmp_path, Log(), 5)
    with pytest.raises(PublicationError, match="missing"):
        directory.read_tile(0, 0, 6)
    (tmp_path / "tile/0/000.p/5").chmod(0o644)
    (tmp_path / "tile/0/000.p/5").write_bytes(b"short")
    with pytest.raises(PublicationError, match="5 bytes"):
        directory.read_tile(0, 0, 5)


def test_publishing_again_changes_nothing(tmp_path: Path) -> None:
    log = Log()
    first = log.seal(LINES[:10])
    second = log.seal(LINES[10:20])
    directory = Directory(tmp_path)
    for grown in (first, second, second, first):
        directory.publish(log.published[grown.size], grown.tiles)
    assert directory.latest() == log.published[20]


def test_two_sequencers_that_disagree(tmp_path: Path) -> None:
    directory = publish(tmp_path, Log(), 10)
    other = Log()
    grown = other.seal(change(line, child_id=1) for line in LINES[:10])
    with pytest.raises(ForkError, match=r"000\.p/10"):
        directory.publish(other.published[10], grown.tiles)
    with pytest.raises(ForkError, match="checkpoints/10"):
        directory.publish(other.published[10], {})
    assert directory.latest() != other.published[10]


def test_written_once_and_for_reading_only(tmp_path: Path) -> None:
    publish(tmp_path, Log(), 300)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.name for path in files} == {"checkpoint", "300", "000", "44", "1"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o444}


def test_nothing_is_shown_before_its_tiles_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = Log()
    directory = publish(tmp_path, log, 10)
    grown = log.seal(LINES[10:20])
    link = os.link
    for allowed in range(2):
        done: list[str] = []

        def fail(source: Path, target: Path, done: list[str] = done, allowed: int = allowed) -> None:
            if len(done) == allowed:
                raise OSError("the power went")
            done.append(str(target))
            link(source, target)

        with monkeypatch.context() as patched:
            patched.setattr(os, "link", fail)
            with pytest.raises(OSError, match="the power went"):
                directory.publish(log.published[20], grown.tiles)
        assert directory.latest() == log.published[10]
    directory.publish(log.published[20], grown.tiles)
    assert directory.latest() == log.published[20]
    assert not list(tmp_path.rglob(".new-*"))


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(descriptor: int) -> None:
        raise OSError("the disc is full")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        with pytest.raises(OSError, match="full"):
            write_once(tmp_path / "file", b"content")
    assert not (tmp_path / "file").exists()
    write_once(tmp_path / "file", b"content")
    with pytest.raises(FileExistsError):
        write_once(tmp_path / "file", b"other")
    assert (tmp_path / "file").read_bytes() == b"content"


def test_cosignatures_stand_under_their_checkpoint(tmp_path: Path) -> None:
    log = Log()
    directory = publish(tmp_path, log, 10)
    note = cosigned(log.published[10])
    line = str(Note.parse(note).signatures[1])
    directory.add_cosignature(10, WITNESS, line)
    directory.add_cosignature(10, WITNESS, line)
    assert directory.checkpoint(10) == note
    assert dict(directory.notes()) == {"checkpoints/10": note}
    with pytest.raises(ForkError):
        directory.add_cosignature(10, WITNESS, line.replace("A", "B"))


@pytest.mark.parametrize("name", ["..", ".", "", ".hidden"])
def test_names_that_would_leave_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(PublicationError, match="witness"):
        Directory(tmp_path / "published").add_cosignature(10, name, "line")
    assert not list(tmp_path.rglob("*"))


@pytest.mark.parametrize("name", ["a/../../../b", "/etc/b", "a\\b", "a\0b", "../b".replace("..", "x..")])
def test_names_are_one_name(tmp_path: Path, name: str) -> None:
    Directory(tmp_path / "published").add_cosignature(10, name, "line")
    (path,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert path.parent == tmp_path / "published/cosignatures/10"


def test_before_the_first_checkpoint(tmp_path: Path) -> None:
    directory = Directory(tmp_path)
    assert directory.latest() is None
    assert directory.sizes() == []
    assert not list(directory.notes())
    with pytest.raises(PublicationError, match="missing"):
        directory.checkpoint(7)


def test_a_latest_checkpoint_that_no_history_has(tmp_path: Path) -> None:
    log = Log()
    directory = publish(tmp_path, log, 10)
    forged = log.copy()
    forged.seal(LINES[10:20])
    (tmp_path / "checkpoint").unlink()
    (tmp_path / "checkpoint").write_text(forged.published[20])
    notes = dict(directory.notes())
    assert notes["checkpoint"] == forged.published[20]
    assert verify(notes["checkpoint"], [LOG_KEY])
