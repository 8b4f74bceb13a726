"""Child after child of one street."""

from review.examining.access import Access
from review.examining.known import Known
from review.rules.base import OfDoubt


class Street(OfDoubt):
    """By homes: brothers and sisters are one."""

    code = "street"
    words = "The user opened children of several homes that have one postcode"
    brief = "Homes of one postcode"

    def bits(self, access: Access, known: Known) -> float:
        here = set(filter(None, known.child(access.child_id).postcodes))
        if not here:
            return 0.0
        homes: set[int] = set()
        children = {each.child_id for each in known.doubtful_before(access, self.weight.days)} | {access.child_id}
        for child_id in children:
            child = known.child(child_id)
            if here.intersection(child.postcodes):
                # Where the house is not known, the child stands for it.
                homes.add(next(filter(None, child.homes), -child_id))
        if len(homes) < self.weight.fewest:
            return 0.0
        return self.weight.within(self.weight.each * (len(homes) - self.weight.fewest + 1))
