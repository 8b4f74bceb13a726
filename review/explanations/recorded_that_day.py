"""The person's own organisation recorded something of the child on that very day."""

from datetime import date

from review.examining.access import Access
from review.examining.known import Known
from review.explanations.base import Explanation


class RecordedThatDay(Explanation):
    code = "recorded_that_day"
    words = "Their organisation had recorded an involvement with the child that day"

    def explain(self, access: Access, known: Known) -> date | None:
        told = known.recordings(access)
        return access.day if told and told[-1].day == access.day and not told[-1].withdrawn else None
