"""The child lives, or lived, where one of the user's colleagues lives."""

from math import log2

from review.examining.access import Access
from review.examining.known import Known, Person
from review.rules.base import OfRelation


class ColleaguesHome(OfRelation):
    """A home is no name: what it tells is not limited with what names tell. With many colleagues, whose child it is by
    chance is often one of theirs.
    """

    code = "colleagues_home"
    words = "The child lives or lived at the home of one of the user’s colleagues"
    brief = "A colleague’s home"

    def bits(self, access: Access, subject: Person, known: Known) -> float:
        colleagues = known.colleagues.get(subject.organisation_id)
        if colleagues is None:
            return 0.0
        homes = known.child(access.child_id).homes
        if any(colleagues.homes.get(home, set()) - {subject.user_id} for home in homes):
            return self.weight.within(self.weight.each - log2(colleagues.people))
        return 0.0
