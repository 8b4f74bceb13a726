"""The person's own organisation had recorded an involvement, by the log: it is known before traits are made anew."""

from datetime import date

from review.examining.access import Access
from review.examining.known import Known
from review.explanations.base import Explanation

LATELY = 365  # days; what was recorded before that stands among the child's traits, with the day on which it ended


class RecordedBefore(Explanation):
    code = "recorded_before"
    words = "Their organisation had recorded an involvement with the child"

    def explain(self, access: Access, known: Known) -> date | None:
        told = known.recordings(access)
        if not told or told[-1].withdrawn or told[-1].day == access.day:
            return None
        return told[-1].day if (access.day - told[-1].day).days <= LATELY else None
