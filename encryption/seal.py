"""Sealed values: AES-256-GCM-SIV (RFC 8452), bound to their place, padded, with the key's number hidden.

    byte 0        version, 1
    bytes 1-4     number of the data key, XORed with a keyed fingerprint of the nonce (but see NUMBER_IN_CLEAR)
    bytes 5-16    nonce, random
    bytes 17-     ciphertext of the padded value, then the 16-byte tag

The key's number is hidden because child keys go by cohort (month of destruction): in clear it would tell a thief
each child's month of birth. Associated data bind the value to its place: copied to another row or column, or put
back after the row has changed, it does not open. Not protected: that a row was deleted, or put back as a whole.
"""

import secrets
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from cryptography.exceptions import InvalidTag

from encryption import keyring
from encryption.errors import ValueDamagedError
from encryption.keys import DataKey, Purpose

VERSION = 1
NONCE_BYTES = 12
HEADER_BYTES = 17
TAG_BYTES = 16
PADDING_STEP = 16
# One key serves all of it, so that its number tells nothing; and who opens it need not hold the key that hides numbers,
# with which they would see the cohort of every child.
NUMBER_IN_CLEAR = frozenset({Purpose.TRAIT})
MINIMUM_BYTES = HEADER_BYTES + PADDING_STEP + TAG_BYTES


class Place(NamedTuple):
    """Where a sealed value stands. `row` and `version` are those of its database row."""

    table: str
    column: str
    row: int
    version: int

    def associated_data(self, key_number: int) -> bytes:
        """Canonical bytes of the place: no two places share them, since no name holds a NUL."""
        return _associated(_column(self.table, self.column), self.row, self.version, key_number)

    def __str__(self) -> str:
        return f"{self.table}.{self.column}, row {self.row}, version {self.version}"


def seal(value: bytes, place: Place, key: DataKey, *, pad_to: int = PADDING_STEP) -> bytes:
    """Seal `value` for `place`. Its length is padded to a multiple of `pad_to` bytes (itself a multiple of 16)."""
    return seal_with_nonce(value, place, key, secrets.token_bytes(NONCE_BYTES), pad_to=pad_to)


def seal_with_nonce(value: bytes, place: Place, key: DataKey, nonce: bytes, *, pad_to: int) -> bytes:
    """As `seal`, with the nonce given. Only for known-answer vectors: a nonce is never the caller's choice."""
    mask = _mask(nonce, key.purpose, keyring.current())
    return _sealed(value, place.associated_data(key.number), key, mask, nonce, pad_to)


def seal_column(
    table: str, column: str, entries: Sequence[tuple[int, int, DataKey, bytes]], *, pad_to: int
) -> list[bytes]:
    """As `seal`, for rows by the thousand: each value of `entries` (row, version, key, value) for its row's version.

    Half the time of as many calls of `seal`, since what they share is asked for once, nonces among it.
    """
    begins, keys = _column(table, column), keyring.current()
    nonces = secrets.token_bytes(NONCE_BYTES * len(entries))
    sealed = []
    for place, (row, version, key, value) in enumerate(entries):
        nonce = nonces[place * NONCE_BYTES : (place + 1) * NONCE_BYTES]
        mask = _mask(nonce, key.purpose, keys)
        sealed.append(_sealed(value, _associated(begins, row, version, key.number), key, mask, nonce, pad_to))
    return sealed


def open_sealed(sealed: bytes, place: Place, purpose: Purpose) -> bytes:
    """The value that was sealed for `place` with a key for that purpose.

    Another key for the same place is another process's: what it seals is made up. Raises ValueDamagedError or
    KeyMissingError; never returns a guess.
    """
    if len(sealed) < MINIMUM_BYTES or sealed[0] != VERSION:
        raise ValueDamagedError(f"The value at {place} is truncated or is not a sealed value.")
    keys = keyring.current()
    key = keys.opening_key(_key_number(sealed, purpose, keys))
    if key.purpose != purpose:
        raise ValueDamagedError(f"The value at {place} was sealed with a key that is for something else.")
    nonce = sealed[HEADER_BYTES - NONCE_BYTES : HEADER_BYTES]
    try:
        padded = key.cipher.decrypt(nonce, sealed[HEADER_BYTES:], place.associated_data(key.number))
    except InvalidTag:
        raise ValueDamagedError(f"The value at {place} was altered, put back or moved, and does not open.") from None
    return unpad(padded)


def key_number(sealed: bytes, purpose: Purpose) -> int:
    """The number of the key that sealed the value, which is of that purpose; else any number."""
    return _key_number(sealed, purpose, keyring.current())


def cohort_of_sealed(sealed: bytes) -> str | None:
    """The cohort of the key that sealed a child's value, which stays closed. Raises KeyMissingError."""
    keys = keyring.current()
    return keys.opening_key(_key_number(sealed, Purpose.CHILD, keys)).cohort


def pad(value: bytes, step: int) -> bytes:
    """Pad as in ISO/IEC 7816-4: 0x80, then zeros up to a multiple of `step`."""
    return value + b"\x80" + b"\0" * (-(len(value) + 1) % step)


def unpad(padded: bytes) -> bytes:
    """Undo `pad`. Raises ValueDamagedError where nothing was padded."""
    value = padded.rstrip(b"\0")
    if value[-1:] != b"\x80":
        raise ValueDamagedError("A sealed value opened to bytes that were never padded.")
    return value[:-1]


@lru_cache(maxsize=1024)
def _column(table: str, column: str) -> bytes:
    return f"contactpoint sealed {VERSION}\0{table}\0{column}\0".encode()


def _associated(column: bytes, row: int, version: int, key_number: int) -> bytes:
    return b"%b%d\0%d\0%08x" % (column, row, version, key_number)


def _sealed(value: bytes, associated: bytes, key: DataKey, mask: int, nonce: bytes, pad_to: int) -> bytes:
    ciphertext = key.cipher.encrypt(nonce, pad(value, pad_to), associated)
    return b"%c%b%b%b" % (VERSION, (key.number ^ mask).to_bytes(4, "big"), nonce, ciphertext)


def _key_number(sealed: bytes, purpose: Purpose, keys: keyring.Keyring) -> int:
    nonce = sealed[HEADER_BYTES - NONCE_BYTES : HEADER_BYTES]
    return int.from_bytes(sealed[1:5], "big") ^ _mask(nonce, purpose, keys)


def _mask(nonce: bytes, purpose: Purpose, keys: keyring.Keyring) -> int:
    if purpose in NUMBER_IN_CLEAR:
        return 0
    keyed = _keyed(keys).copy()
    keyed.update(nonce)
    return int.from_bytes(keyed.digest(), "big")


@lru_cache(maxsize=4)
def _keyed(keys: keyring.Keyring) -> blake2b:
    """The hash as it stands once it has taken its key in, which costs as much as all the rest."""
    return blake2b(key=keys.sealing_key(Purpose.KEY_ID).secret, digest_size=4)
