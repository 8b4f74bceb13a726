"""The proof of one event, as text: made from a tree, checked without it, and worth nothing once it was touched."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from transparency import note, proof, tree
from transparency.cli import main
from transparency.errors import NoteError, ProofError, TransparencyError
from transparency.note import Checkpoint, VerifierKey

ORIGIN = "log.example/test"
LINES = [
    f"1|{number}|{number}|1795377600000001|log.heartbeat|done||web|||||||||||||"
    f"0f8fad5b-d9cb-469f-a165-70867728950e|{number}||000102030405060708090a0b0c0d0e0f".encode()
    for number in range(1, 12)
]
SECRET = Ed25519PrivateKey.generate()
PUBLIC = SECRET.public_key().public_bytes_raw()
KEYS = [VerifierKey(ORIGIN, PUBLIC)]


def proof_of(index: int) -> str:
    grown = tree.extend(0, lambda *_: b"", [tree.leaf_hash(line) for line in LINES])

    def read_tile(level: int, place: int, width: int) -> bytes:
        return grown.tiles[level, place][: width * tree.HASH_BYTES]

    signed = note.sign(Checkpoint(ORIGIN, grown.size, grown.root), ORIGIN, PUBLIC, SECRET.sign)
    return proof.write(LINES[index], index, tree.inclusion_proof(index, grown.size, read_tile), signed)


@pytest.mark.parametrize("index", range(len(LINES)))
def test_proof_shows_its_event_and_place(index: int) -> None:
    proved = proof.check(proof_of(index), KEYS)
    assert (proved.event.id, proved.index, proved.checkpoint.size) == (index + 1, index, len(LINES))


def test_no_other_place_is_proved() -> None:
    with pytest.raises(ProofError):
        proof.check(proof_of(4).replace("index 4", "index 5"), KEYS)


def test_somebody_elses_checkpoint_proves_nothing() -> None:
    with pytest.raises(NoteError):
        proof.check(proof_of(4), [VerifierKey(ORIGIN, Ed25519PrivateKey.generate().public_key().public_bytes_raw())])


def test_same_bytes_written_otherwise_are_no_proof() -> None:
    """The last letter of a hash has bits to spare: with others in it, it says the same."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    above, _, note = proof_of(6).partition("\n\n")
    *before, last = above.split("\n")
    assert last.endswith("=")
    other = f"{last[:-2]}{letters[letters.index(last[-2]) ^ 1]}="
    with pytest.raises(ProofError, match="damaged"):
        proof.check("\n".join([*before, other]) + f"\n\n{note}", KEYS)


def test_touched_proof_never_holds() -> None:
    text = proof_of(6)
    for place, letter in enumerate(text):
        touched = text[:place] + ("A" if letter != "A" else "B") + text[place + 1 :]
        with pytest.raises(TransparencyError):
            proof.check(touched, KEYS)


@pytest.mark.parametrize(
    "text", ["", "\n\n", "c2sp.org/tlog-proof@v1\n\nnote", "c2sp.org/tlog-proof@v1\nextra \nindex x\n\n"]
)
def test_what_is_no_proof_is_said_to_be_none(text: str) -> None:
    with pytest.raises(TransparencyError):
        proof.check(text, KEYS)


def test_command_says_what_is_proved_and_what_is_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "event.txt"
    file.write_text(proof_of(2))
    assert main(["proof", "--key", str(KEYS[0]), str(file)]) == 0
    assert "Proved: event 3 (log.heartbeat) is leaf 2 of the 11" in capsys.readouterr().out
    file.write_text(proof_of(2).replace("index 2", "index 3"))
    assert main(["proof", "--key", str(KEYS[0]), str(file)]) == 1
    assert "Not proved." in capsys.readouterr().err
