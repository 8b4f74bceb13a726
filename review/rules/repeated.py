"""The same child again and again, on different days, and nothing explains it."""

from review.examining.access import Access
from review.examining.known import Known
from review.rules.base import OfDoubt


class Repeated(OfDoubt):
    code = "repeated"
    words = "The user came back to the same child, and nothing explains any of it"
    brief = "Came back"

    def bits(self, access: Access, known: Known) -> float:
        before = known.doubtful_before(access, self.weight.days)
        days = {each.day for each in before if each.child_id == access.child_id} | {access.day}
        if len(days) < self.weight.fewest:
            return 0.0
        return self.weight.within(self.weight.each * (len(days) - self.weight.fewest + 1))
