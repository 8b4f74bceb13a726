"""A colleague rang a mediator for it, and read out a code that only they have."""

from datetime import date

from review.examining.access import Access
from review.examining.known import Known
from review.explanations.base import Explanation, Strength


class Mediated(Explanation):
    """Two people had to do with it, which misuse shuns; what the colleague's own organisation has to do with the child
    is asked as of anybody."""

    code = "mediated"
    words = "A colleague rang a mediator for it"
    strength = Strength.PART
    leaves = 0.7
    of_strangers = True

    def explain(self, access: Access, known: Known) -> date | None:
        return access.day if access.is_mediated else None
