"""A guardian of the child has the user's own full name."""

from review.examining.access import Access
from review.examining.known import Known, Person
from review.rules.base import OfRelation


class OwnName(OfRelation):
    code = "own_name"
    by_name = True
    words = "A guardian of the child has the user’s own name"
    brief = "A guardian of their name"

    def bits(self, access: Access, subject: Person, known: Known) -> float:
        own = subject.traits.whole
        if own is None or own.bits <= self.weight.floor:
            return 0.0
        if any(name.print == own.print for name in known.child(access.child_id).guardians):
            return self.weight.within(own.bits - self.weight.floor)
        return 0.0
