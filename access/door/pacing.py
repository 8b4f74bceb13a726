"""How many requests of whoever shows a token are answered in a minute of the clock: what holds off a program run wild.

Counted in Redis, minute by minute, under names that are keyed hashes; without Redis nothing is answered (503).
"""

import time

from django.core.cache import cache

WINDOW = 60


def within(scope: str, whose: int, most: int) -> bool:
    """Count a request of theirs, and tell whether it is one of the first `most` of this minute."""
    name = f"api-{scope}:{whose}:{int(time.time()) // WINDOW}"
    counted = 1 if cache.add(name, 1, 2 * WINDOW) else cache.incr(name)
    return bool(counted <= most)


def until_next() -> float:
    """Seconds until the next minute begins."""
    return WINDOW - time.time() % WINDOW
