"""What came afterwards: many honest first looks come before the involvement that they are about."""

from datetime import date, timedelta

from review.examining.access import Access
from review.examining.known import Known, Recorded
from review.explanations.base import Explanation

HELD = timedelta(days=7)


class Later(Explanation):
    """Asked of nobody at the moment of the access. It clears one that was held: see review/examining/judging.py."""

    code = "recorded_after"
    words = "Their organisation recorded an involvement with the child in the week after"
    leaves = 0.5

    def explain(self, access: Access, known: Known) -> date | None:
        recorded = known.recorded.get(access.child_id, ())
        return next((each.day for each in recorded if self.is_explained_by(access, each)), None)

    @staticmethod
    def is_explained_by(access: Access, told: Recorded) -> bool:
        """Whether what was recorded of the access's child explains the access."""
        own = told.organisation_id == access.organisation_id and not told.withdrawn
        return own and access.at < told.at <= access.at + HELD
