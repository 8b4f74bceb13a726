"""The person had just opened the record of a brother or sister, for a reason: who works with a family looks at all."""

from datetime import date

from review.examining.access import Access
from review.examining.known import Known
from review.explanations.base import Explanation


class Sibling(Explanation):
    """By a home and a guardian that both have; of neighbours one would not do, nor of a father who lives elsewhere.

    Not one whose own reason is a brother or sister: else one would lead to another, from home to home.
    """

    code = "sibling"
    words = "They had just opened the record of a brother or sister, which is explained"
    leaves = 0.5

    def explain(self, access: Access, known: Known) -> date | None:
        child = known.child(access.child_id)
        homes, guardians = set(filter(None, child.homes)), {each.print for each in child.guardians}
        for each in known.explained_before(access):
            if not set(each.codes) - {self.code}:
                continue
            other = known.child(each.child_id)
            if homes.intersection(other.homes) and guardians.intersection(name.print for name in other.guardians):
                return each.day
        return None
