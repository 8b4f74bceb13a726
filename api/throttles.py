"""How many requests are answered in a minute: of one system, and of one person in a system.

Budgets hold what somebody may see (settings.BUDGETS); this holds off a program that runs wild. Counted in Redis, minute
by minute, under names that are keyed hashes; without Redis nothing is answered (503).
"""

import time

from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from api.callers import bearer_of

WINDOW = 60


class PerMinute(BaseThrottle):
    """So many requests as API_RATES allows of a person, and then of their system, in each minute of the clock.

    What is one person's too much is not counted against the system: nobody's program locks a council out.
    """

    def allow_request(self, request: Request, view: object) -> bool:
        bearer = bearer_of(request)
        return _within("person", bearer.user.pk) and _within("system", bearer.system_id)

    def wait(self) -> float:
        """Until the next minute begins."""
        return WINDOW - time.time() % WINDOW


def _within(scope: str, whose: int) -> bool:
    name = f"api-{scope}:{whose}:{int(time.time()) // WINDOW}"
    counted = 1 if cache.add(name, 1, 2 * WINDOW) else cache.incr(name)
    within: bool = counted <= settings.API_RATES[scope]
    return within
