"""A guardian of the child has the name of one of the user's colleagues."""

from math import log2

from review.examining.access import Access
from review.examining.known import Known, Person
from review.rules.base import OfRelation


class ColleaguesChild(OfRelation):
    code = "colleagues_child"
    by_name = True
    words = "A guardian of the child has the name of one of the user’s colleagues"
    brief = "A colleague’s name"

    def bits(self, access: Access, subject: Person, known: Known) -> float:
        colleagues = known.colleagues.get(subject.organisation_id)
        if colleagues is None or colleagues.people < 2:  # noqa: PLR2004 - alone, one has none
            return 0.0
        child, others = known.child(access.child_id), log2(colleagues.people)
        rarest = max(
            (each.bits for each in child.guardians if colleagues.names.get(each.print, set()) - {subject.user_id}),
            default=0,
        )
        return self.weight.within(rarest - self.weight.floor - others)
