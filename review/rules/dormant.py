"""An account that slept for long wakes up."""

from review.examining.access import Access
from review.examining.known import Known
from review.rules.base import OfDoubt

LATELY = 14  # days for which it is awake only lately


class Dormant(OfDoubt):
    """Whoever is back from leave has a reason for nearly all that they look at. Of somebody who is new here it says
    nothing: they have no past.
    """

    code = "dormant"
    words = "The account had not been used for two months, and is used again lately"
    brief = "Account long unused"

    def bits(self, access: Access, known: Known) -> float:
        awoke = known.past(access.person_id).awoke(access.day, self.weight.days)
        return self.weight.most if awoke and (access.day - awoke).days < LATELY else 0.0
