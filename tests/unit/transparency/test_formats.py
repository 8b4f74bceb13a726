"""Lines, tiles' paths, keys, notes and cosignatures against published vectors and against damage."""

import base64
import json
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.transparency.logs import (
    LOG_KEY,
    LOG_PRIVATE,
    ORIGIN,
    WITNESS,
    WITNESS_KEY,
    cosigned,
    event,
    events,
    fields,
)
from transparency.errors import LineError, NoteError
from transparency.lines import FIELDS, join, parse
from transparency.note import Checkpoint, Note, Signature, SignatureType, VerifierKey, cosign, sign, verify
from transparency.tiles import tile_path, tile_width

VECTORS = json.loads((Path(__file__).parents[2] / "vectors/transparency_formats.json").read_text())
GO = VECTORS["go"]
LINE = event(
    id=7, transaction=9, at=1_790_000_000_000_000, writer="0" * 8 + "-0000-4000-8000-" + "0" * 12, number=3,
    voided="1,2", shown="5,4", fields="name.first,postcode", authentication="ab" * 16,
)  # fmt: skip
NOTE = sign(Checkpoint(ORIGIN, 5, bytes(32)), ORIGIN, LOG_KEY.public_key, LOG_PRIVATE.sign)


@pytest.mark.parametrize(("level", "index", "width", "path"), VECTORS["tile_paths"])
def test_tile_paths(level: int, index: int, width: int, path: str) -> None:
    assert tile_path(level, index, width) == path


@pytest.mark.parametrize(("level", "index", "width"), [(-1, 0, 1), (64, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)])
def test_no_such_tile(level: int, index: int, width: int) -> None:
    with pytest.raises(ValueError, match="There is no tile"):
        tile_path(level, index, width)


def test_tile_widths() -> None:
    assert [tile_width(0, 273, 70_000), tile_width(1, 1, 70_000), tile_width(2, 0, 70_000)] == [112, 17, 1]
    assert [tile_width(0, 0, 70_000), tile_width(0, 274, 70_000), tile_width(3, 0, 70_000)] == [256, 0, 0]


def test_a_line_is_parsed_by_name() -> None:
    line = parse(LINE)
    assert (line.id, line.transaction, line.at, line.number) == (7, 9, 1_790_000_000_000_000, 3)
    assert (line.voided, line.shown, line.kind, line.fields) == ((1, 2), "5,4", "child.opened", "name.first,postcode")
    assert len(FIELDS) == 24
    assert FIELDS[0] == "version"
    assert FIELDS[-1] == "authentication"


def test_a_line_is_joined_as_it_was() -> None:
    for line in (LINE, *events(20)):
        assert join(line.decode().split("|")) == line


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("version", "2"), ("id", ""), ("id", "07"), ("id", "+7"), ("id", "７"), ("transaction", "x"), ("at", "-1"),
        ("kind", ""), ("kind", "Child"), ("outcome", ""), ("actor_id", "me"), ("request_id", "0000"),
        ("shown", "1,"), ("fields", ",a"), ("criteria", "00"), ("writer", ""), ("number", ""), ("voided", "1 2"),
        ("authentication", ""), ("authentication", "AB" * 16), ("reason", "a|b"), ("reason", "a\n"), ("trail", "é"),
    ],
)  # fmt: skip
def test_a_malformed_line(name: str, value: str) -> None:
    told = {**dict(zip(FIELDS, LINE.decode().split("|"), strict=True)), name: value}
    line = "|".join(told.values()).encode()
    with pytest.raises(LineError):
        parse(line)
    with pytest.raises(LineError):
        join(told.values())


@given(st.binary(max_size=60))
def test_what_is_no_line_raises_nothing_else(content: bytes) -> None:
    for line in (content, LINE + content[:1] + b"|", LINE[:-1] + content):
        if line != LINE:
            try:
                parse(line)
            except LineError:
                continue
            assert line[:-1] == LINE[:-1]


def test_fields_have_the_names_of_the_events_columns() -> None:
    assert {"kind", "writer", "authentication"} <= set(fields())


def test_the_key_of_the_go_implementation() -> None:
    key = VerifierKey.parse(GO["verifier"])
    assert key.name == "PeterNeumann"
    assert key.id.hex() == "c74f20a3"
    assert str(key) == GO["verifier"]


@pytest.mark.parametrize("text", GO["bad_keys"])
def test_keys_that_the_go_implementation_refuses(text: str) -> None:
    with pytest.raises(NoteError):
        VerifierKey.parse(text)


def test_any_damage_to_a_key_is_noticed() -> None:
    text = GO["verifier"]
    for place in range(len(text)):
        for damaged in (text[:place] + text[place + 1 :], text[:place] + "*" + text[place + 1 :], text[:place]):
            with pytest.raises(NoteError):
                VerifierKey.parse(damaged)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\n", "a\u2003b"])
def test_names_that_no_key_has(name: str) -> None:
    with pytest.raises(NoteError):
        VerifierKey(name, bytes(32))


def test_the_note_of_the_go_implementation() -> None:
    note = f"{GO['text']}\n{GO['signature']}"
    key = VerifierKey.parse(GO["verifier"])
    assert verify(note, [key]) == ("PeterNeumann",)
    private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(GO["signer"].split("+", 4)[4])[1:])
    signature = Signature(key.name, key.id, private.sign(GO["text"].encode()))
    assert str(Note(GO["text"], (signature,))) == note


def test_the_checkpoint_of_the_specification() -> None:
    known = VECTORS["checkpoint"]
    note = Note.parse(known["note"])
    assert str(note) == known["note"]
    checkpoint = Checkpoint.parse(note.body)
    assert checkpoint == Checkpoint(known["origin"], known["size"], base64.b64decode(known["root"]))
    assert checkpoint.encode() == note.body
    assert [signature.name for signature in note.signatures] == [
        "example.com/behind-the-sofa",
        "witness.example.com/w1",
    ]
    assert int.from_bytes(note.signatures[1].content[:8], "big") == known["cosigned_at"]
    assert len(note.signatures[1].content) == 8 + 64


def test_what_a_witness_signs_is_what_the_specification_says() -> None:
    known = VECTORS["checkpoint"]
    signed: list[bytes] = []

    def sign_nothing(message: bytes) -> bytes:
        signed.append(message)
        return bytes(64)

    line = cosign(known["note"], "w", bytes(32), sign_nothing, time=known["cosigned_at"])
    assert signed == [known["cosigned"].encode()]
    assert line.startswith("— w ")


def test_who_signed() -> None:
    assert verify(NOTE, [LOG_KEY]) == (ORIGIN,)
    both = cosigned(NOTE)
    assert verify(both, [LOG_KEY, WITNESS_KEY]) == (ORIGIN, WITNESS)
    assert verify(both, [WITNESS_KEY]) == (WITNESS,)
    assert verify(both, [LOG_KEY]) == (ORIGIN,)


def test_a_cosignature_says_when() -> None:
    note = Note.parse(cosigned(NOTE, time=1_790_000_000))
    witness = note.signatures[1]
    later = replace(witness, content=(1_790_000_001).to_bytes(8, "big") + witness.content[8:])
    with pytest.raises(NoteError, match=WITNESS):
        verify(str(replace(note, signatures=(note.signatures[0], later))), [LOG_KEY, WITNESS_KEY])


def test_a_log_key_does_not_count_as_a_witness() -> None:
    as_log = VerifierKey(WITNESS, WITNESS_KEY.public_key, SignatureType.LOG)
    with pytest.raises(NoteError, match="None of the given keys"):
        verify(cosigned(NOTE), [as_log])


def test_nobody_known_signed() -> None:
    with pytest.raises(NoteError, match="None of the given keys"):
        verify(NOTE, [])


def test_any_damage_to_a_note_is_noticed() -> None:
    for place in range(len(NOTE)):
        damaged = NOTE[:place] + chr(ord(NOTE[place]) ^ 1) + NOTE[place + 1 :]
        with pytest.raises(NoteError):
            verify(damaged, [LOG_KEY])
        with pytest.raises(NoteError):
            verify(NOTE[:place], [LOG_KEY])


@pytest.mark.parametrize(
    "body",
    [
        "", "a\n", "a\n1\n", f"a\n1\n{'A' * 43}=", f"\n1\n{'A' * 43}=\n", f"a\n01\n{'A' * 43}=\n",
        f"a\n-1\n{'A' * 43}=\n", f"a\n１\n{'A' * 43}=\n", f"a\n1\n{'A' * 42}B=\n", "a\n1\nAAAA\n",
        f"a\n1\n{'A' * 43}=\n\n", f"a\n{'9' * 5000}\n{'A' * 43}=\n",
    ],
)  # fmt: skip
def test_what_is_no_checkpoint(body: str) -> None:
    with pytest.raises(NoteError):
        Checkpoint.parse(body)


def test_an_extension_line_is_signed_and_kept() -> None:
    checkpoint = Checkpoint(ORIGIN, 5, bytes(32), ("one more line",))
    note = sign(checkpoint, ORIGIN, LOG_KEY.public_key, LOG_PRIVATE.sign)
    assert Checkpoint.parse(Note.parse(note).body) == checkpoint


def test_an_origin_of_two_lines_is_not_signed() -> None:
    with pytest.raises(NoteError):
        sign(Checkpoint(f"{ORIGIN}\n6", 5, bytes(32)), ORIGIN, LOG_KEY.public_key, LOG_PRIVATE.sign)


@given(st.text())
def test_what_is_no_note_raises_nothing_else(text: str) -> None:
    for note in (text, f"{NOTE}{text}", f"{text}\n\n{NOTE}"):
        try:
            assert verify(note, [LOG_KEY]) == (ORIGIN,)
        except NoteError:
            continue
        assert note == NOTE
