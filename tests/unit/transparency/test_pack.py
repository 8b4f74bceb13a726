"""An evidence pack: the same of the same proofs, checked whole, and worth nothing once one byte of it was touched."""

import io
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.unit.transparency.test_proof import KEYS, ORIGIN, proof_of
from transparency import pack
from transparency.cli import main
from transparency.errors import NoteError, PackError, ProofError
from transparency.note import VerifierKey

(KEY,) = KEYS
OTHER = VerifierKey(ORIGIN, Ed25519PrivateKey.generate().public_key().public_bytes_raw())
PROOFS = [proof_of(index) for index in (2, 5, 9)]


def remade(content: bytes, **changed: str) -> bytes:
    """The pack with other content in the files of those names, and checksums that fit it."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(made, "w") as after:
        for entry in before.infolist():
            after.writestr(entry, changed.get(entry.filename, before.read(entry).decode()))
    return made.getvalue()


def test_pack_proves_each_of_its_events_in_their_order() -> None:
    proved = pack.check(pack.write([PROOFS[2], PROOFS[0], PROOFS[1]], KEY), [OTHER, KEY])
    assert [(each.event.id, each.index) for each in proved] == [(3, 2), (6, 5), (10, 9)]


def test_same_proofs_make_the_same_pack() -> None:
    assert pack.write(PROOFS, KEY) == pack.write(PROOFS[::-1], KEY)


def test_pack_holds_what_its_reader_needs() -> None:
    with zipfile.ZipFile(io.BytesIO(pack.write(PROOFS, KEY))) as archive:
        files = {entry.filename: archive.read(entry).decode() for entry in archive.infolist()}
    assert list(files) == [
        "README.txt",
        "events.csv",
        "checkpoint.txt",
        "key.txt",
        "proofs/event-3.txt",
        "proofs/event-6.txt",
        "proofs/event-10.txt",
    ]
    assert files["key.txt"] == f"{KEY}\n"
    assert files["checkpoint.txt"] == PROOFS[0].partition("\n\n")[2]
    assert files["proofs/event-6.txt"] == PROOFS[1]
    head, first, *_ = files["events.csv"].splitlines()
    assert head.startswith("time,version,id,transaction,at,kind,")
    assert first.startswith("2026-11-22T20:00:00.000001+00:00,1,3,3,1795377600000001,log.heartbeat,done,")
    assert "python -m transparency pack --key KEY FILE" in files["README.txt"]


def test_not_one_byte_of_it_can_be_changed() -> None:
    content = pack.write(PROOFS[:1], KEY)
    for place in range(len(content)):
        touched = bytearray(content)
        touched[place] ^= 1
        with pytest.raises(PackError):
            pack.check(bytes(touched), KEYS)


def test_not_one_byte_can_be_left_out_or_added() -> None:
    content = pack.write(PROOFS[:1], KEY)
    for touched in (content[:-1], content[1:], content + b"\0", b"\0" + content, b"", content[: len(content) // 2]):
        with pytest.raises(PackError):
            pack.check(touched, KEYS)


@pytest.mark.parametrize("name", ["README.txt", "events.csv", "checkpoint.txt", "key.txt"])
def test_what_stands_beside_the_proofs_is_held_to_them(name: str) -> None:
    """Somebody who knows how archives are made changes their checksums as well."""
    content = pack.write(PROOFS, KEY)
    assert pack.check(remade(content), KEYS)
    with pytest.raises(PackError, match="changed after it was made"):
        pack.check(remade(content, **{name: "other words\n"}), KEYS)


def test_proof_under_the_name_of_another_is_none() -> None:
    with pytest.raises(PackError):
        pack.check(remade(pack.write(PROOFS, KEY), **{"proofs/event-6.txt": PROOFS[0]}), KEYS)


def test_somebody_elses_log_proves_nothing() -> None:
    with pytest.raises(PackError, match="None of the given keys"):
        pack.check(pack.write(PROOFS, KEY), [OTHER])


def test_pack_of_nothing_of_one_event_twice_or_of_two_checkpoints_is_not_made() -> None:
    for proofs in ([], [PROOFS[0], PROOFS[0]]):
        with pytest.raises(PackError):
            pack.write(proofs, KEY)
    with pytest.raises(NoteError):
        pack.write(PROOFS, OTHER)
    with pytest.raises(ProofError):
        pack.write(["no proof"], KEY)


def test_command_says_what_is_proved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "evidence.zip"
    file.write_bytes(pack.write(PROOFS, KEY))

    assert main(["pack", "--key", str(KEY), str(file)]) == 0
    said = capsys.readouterr().out
    assert "Proved: event 6 (log.heartbeat) is leaf 5." in said
    assert f"All 3 are in the 11 of {ORIGIN}." in said

    file.write_bytes(remade(file.read_bytes(), **{"events.csv": "time\n"}))
    assert main(["pack", "--key", str(KEY), str(file)]) == 1
    assert "Not proved. It was changed after it was made" in capsys.readouterr().err
    file.write_bytes(b"no archive")
    assert main(["pack", "--key", str(KEY), str(file)]) == 1
    assert "This is no evidence pack" in capsys.readouterr().err
    assert main(["pack", "--key", str(KEY), str(tmp_path / "nothing")]) == 2
