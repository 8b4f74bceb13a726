"""Which explained accesses somebody is to look at, who does not know that nothing was found.

They are the only honest estimate of what the rules miss. Whether an access is one of them hangs on a key that neither
its person nor the database knows, so that nobody can tell beforehand, and on nothing else, so that the same ones are
drawn when history is examined again.
"""

from functools import lru_cache
from hashlib import blake2b

from encryption import keyring
from encryption.keys import DataKey, Purpose

LABEL = "blind sample"
_BYTES = 8


def is_sampled(event_id: int, share: float) -> bool:
    """Whether that access is one of the sample, of which `share` of all are."""
    key = _derived(keyring.current().sealing_key(Purpose.TRAIT))
    drawn = blake2b(event_id.to_bytes(8, "big"), key=key, digest_size=_BYTES).digest()
    return int.from_bytes(drawn, "big") < share * (1 << 8 * _BYTES)


@lru_cache(maxsize=4)
def _derived(key: DataKey) -> bytes:
    return key.derive(LABEL)
