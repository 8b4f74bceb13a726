"""The person's own organisation works with the child."""

from collections.abc import Iterator
from datetime import date

from registry.traits.values import OPEN, SERVICE_CODES, Involved
from registry.vocabulary import EDUCATION_SERVICES, Service
from review.examining.access import Access
from review.examining.known import Known
from review.explanations.base import Explanation

EDUCATION = frozenset(SERVICE_CODES[service] for service in EDUCATION_SERVICES)
PRACTICE = frozenset({SERVICE_CODES[Service.GP]})
OTHERS = frozenset(SERVICE_CODES.values()) - EDUCATION - PRACTICE


def running(access: Access, known: Known, services: frozenset[int]) -> Iterator[Involved]:
    """The organisation's involvements of these services that ran on the day of the access."""
    day = access.day.toordinal()
    for each in known.involvements(access):
        if each.service in services and each.from_day <= day and (each.to_day == OPEN or each.to_day >= day):
            yield each


def since(involvements: Iterator[Involved]) -> date | None:
    """The day on which the longest of them began."""
    first = min((each.from_day for each in involvements), default=None)
    return date.fromordinal(first) if first is not None else None


class InvolvedNow(Explanation):
    code = "involved"
    words = "Their organisation is involved with the child"

    def explain(self, access: Access, known: Known) -> date | None:
        return since(running(access, known, OTHERS))
