"""Values that whoever writes them cannot read again: sealed to the public half of another process's key.

Hybrid public key encryption (RFC 9180): X25519, HKDF-SHA256, AES-256-GCM, with a key of its own for each value. Bound
to their place, as sealed values are, and padded. Who seals holds the lock alone (encryption/holders.py). They prove
nothing of who sealed them: whoever has the lock can.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from encryption import keyring
from encryption.errors import ValueDamagedError
from encryption.keys import LOCKS, Purpose
from encryption.seal import Place, pad, unpad

VERSION = 1
SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def lock(value: bytes, place: Place, lock_purpose: Purpose, *, pad_to: int) -> bytes:
    """Seal `value` for `place`, so that only the process opens it which holds the key of this lock."""
    public = X25519PublicKey.from_public_bytes(keyring.current().sealing_key(lock_purpose).secret)
    return bytes([VERSION]) + SUITE.encrypt(pad(value, pad_to), public, info=_bound_to(place, LOCKS[lock_purpose]))


def unlock(locked: bytes, place: Place, purpose: Purpose) -> bytes:
    """The value that was locked for `place`. Raises ValueDamagedError, KeyMissingError; never returns a guess."""
    kept = keyring.current()
    kept.sealing_key(purpose)  # says that there is none, rather than that the value is damaged
    if locked[:1] != bytes([VERSION]):
        raise ValueDamagedError(f"The value at {place} is no locked value.")
    for key in reversed(kept.keys_for(purpose)):
        try:
            private = X25519PrivateKey.from_private_bytes(key.secret)
            return unpad(SUITE.decrypt(locked[1:], private, info=_bound_to(place, purpose)))
        except InvalidTag:
            continue
    raise ValueDamagedError(f"The value at {place} was altered or moved, or locked for somebody else.")


def _bound_to(place: Place, purpose: Purpose) -> bytes:
    return b"contactpoint locked %d\0%b\0" % (VERSION, purpose.encode()) + place.associated_data(0)
