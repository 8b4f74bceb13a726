"""Ed25519 signatures (RFC 8032) by keys of the keyring. The newest signs; the public halves of all stay known."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from encryption import keyring
from encryption.keys import DataKey, Purpose

_LABEL = "ed25519 checkpoint"


class Signer:
    """Signs under one key. `public_key` is its 32 raw bytes."""

    def __init__(self, key: DataKey) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(key.derived(_LABEL))
        self.public_key: bytes = self._private.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the signature."""
        return self._private.sign(message)


def newest_signer() -> Signer:
    """Signs under the newest key. Raises KeyMissingError."""
    return Signer(keyring.current().sealing_key(Purpose.CHECKPOINT))


def public_keys() -> list[bytes]:
    """The public halves of all keys that ever signed and are kept, oldest first."""
    return [Signer(key).public_key for key in keyring.current().keys_for(Purpose.CHECKPOINT)]
