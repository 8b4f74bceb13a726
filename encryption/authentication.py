"""Tags that prove a message was made by a process which holds a key for them, not by who has the database alone.

Whoever checks a tag could make one as well. That gives nobody a right in the database: see ADR 27.
"""

import hmac
from hashlib import blake2b

from encryption import keyring
from encryption.keys import DataKey, Purpose

TAG_BYTES = 16


def authenticate(message: bytes) -> bytes:
    """The 16-byte tag of `message` under the newest key for tags (keyed BLAKE2b, RFC 7693)."""
    return _tag(message, keyring.current().sealing_key(Purpose.TAG))


def is_authentic(message: bytes, tag: bytes) -> bool:
    """Whether `tag` was made for `message` under any key for tags that is still kept."""
    kept = keyring.current()
    # Another process may have been given a newer key first.
    return _fits(message, tag, kept) or (kept.renew() and _fits(message, tag, kept))


def _fits(message: bytes, tag: bytes, kept: keyring.Keyring) -> bool:
    return any(hmac.compare_digest(_tag(message, key), tag) for key in kept.keys_for(Purpose.TAG))


def _tag(message: bytes, key: DataKey) -> bytes:
    return blake2b(message, key=key.secret, digest_size=TAG_BYTES).digest()
