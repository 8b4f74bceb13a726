"""Tags that prove a message was made by a process which holds the keyring, and by nobody who has the database alone."""

import hmac
from hashlib import blake2b

from encryption import keyring
from encryption.keys import DataKey, Purpose

TAG_BYTES = 16
_LABEL = "event authentication"


def authenticate(message: bytes) -> bytes:
    """The 16-byte tag of `message` under the newest audit key (keyed BLAKE2b, RFC 7693)."""
    return _tag(message, keyring.current().sealing_key(Purpose.AUDIT))


def is_authentic(message: bytes, tag: bytes) -> bool:
    """Whether `tag` was made for `message` under any audit key that is still kept."""
    return any(hmac.compare_digest(_tag(message, key), tag) for key in keyring.current().keys_for(Purpose.AUDIT))


def _tag(message: bytes, key: DataKey) -> bytes:
    return blake2b(message, key=key.derived(_LABEL), digest_size=TAG_BYTES).digest()
