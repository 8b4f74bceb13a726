"""How many accesses are explained, and when. Inside `audit.reading.reading` alone.

Not those of people from whose cases the reader is barred: the database shows nobody what explains these.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from review.models import Explanation
from review.selectors.months import Month


@dataclass(frozen=True, slots=True)
class OfState:
    """How many accesses of a day stand so by now; `state` is a `review.models.State`."""

    day: date
    state: str
    times: int


def explained_by_day(authorities: list[int], month: Month) -> list[OfState]:
    """Of each day and state in which there are any, in order."""
    begin, end = month.bounds
    found = Explanation.objects.filter(authority_id__in=authorities, day__gte=begin, day__lt=end)
    counted = found.values_list("day", "state").annotate(times=Count("*")).order_by("day", "state")
    return [OfState(*row) for row in counted]
