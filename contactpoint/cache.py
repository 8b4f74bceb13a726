"""What goes into Redis, as JSON.

Django's default is pickle: whoever can write to Redis could then run code in our processes.
"""

import json


class JsonSerializer:
    """Numbers as they are, so that Redis can count them; everything else as JSON."""

    def dumps(self, value: object) -> int | bytes:
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        return json.dumps(value).encode()

    def loads(self, stored: bytes) -> object:
        return json.loads(stored)
