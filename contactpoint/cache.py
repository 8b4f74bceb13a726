"""What goes into Redis: values as JSON, under names that tell nothing."""

import json

from django.utils.crypto import salted_hmac


def hidden(key: str, prefix: str, version: int) -> str:
    """The name under which Redis keeps `key`: whose it is, and the rest keyed with SECRET_KEY.

    Those who count there put network addresses, numbers of users and codes that were used up into the names of their
    counts. `prefix` is the process, whose account has no other names (contactpoint/redis_accounts.py).
    """
    digest = salted_hmac("contactpoint.cache", f"{version}:{key}", algorithm="sha256").hexdigest()
    return f"{prefix}:{digest}"


class JsonSerializer:
    """Numbers as they are, so that Redis can count them; everything else as JSON.

    Django's default is pickle: whoever can write to Redis could then run code in our processes.
    """

    def dumps(self, value: object) -> int | bytes:
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        return json.dumps(value).encode()

    def loads(self, stored: bytes) -> object:
        return json.loads(stored)
