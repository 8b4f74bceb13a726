"""The child lives, or lived, next door to the user."""

from review.examining.access import Access
from review.examining.known import Known, Person
from review.rules.base import OfRelation
from review.rules.same_home import share


class NearHome(OfRelation):
    """Not where both live in one home: that is another rule's, and said once."""

    code = "near_home"
    words = "The child lives or lived near the user’s home"
    brief = "Near the user’s home"

    def bits(self, access: Access, subject: Person, known: Known) -> float:
        own, child = subject.traits, known.child(access.child_id)
        if share(own.homes, child.homes):
            return 0.0
        return self.weight.most if share(own.postcodes, child.postcodes) else 0.0
