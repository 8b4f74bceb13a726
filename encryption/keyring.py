"""The keyring: every data key this process may use, unwrapped and held in memory.

Wrapped keys live in `<KEYRING_DIR>/<process>/keys.json`, under a root key of that process alone, and apart from the
database and its backups, so that destroying a cohort's key in each keyring also closes every backup of it.
"""

import base64
import binascii
import hmac
import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import monotonic

from django.conf import settings

from encryption.backends import KeyBackend, configured_backend
from encryption.errors import KeyMissingError, KeyWrongError
from encryption.holders import held_by
from encryption.keys import KEY_BYTES, DataKey, Purpose

FILE_NAME = "keys.json"
FORMAT = 1
# A second key of these would hide every stored key number or lose every fingerprint.
NOT_ROTATED = frozenset({Purpose.KEY_ID, Purpose.TOKEN})
# So long a process opens what a cohort's key sealed without looking whether it was destroyed.
SECONDS_TRUSTED = 1.0


@dataclass(frozen=True)
class WrappedKey:
    """One line of keys.json: a data key that only the back end can unwrap, and the commitment to it."""

    number: int
    purpose: Purpose
    cohort: str | None
    wrapped: bytes
    commitment: bytes

    @classmethod
    def of(cls, key: DataKey, backend: KeyBackend) -> "WrappedKey":
        wrapped = backend.wrap(key.secret, key.context)
        return cls(key.number, key.purpose, key.cohort, wrapped, key.commitment())

    def unwrap(self, backend: KeyBackend) -> DataKey:
        """The key, once it is sure to be the one that was wrapped. Raises KeyWrongError."""
        blank = DataKey(self.number, self.purpose, self.cohort, b"")
        key = DataKey(self.number, self.purpose, self.cohort, backend.unwrap(self.wrapped, blank.context))
        # The length too: HMAC takes a key with zeros behind it for the same key.
        if len(key.secret) != KEY_BYTES or not hmac.compare_digest(key.commitment(), self.commitment):
            raise KeyWrongError(f"Key {self.number:08x} ({self.purpose}) is not the key it was when it was wrapped.")
        return key

    def to_json(self) -> dict[str, str | None]:
        return {
            "number": f"{self.number:08x}",
            "purpose": self.purpose,
            "cohort": self.cohort,
            "wrapped": base64.b64encode(self.wrapped).decode(),
            "commitment": base64.b64encode(self.commitment).decode(),
        }

    @classmethod
    def from_json(cls, entry: dict[str, str | None]) -> "WrappedKey":
        return cls(
            number=int(entry["number"] or "", 16),
            purpose=Purpose(entry["purpose"] or ""),
            cohort=entry["cohort"],
            wrapped=base64.b64decode(entry["wrapped"] or "", validate=True),
            commitment=base64.b64decode(entry["commitment"] or "", validate=True),
        )


class Keyring:
    """Finds the key to seal with (by purpose and cohort) and the key to open with (by number).

    Of several keys for the same purpose and cohort the last one listed seals; all of them open.
    """

    def __init__(self, keys: Iterable[DataKey]) -> None:
        by_number: dict[int, DataKey] = {}
        sealing: dict[tuple[Purpose, str | None], DataKey] = {}
        by_purpose: dict[Purpose, list[DataKey]] = {purpose: [] for purpose in Purpose}
        for key in keys:
            if key.purpose in NOT_ROTATED and (key.purpose, key.cohort) in sealing:
                raise KeyWrongError(
                    f"There are two keys for {key.purpose}; what was made with one needs that one alone."
                )
            by_number[key.number] = key
            sealing[key.purpose, key.cohort] = key
            by_purpose[key.purpose].append(key)
        # Whole or not at all: a keyring that is renewed is in use by other threads.
        self._by_number, self._sealing, self._by_purpose = by_number, sealing, by_purpose

    def sealing_key(self, purpose: Purpose, cohort: str | None = None) -> DataKey:
        """The key new values are sealed with. Raises KeyMissingError."""
        try:
            return self._sealing[purpose, cohort]
        except KeyError:
            which = f"{purpose} of cohort {cohort}" if cohort else purpose
            raise KeyMissingError(f"The keyring has no key for {which}. Make it with manage.py make_keys.") from None

    def opening_key(self, number: int) -> DataKey:
        """The key with that number. Raises KeyMissingError."""
        try:
            return self._by_number[number]
        except KeyError:
            raise KeyMissingError(f"The keyring has no key {number:08x}: destroyed, or never handed over.") from None

    def keys_for(self, purpose: Purpose) -> list[DataKey]:
        """All keys of that purpose, oldest first."""
        return self._by_purpose[purpose]

    def has(self, purpose: Purpose, cohort: str | None) -> bool:
        return (purpose, cohort) in self._sealing

    def numbers(self) -> set[int]:
        return set(self._by_number)

    def all_keys(self) -> list[DataKey]:
        """All of them, in the order of their file."""
        return list(self._by_number.values())


class OwnKeyring(Keyring):
    """The keyring of the process `holder`. Where a key is missing it looks for one that was made since, and what was
    destroyed it forgets.

    Raises KeyWrongError where it holds a key that this process may not hold.
    """

    def __init__(self, directory: Path, holder: str) -> None:
        self._directory = directory
        self._holder = holder
        self._looked = monotonic()
        self._read()

    def sealing_key(self, purpose: Purpose, cohort: str | None = None) -> DataKey:
        if purpose not in held_by(self._holder):
            raise KeyMissingError(
                f"The process {self._holder} has no key for {purpose}; encryption/holders.py says who holds which."
            )
        try:
            return super().sealing_key(purpose, cohort)
        except KeyMissingError:
            if not self.renew():
                raise
            return super().sealing_key(purpose, cohort)

    def opening_key(self, number: int) -> DataKey:
        try:
            key = super().opening_key(number)
        except KeyMissingError:
            if not self.renew():
                raise
            return super().opening_key(number)
        # Its month may be over, and the key destroyed since it was read.
        if key.cohort is not None and monotonic() - self._looked > SECONDS_TRUSTED and self.renew():
            return super().opening_key(number)
        return key

    def renew(self) -> bool:
        """Read the keys anew if their file has changed since. Returns whether it had; where it is wrong, raises."""
        self._looked = monotonic()
        if _version_in(self._directory) in {self._version, None}:
            return False
        self._read()
        return True

    def _read(self) -> None:
        may_hold = held_by(self._holder)
        # Asked first: what is written while the keys are being read is read the next time.
        version = _version_in(self._directory)
        backend = configured_backend(self._directory)
        keys = [wrapped.unwrap(backend) for wrapped in read(self._directory)]
        if strange := {key.purpose for key in keys} - may_hold:
            raise KeyWrongError(
                f"The keyring of {self._holder} holds keys for {', '.join(sorted(strange))}, which that process may not"
                " have. Run manage.py make_keys, which takes them away."
            )
        super().__init__(keys)
        self._version = version


def _version_in(directory: Path) -> tuple[int, int] | None:
    """What is another for each file that was put in place of keys.json; None where there is none."""
    try:
        found = (directory / FILE_NAME).stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def read(directory: Path) -> list[WrappedKey]:
    """The wrapped keys in `directory`. Raises KeyMissingError or KeyWrongError."""
    path = directory / FILE_NAME
    try:
        document = json.loads(path.read_bytes())
        if document["format"] != FORMAT:
            raise KeyWrongError(f"{path} has format {document['format']}; this program reads format {FORMAT}.")
        return [WrappedKey.from_json(entry) for entry in document["keys"]]
    except FileNotFoundError:
        raise KeyMissingError(f"There are no keys at {path}. Make them with manage.py make_keys.") from None
    except (ValueError, KeyError, TypeError, binascii.Error):
        raise KeyWrongError(f"{path} is damaged or truncated. Put it back from its own backup.") from None


def write(directory: Path, keys: list[WrappedKey]) -> None:
    """Replace keys.json in one step."""
    put(directory, FILE_NAME, {"format": FORMAT, "keys": [key.to_json() for key in keys]})


def put(directory: Path, name: str, document: object) -> None:
    """Replace a file in one step, so that a crash leaves the old file or the new one and never half of one."""
    draft = directory / f".{name}.{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(document, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(directory / name)
    sync(directory)


def sync(directory: Path) -> None:
    """Return once the names in `directory` are on the disc: keys may be taken away elsewhere that are put here."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def load(directory: Path, backend: KeyBackend) -> Keyring:
    """Unwrap every key in `directory`. Raises KeyMissingError or KeyWrongError; never returns a partial keyring."""
    return Keyring(wrapped.unwrap(backend) for wrapped in read(directory))


def make_key(purpose: Purpose, cohort: str | None, *, taken: set[int]) -> DataKey:
    """A new random key with a number that is not in `taken`."""
    number = secrets.randbits(32)
    while number in taken or number == 0:
        number = secrets.randbits(32)
    return DataKey(number, purpose, cohort, secrets.token_bytes(KEY_BYTES))


def current() -> OwnKeyring:
    """This process's keyring, loaded at first use. Each process asks for it as it starts and stops if it fails."""
    return _own(settings.KEYRING_DIR, settings.KEYRING_HOLDER)


@cache
def _own(directory: Path, holder: str) -> OwnKeyring:
    return OwnKeyring(Path(directory) / holder, holder)
