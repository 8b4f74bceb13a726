"""A colleague has lately opened the same child, for a reason of their own."""

from datetime import date

from review.examining.access import Access
from review.examining.known import Known
from review.explanations.base import Explanation


class Colleague(Explanation):
    """Not one whose own reason is that a colleague did: else one glance would explain a whole hospital, one by one."""

    code = "colleague"
    words = "A colleague opened the same record in the two weeks before, which is explained"
    leaves = 0.5

    def explain(self, access: Access, known: Known) -> date | None:
        for each in known.openings_by_colleagues(access):
            if each.was_explained(access.at) and set(each.codes) - {self.code}:
                return each.day
        return None
