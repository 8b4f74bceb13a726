"""The person's own search, just before, had shown the child."""

from datetime import date, timedelta

from review.examining.access import Access
from review.examining.known import Known
from review.explanations.base import Explanation, Strength

JUST_BEFORE = timedelta(minutes=30)


class Searched(Explanation):
    """Nearly everybody who opens a record has; so it says hardly anything, and explains nothing alone."""

    code = "searched"
    words = "Their own search had shown the child just before"
    strength = Strength.PART
    leaves = 0.95

    def explain(self, access: Access, known: Known) -> date | None:
        for each in known.listed.get(access.session_id or 0, ()):
            if access.at - JUST_BEFORE <= each.at <= access.at and access.child_id in each.shown:
                return access.day
        return None
