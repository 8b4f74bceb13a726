"""The proof that one event is in the log, as auditors download it (C2SP tlog-proof): checked without the rest of it."""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass

from transparency import tree
from transparency.errors import LineError, ProofError
from transparency.lines import Line, parse
from transparency.note import Checkpoint, Note, VerifierKey, verify

HEADER = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class Proved:
    """What a proof shows: this event is leaf `index` of the log as `checkpoint` has it."""

    event: Line
    index: int
    checkpoint: Checkpoint


def write(line: bytes, index: int, hashes: Iterable[bytes], note: str) -> str:
    """The proof as text. The event's line goes with it, as the extra that the format allows."""
    encoded = (base64.b64encode(value).decode() for value in hashes)
    return "\n".join([HEADER, f"extra {base64.b64encode(line).decode()}", f"index {index}", *encoded, "", note])


def check(text: str, keys: Iterable[VerifierKey]) -> Proved:
    """What the proof shows. Raises ProofError where it shows nothing, NoteError where none of `keys` signed."""
    above, _, note = text.partition("\n\n")
    header, *lines = above.split("\n")
    if header != HEADER or len(lines) < 2 or not lines[0].startswith("extra ") or not lines[1].startswith("index "):  # noqa: PLR2004
        raise ProofError("This is no proof of an event: save the file again, whole, as it was downloaded.")
    verify(note, keys)
    checkpoint = Checkpoint.parse(Note.parse(note).body)
    try:
        line = base64.b64decode(lines[0].removeprefix("extra "), validate=True)
        index = int(lines[1].removeprefix("index "))
        hashes = [base64.b64decode(each, validate=True) for each in lines[2:]]
        event = parse(line)
    except (binascii.Error, ValueError, LineError):
        raise ProofError("The proof is damaged: download it again.") from None
    if write(line, index, hashes, note) != text:
        # The same could be written otherwise: then a file that was changed would still be one that holds.
        raise ProofError("The proof is damaged: download it again.")
    tree.verify_inclusion(tree.leaf_hash(line), index, checkpoint.size, hashes, checkpoint.root)
    return Proved(event, index, checkpoint)
