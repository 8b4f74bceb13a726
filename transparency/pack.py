"""An evidence pack: events, and what proves that the log holds each of them, in one file, to be checked without us.

Of the same proofs there is one pack, byte for byte. So whoever checks one makes it anew from the proofs that hold, and
says no to whatever is not the same, wherever in the file it stands.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from transparency import proof
from transparency.errors import NoteError, PackError, ProofError
from transparency.lines import FIELDS, Line
from transparency.note import VerifierKey
from transparency.proof import Proved

README, EVENTS, CHECKPOINT, KEY = "README.txt", "events.csv", "checkpoint.txt", "key.txt"
PROOFS = "proofs"
LARGEST = 100_000_000  # bytes; a pack of five hundred events has less than a tenth of it
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# The same in every pack, since ZIP has no time before.
NEVER = (1980, 1, 1, 0, 0, 0)
EVERYBODY_READS = 0o644 << 16
UNIX = 3
_PROOF = re.compile(rf"{PROOFS}/event-[0-9]+\.txt")


def write(proofs: Sequence[str], key: VerifierKey) -> bytes:
    """The pack of these proofs, all of one checkpoint, which `key` signed. Raises PackError, ProofError, NoteError."""
    proved = {text: proof.check(text, [key]) for text in proofs}
    notes = {_note(text) for text in proofs}
    if len(notes) != 1 or len({each.event.id for each in proved.values()}) != len(proofs):
        raise PackError("A pack holds at least one event, each once, and all of them proved by the same checkpoint.")
    in_order = sorted(proved, key=lambda text: proved[text].index)
    (note,) = notes
    files = {
        README: _readme(),
        EVENTS: _table(proved[text].event for text in in_order),
        CHECKPOINT: note,
        KEY: f"{key}\n",
        **{f"{PROOFS}/event-{proved[text].event.id}.txt": text for text in in_order},
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, NEVER)
            entry.create_system, entry.external_attr = UNIX, EVERYBODY_READS
            archive.writestr(entry, text.encode())
    return made.getvalue()


def check(content: bytes, keys: Iterable[VerifierKey]) -> list[Proved]:
    """What the pack proves, in the order of the log. Raises PackError where it was changed, or by none of `keys`."""
    proofs = _proofs(content)
    problem = "It holds no proof."
    for key in keys:
        try:
            whole = write(proofs, key) == content
        except NoteError as error:
            problem = str(error)  # another key may have signed it
            continue
        except (PackError, ProofError) as error:
            raise PackError(str(error)) from None
        if not whole:
            raise PackError("It was changed after it was made: ask for it again.")
        return sorted((proof.check(text, [key]) for text in proofs), key=lambda proved: proved.index)
    raise PackError(problem)


def _proofs(content: bytes) -> list[str]:
    """The proofs in it, whatever else there is. Nothing is unpacked that could be larger than it looks."""
    damaged = PackError("This is no evidence pack, or it is damaged: save the file again, whole, as it was downloaded.")
    if len(content) > LARGEST:
        raise damaged
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if _PROOF.fullmatch(entry.filename)]
            if any(entry.compress_type != zipfile.ZIP_STORED or entry.flag_bits & 1 for entry in entries):
                raise damaged
            return [archive.read(entry).decode() for entry in entries]
    # What is damaged can lead anywhere in the module: it says what it raises of archives that are whole alone.
    except (zipfile.BadZipFile, UnicodeDecodeError, ValueError, EOFError, OSError, NotImplementedError):
        raise damaged from None


def _note(text: str) -> str:
    return text.partition("\n\n")[2]


def _table(events: Iterable[Line]) -> str:
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(["time", *FIELDS])
    for event in events:
        time = (EPOCH + timedelta(microseconds=event.at)).isoformat(timespec="microseconds")
        voided = ",".join(map(str, event.voided))
        writer.writerow([time, *(voided if name == "voided" else getattr(event, name) for name in FIELDS)])
    return made.getvalue()


def _readme() -> str:
    return (Path(__file__).parent / "pack_readme.txt").read_text(encoding="utf-8")
