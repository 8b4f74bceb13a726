"""The child lives, or lived, where one of the user's colleagues lives."""

from review.examining.access import Access
from review.examining.known import Known, Person
from review.rules.base import OfRelation


class ColleaguesHome(OfRelation):
    """A home is no name: what it tells is not limited with what names tell."""

    code = "colleagues_home"
    words = "The child lives or lived at the home of one of the user’s colleagues"

    def bits(self, access: Access, subject: Person, known: Known) -> float:
        colleagues = known.colleagues.get(subject.organisation_id)
        if colleagues is None:
            return 0.0
        homes = known.child(access.child_id).homes
        return self.weight.most if any(colleagues.homes.get(home, set()) - {subject.user_id} for home in homes) else 0.0
