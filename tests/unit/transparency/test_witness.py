"""The witness vouches for one log only, whatever it is shown and whenever it is killed."""

import os
import stat
from pathlib import Path

import pytest

from tests.unit.transparency.logs import LOG_KEY, STRANGER, WITNESS, Log, change, events
from transparency.errors import ForkError, InputError, NoteError, ProofError, PublicationError
from transparency.note import Note, VerifierKey, verify
from transparency.publication import Directory
from transparency.witness import Witness, WitnessKey

LINES = events(700)


class House:
    """A log, where it is published, and the witness across the road."""

    def __init__(self, path: Path) -> None:
        self.log = Log()
        self.path = path
        self.directory = Directory(path / "published")
        self.key = WitnessKey.make(path / "key", WITNESS)
        self.witness = Witness(path / "state", self.key)

    def grow(self, *batches: int) -> None:
        for batch in batches:
            grown = self.log.seal(LINES[len(self.log.lines) : len(self.log.lines) + batch])
            self.directory.publish(self.log.published[grown.size], grown.tiles)

    def cosign(self) -> int:
        return self.witness.cosign(self.directory, [LOG_KEY]).size

    def show_instead(self, other: Log) -> None:
        """From now on the witness is shown another log."""
        self.directory = Directory(self.path / f"other-{len(other.lines)}")
        self.directory.publish(other.published[max(other.published)], other.tiles)

    def vouched(self) -> list[int]:
        return sorted(int(path.name) for path in (self.path / "state").glob("[0-9]*"))


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def forked(kept: int, fresh: int) -> Log:
    other = Log()
    other.seal(LINES[:kept])
    other.seal(change(line, child_id=1) for line in LINES[kept : kept + fresh])
    return other


def test_vouches_for_a_log_that_grows(house: House) -> None:
    for batches in ((10,), (300, 5), (1,), (384,)):
        house.grow(*batches)
        size = house.cosign()
        note = house.directory.checkpoint(size)
        assert verify(note, [LOG_KEY, house.key.verifier]) == (LOG_KEY.name, WITNESS)
    assert house.vouched() == [10, 315, 316, 700]


def test_vouching_again_gives_the_same_word(house: House) -> None:
    house.grow(10)
    house.cosign()
    note = house.directory.checkpoint(10)
    house.cosign()
    assert house.directory.checkpoint(10) == note


def test_the_word_is_given_again_where_it_did_not_arrive(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.grow(10)

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Directory, "add_cosignature", fail)
        with pytest.raises(KeyboardInterrupt):
            house.cosign()
    assert house.vouched() == [10]
    house.show_instead(forked(0, 10))
    with pytest.raises(ForkError, match="another checkpoint of 10"):
        house.cosign()
    house.directory = Directory(house.path / "published")
    house.cosign()
    kept = (house.path / "state/10").read_text()
    assert house.directory.checkpoint(10) == kept


def test_nothing_leaves_the_house_before_it_is_kept(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.grow(10)

    def fail(*_: object) -> None:
        raise OSError("the disc is full")

    with monkeypatch.context() as patched:
        patched.setattr(os, "link", fail)
        with pytest.raises(OSError, match="full"):
            house.cosign()
    assert house.directory.checkpoint(10) == house.log.published[10]


@pytest.mark.parametrize(("kept", "fresh"), [(0, 10), (5, 5), (5, 300), (9, 1)])
def test_a_fork_is_refused(house: House, kept: int, fresh: int) -> None:
    house.grow(10)
    house.cosign()
    house.show_instead(forked(kept, fresh))
    with pytest.raises(ForkError, match="Fork"):
        house.cosign()
    assert house.vouched() == [10]
    assert house.directory.checkpoint(kept + fresh).count("— ") == 1


def test_a_log_that_shrank_is_refused(house: House) -> None:
    house.grow(10, 10)
    house.cosign()
    house.show_instead(house.log.copy(10))
    with pytest.raises(ForkError, match="it had 20"):
        house.cosign()


def test_another_log_is_refused(house: House) -> None:
    house.grow(10)
    house.cosign()
    other = Log(origin="log.example.org/other")
    other.seal(LINES[:20])
    house.show_instead(other)
    with pytest.raises(ForkError, match="calls itself"):
        house.cosign()


def test_tiles_that_do_not_lead_to_the_checkpoint(house: House) -> None:
    house.grow(10)
    house.cosign()
    false = house.log.copy()
    false.seal(LINES[10:20])
    false.tiles[0, 0] = false.tiles[0, 0][:-32] + bytes(32)
    house.show_instead(false)
    with pytest.raises(ProofError, match="20 leaves"):
        house.cosign()
    assert house.vouched() == [10]


def test_tiles_that_are_missing(house: House) -> None:
    house.grow(10)
    (house.path / "published/tile/0/000.p/10").unlink()
    with pytest.raises(PublicationError, match="missing"):
        house.cosign()


def test_a_checkpoint_that_the_log_did_not_sign(house: House) -> None:
    house.log = Log(private=STRANGER)
    house.grow(10)
    with pytest.raises(NoteError):
        house.cosign()
    assert house.vouched() == []


def test_nothing_is_published_yet(house: House) -> None:
    with pytest.raises(PublicationError, match="no checkpoint yet"):
        house.cosign()


def test_the_key_is_its_owners_alone(house: House) -> None:
    path = house.path / "key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert WitnessKey.load(path).verifier == house.key.verifier
    assert VerifierKey.parse(str(house.key.verifier)) == house.key.verifier
    with pytest.raises(FileExistsError):
        WitnessKey.make(path, WITNESS)


@pytest.mark.parametrize("content", ["", "nonsense", "PRIVATE+KEY+a+00+AAAA", "PRIVATE+KEY+a+00+***"])
def test_what_is_no_key(tmp_path: Path, content: str) -> None:
    (tmp_path / "key").write_text(content)
    with pytest.raises(InputError, match="new-key"):
        WitnessKey.load(tmp_path / "key")


def test_what_is_kept_says_when(house: House) -> None:
    house.grow(10)
    house.cosign()
    note = Note.parse((house.path / "state/10").read_text())
    assert int.from_bytes(note.signatures[1].content[:8], "big") > 1_700_000_000
