"""The person's own search, just before, had shown the child."""

from datetime import date

from review.examining.access import Access
from review.examining.known import Known
from review.explanations.base import Explanation, Strength


class Searched(Explanation):
    """Nearly everybody who opens a record has; so it says hardly anything, and explains nothing alone."""

    code = "searched"
    words = "Their own search had shown the record just before"
    strength = Strength.PART
    leaves = 0.95
    of_strangers = True

    def explain(self, access: Access, known: Known) -> date | None:
        return access.day if known.searches_before(access) else None
