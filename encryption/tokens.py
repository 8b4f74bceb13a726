"""Keyed fingerprints, by which sealed rows are found without being opened.

`fingerprint` is long and unique: for values that identify by themselves (an e-mail address, an NHS number).
`Tokeniser` makes short search tokens for combinations of values; collisions are wanted there.
`trait` is for values of two people that are compared where neither can be opened.
"""

from collections.abc import Callable
from functools import cache
from hashlib import blake2b

from encryption import keyring
from encryption.keys import Purpose

FINGERPRINT_BYTES = 16
# Two that are compared agree by chance once in 10^12 times; among a million values one pair or none does.
TRAIT_BYTES = 5
SEPARATOR = "\x1f"


def fingerprint(kind: str, value: str) -> bytes:
    """16 bytes that are the same for the same `kind` and `value` and tell nothing else without the key."""
    return blake2b(value.encode(), key=_derived(f"fingerprint|{kind}"), digest_size=FINGERPRINT_BYTES).digest()


def trait(kind: str, *parts: str) -> int:
    """40 bits that are the same for the same `kind` and `parts` (normalised text, free of control characters).

    Kept in sealed rows alone: whoever could read many of them would know common values by how often they come.
    """
    digest = _keyed_trait(kind).copy()
    digest.update(SEPARATOR.join(parts).encode())
    return int.from_bytes(digest.digest(), "big")


class Tokeniser:
    """Makes the search tokens of one epoch of the index: integers of `bits` bits, one space for all families."""

    def __init__(self, epoch: int, bits: int) -> None:
        if not 8 <= bits <= 31:  # noqa: PLR2004 - a PostgreSQL int4 holds 31 bits without its sign
            raise ValueError("Search tokens have 8 to 31 bits.")
        self.epoch = epoch
        self.bits = bits
        self._shift = 32 - bits

    def token(self, family: str, *parts: str) -> int:
        """The token of `parts` (normalised text, free of control characters) under `family`."""
        digest = _keyed(family, self.epoch)()
        digest.update(SEPARATOR.join(parts).encode())
        return int.from_bytes(digest.digest(), "big") >> self._shift


@cache
def _keyed(family: str, epoch: int) -> Callable[[], blake2b]:
    """Gives the hash as it stands once it has taken its key in, which costs as much as all the rest."""
    return blake2b(key=_derived(f"search|{epoch}|{family}"), digest_size=4).copy


@cache
def _keyed_trait(kind: str) -> blake2b:
    return blake2b(key=_derived(f"trait|{kind}"), digest_size=TRAIT_BYTES)


@cache
def _derived(label: str) -> bytes:
    return keyring.current().sealing_key(Purpose.TOKEN).derive(label)
