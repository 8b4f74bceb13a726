"""Many people who have nothing to do with each other come upon one child within days: one is in the news."""

from math import log2

from review.examining.access import Access
from review.examining.known import Known
from review.rules.base import OfDoubt

ORGANISATIONS = 3


class InTheNews(OfDoubt):
    code = "in_the_news"
    words = "Many people of different organisations looked for the same child within a week"

    def bits(self, access: Access, known: Known) -> float:
        sought = known.sought.get(access.child_id)
        if sought is None or sought.people < self.weight.fewest or sought.organisations < ORGANISATIONS:
            return 0.0
        return self.weight.within(log2(sought.people) - 1)
