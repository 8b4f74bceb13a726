"""How many requests are answered in a minute: of one system, and of one person in a system.

Budgets hold what somebody may see (settings.BUDGETS); this holds off a program that runs wild.
"""

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from access.door.pacing import until_next, within
from api.callers import bearer_of


class PerMinute(BaseThrottle):
    """So many requests as API_RATES allows of a person, and then of their system, in each minute of the clock.

    What is one person's too much is not counted against the system: nobody's program locks a council out.
    """

    def allow_request(self, request: Request, view: object) -> bool:
        bearer, most = bearer_of(request), settings.API_RATES
        return within("person", bearer.user.pk, most["person"]) and within("system", bearer.system_id, most["system"])

    def wait(self) -> float:
        """Until the next minute begins."""
        return until_next()
