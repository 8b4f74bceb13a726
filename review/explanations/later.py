"""What came afterwards: many honest first looks come before the involvement that they are about."""

from datetime import date, timedelta

from review.examining.access import Access
from review.examining.known import Known
from review.explanations.base import Explanation

HELD = timedelta(days=7)


class Later(Explanation):
    """Asked of nobody at the moment of the access. It clears one that was held: see review/examining/judging.py."""

    code = "recorded_after"
    words = "Their organisation recorded an involvement with the child in the week after"
    leaves = 0.5

    def explain(self, access: Access, known: Known) -> date | None:
        for each in known.recorded.get(access.child_id, ()):
            own = each.organisation_id == access.organisation_id and not each.withdrawn
            if own and access.at < each.at <= access.at + HELD:
                return each.day
        return None
