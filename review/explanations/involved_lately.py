"""The person's own organisation has worked with the child until lately: letters are still answered, files closed."""

from datetime import date

from review.examining.access import Access
from review.examining.known import Known
from review.explanations.base import Explanation

LATELY = 90  # days


class InvolvedLately(Explanation):
    code = "involved_lately"
    words = "Their organisation was involved with the child until less than three months before"

    def explain(self, access: Access, known: Known) -> date | None:
        day = access.day.toordinal()
        last = max((each.to_day for each in known.involvements(access) if each.to_day < day), default=0)
        return date.fromordinal(last) if last and day - last <= LATELY else None
