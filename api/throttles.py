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


class _PerMinute(BaseThrottle):
    """So many requests as API_RATES allows of `scope`, in each minute of the clock."""

    scope: str

    def allow_request(self, request: Request, view: object) -> bool:
        name = f"api-{self.scope}:{self.whose(request)}:{int(time.time()) // WINDOW}"
        counted = 1 if cache.add(name, 1, 2 * WINDOW) else cache.incr(name)
        return counted <= settings.API_RATES[self.scope]

    def wait(self) -> float:
        """Until the next minute begins."""
        return WINDOW - time.time() % WINDOW

    def whose(self, request: Request) -> int:
        """Whose requests are counted together."""
        raise NotImplementedError


class PerSystem(_PerMinute):
    """All people in one system."""

    scope = "system"

    def whose(self, request: Request) -> int:
        return bearer_of(request).system_id


class PerPerson(_PerMinute):
    """One person, in whichever system and session."""

    scope = "person"

    def whose(self, request: Request) -> int:
        return bearer_of(request).user.pk
