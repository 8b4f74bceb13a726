"""Keys of cohorts whose month is over, taken out of every keyring: what they sealed opens nowhere, in no backup.

Beside each keyring stays what was destroyed: from there the worker certifies it in the access log. Its keyring is the
last that loses a key, so that it certifies nothing which another process could still open.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from encryption import keyring
from encryption.holders import HOLDERS
from encryption.keyring import WrappedKey
from encryption.keys import Purpose, cohort_of

FILE_NAME = "destroyed.json"
# More at once is more likely a clock that is wrong than a command that nobody called for so long.
MOST_COHORTS = 3
_LAST = "worker"


@dataclass(frozen=True, order=True)
class Destroyed:
    """A key that is no more. Its commitment fits it and no other."""

    cohort: str
    number: int
    commitment: bytes

    @classmethod
    def of(cls, wrapped: WrappedKey) -> "Destroyed":
        return cls(wrapped.cohort or "", wrapped.number, wrapped.commitment)

    @classmethod
    def from_json(cls, entry: dict[str, str]) -> "Destroyed":
        return cls(entry["cohort"], int(entry["number"], 16), bytes.fromhex(entry["commitment"]))

    def to_json(self) -> dict[str, str]:
        return {"cohort": self.cohort, "number": f"{self.number:08x}", "commitment": self.commitment.hex()}


def due(directory: Path, today: date) -> set[Destroyed]:
    """The keys in keyrings below `directory` of cohorts whose month is over. Raises KeyMissingError, KeyWrongError."""
    return {Destroyed.of(key) for process in _holders() for key in _over(keyring.read(directory / process), today)}


def destroy(directory: Path, today: date) -> set[Destroyed]:
    """Take the keys that are due out of each keyring below `directory`, and note them beside it. Returns which.

    Interrupted, it is done when it is called again. Copies of the keyrings are for whoever made them.
    """
    found = due(directory, today)
    for process in sorted(_holders(), key=lambda process: process == _LAST):
        own = directory / process
        _note(own, found)
        wrapped = keyring.read(own)
        over = _over(wrapped, today)
        if over:
            keyring.write(own, [key for key in wrapped if key not in over])
    return found


def destroyed(own: Path) -> list[Destroyed]:
    """What was noted beside the keyring in `own`, the earliest cohort first."""
    try:
        return sorted(map(Destroyed.from_json, json.loads((own / FILE_NAME).read_bytes())))
    except FileNotFoundError:
        return []


def _holders() -> list[str]:
    return [process for process, purposes in HOLDERS.items() if Purpose.CHILD in purposes]


def _over(keys: Iterable[WrappedKey], today: date) -> list[WrappedKey]:
    return [key for key in keys if key.purpose == Purpose.CHILD and (key.cohort or "") < cohort_of(today)]


def _note(own: Path, found: set[Destroyed]) -> None:
    noted = set(destroyed(own))
    if not found <= noted:
        keyring.put(own, FILE_NAME, [each.to_json() for each in sorted(noted | found)])
