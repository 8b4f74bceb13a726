"""The child lives, and is looked after, in the areas of other authorities than the user's."""

from review.examining.access import Access
from review.examining.known import Known
from review.rules.base import OfDoubt


class OutOfArea(OfDoubt):
    """Of a child whose area nobody knows it says nothing."""

    code = "out_of_area"
    words = "The child has nothing to do with the user’s area"
    brief = "Out of their area"

    def bits(self, access: Access, known: Known) -> float:
        areas = known.areas_of(access.child_id, access.day)
        return self.weight.most if areas and known.area_of(access) not in areas else 0.0
