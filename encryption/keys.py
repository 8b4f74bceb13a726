"""Data keys: what one is for, how it is committed to, and what is derived from it."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

KEY_BYTES = 32


class Purpose(StrEnum):
    """What a data key may be used for. One key, one purpose."""

    CHILD = "child"  # a child's record; one key for each cohort, so that a cohort can be destroyed
    USER = "user"  # names and addresses of users
    SIGN_IN = "sign_in"  # second factors, and what is kept of a browser in which somebody signs in
    TRAIT = "trait"  # what of children and users can be compared: fingerprints, a row for each
    AUDIT = "audit"  # search criteria inside audit events
    TAG = "tag"  # the tags by which events are known for ours
    CHECKPOINT = "checkpoint"  # signs the checkpoints of the access log
    TELLING = "telling"  # signs what systems are told
    SESSION = "session"  # session contents
    REFERENCE = "reference"  # opaque references to records in links
    TOKEN = "token"  # noqa: S105 - keyed fingerprints, by which sealed rows are found
    KEY_ID = "key_id"  # hides which key sealed a value
    IDENTITY = "identity"  # opens what a child is to be called from now on
    IDENTITY_LOCK = "identity_lock"  # its public half: seals that, and opens nothing
    ESCROW = "escrow"  # opens half of what says that two records are one child's
    ESCROW_LOCK = "escrow_lock"  # its public half
    FEED = "feed"  # opens what suppliers send
    FEED_LOCK = "feed_lock"  # its public half


# Who holds the lock seals for whoever holds the key, and opens nothing of it (encryption/locked.py).
LOCKS: dict[Purpose, Purpose] = {
    Purpose.IDENTITY_LOCK: Purpose.IDENTITY,
    Purpose.ESCROW_LOCK: Purpose.ESCROW,
    Purpose.FEED_LOCK: Purpose.FEED,
}


def cohort_of(destroy_on: date) -> str:
    """The cohort of all records destroyed in the same month, such as "2041-03"."""
    return f"{destroy_on:%Y-%m}"


@dataclass(frozen=True)
class DataKey:
    """A key of 32 random bytes. `number` names it in sealed values; `cohort` is set for Purpose.CHILD alone."""

    number: int
    purpose: Purpose
    cohort: str | None
    secret: bytes = field(repr=False)

    @cached_property
    def cipher(self) -> AESGCMSIV:
        """AES-256-GCM-SIV (RFC 8452) under this key; safe to share between threads."""
        return AESGCMSIV(self.secret)

    @cached_property
    def context(self) -> bytes:
        """What the key is, for binding its wrapping to it."""
        return f"contactpoint data key 1|{self.number:08x}|{self.purpose}|{self.cohort or ''}".encode()

    def commitment(self) -> bytes:
        """A tag that fits this key and no other, so that a wrapped key cannot be swapped for another."""
        tag = hmac.HMAC(self.secret, hashes.SHA256())
        tag.update(b"commitment|" + self.context)
        return tag.finalize()

    def public_half(self) -> bytes:
        """The 32 bytes of the X25519 key (RFC 7748) that belongs to this one; to be sealed to."""
        return X25519PrivateKey.from_private_bytes(self.secret).public_key().public_bytes_raw()

    def derive(self, label: str) -> bytes:
        """A 32-byte key for the use that `label` names (HKDF-Expand, RFC 5869, from a uniformly random key)."""
        return HKDFExpand(hashes.SHA256(), KEY_BYTES, label.encode()).derive(self.secret)

    def derived(self, label: str) -> bytes:
        """As `derive`, made once and kept."""
        if label not in self._kept:
            self._kept[label] = self.derive(label)
        return self._kept[label]

    @cached_property
    def _kept(self) -> dict[str, bytes]:
        return {}
