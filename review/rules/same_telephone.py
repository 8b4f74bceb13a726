"""A guardian of the child has the user's own telephone number."""

from review.examining.access import Access
from review.examining.known import Known, Person
from review.rules.base import OfRelation
from review.rules.same_home import share


class SameTelephone(OfRelation):
    code = "same_telephone"
    words = "A guardian of the child has the user’s own telephone number"
    brief = "Same telephone number"

    def bits(self, access: Access, subject: Person, known: Known) -> float:
        return self.weight.most if share(subject.traits.telephones, known.child(access.child_id).telephones) else 0.0
