"""Signatures by keys of the keyring: the newest of the log's signs it, and the public halves of all stay known.

The log is signed by Ed25519 (RFC 8032). What systems of others are told is signed by ECDSA on P-256 (ES256 of RFC 7518,
3.4), which every library for JSON Web Tokens can check.
"""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from encryption import keyring
from encryption.keys import DataKey, Purpose

_LABEL = "ed25519 checkpoint"
# Together 64 bytes: of so many more than the curve's order has, none of its numbers is likelier than another
# (FIPS 186-5, A.2.1).
_TELLING_LABELS = ("es256 telling, first half", "es256 telling, second half")
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_P256_BYTES = 32


class Signer:
    """Signs under one key. `public_key` is its 32 raw bytes."""

    def __init__(self, key: DataKey) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(key.derived(_LABEL))
        self.public_key: bytes = self._private.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the signature."""
        return self._private.sign(message)


class TellingSigner:
    """Signs under one key what systems are told. `x` and `y` are its public half, 32 bytes each."""

    def __init__(self, key: DataKey) -> None:
        wide = int.from_bytes(b"".join(key.derived(label) for label in _TELLING_LABELS), "big")
        self._private = ec.derive_private_key(wide % (_P256_ORDER - 1) + 1, ec.SECP256R1())
        public = self._private.public_key().public_numbers()
        self.x: bytes = public.x.to_bytes(_P256_BYTES, "big")
        self.y: bytes = public.y.to_bytes(_P256_BYTES, "big")

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the signature, as JSON Web Signatures have it."""
        pair = decode_dss_signature(self._private.sign(message, ec.ECDSA(hashes.SHA256())))
        return b"".join(part.to_bytes(_P256_BYTES, "big") for part in pair)


def newest_signer() -> Signer:
    """Signs under the newest key. Raises KeyMissingError."""
    return Signer(keyring.current().sealing_key(Purpose.CHECKPOINT))


def public_keys() -> list[bytes]:
    """The public halves of all keys that ever signed and are kept, oldest first."""
    return [Signer(key).public_key for key in keyring.current().keys_for(Purpose.CHECKPOINT)]


def telling_signers() -> list[TellingSigner]:
    """Sign what systems are told, oldest first. Raises KeyMissingError where there is no key for it."""
    held = keyring.current()
    held.sealing_key(Purpose.TELLING)  # which looks for one that was made since
    return [TellingSigner(key) for key in held.keys_for(Purpose.TELLING)]
