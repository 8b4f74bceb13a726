"""An account that slept for long wakes up."""

from review.examining.access import Access
from review.examining.known import Known
from review.rules.base import OfDoubt


class Dormant(OfDoubt):
    """Of somebody who is new here it says nothing: they have no past."""

    code = "dormant"
    words = "The account had not been used for two months"

    def bits(self, access: Access, known: Known) -> float:
        last = known.past(access.person_id).last_day
        return self.weight.most if last and (access.day - last).days >= self.weight.days else 0.0
