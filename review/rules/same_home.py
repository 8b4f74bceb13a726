"""The child lives, or lived, where the user lives: their own child, or a former partner's."""

from review.examining.access import Access
from review.examining.known import Known, Person
from review.rules.base import OfRelation


def share(ours: tuple[int, ...], theirs: tuple[int, ...]) -> bool:
    """Whether a fingerprint is among both; 0 stands for none."""
    return any(each in theirs for each in ours if each)


class SameHome(OfRelation):
    code = "same_home"
    words = "The child lives or lived at the user’s own address"
    brief = "Same address"

    def bits(self, access: Access, subject: Person, known: Known) -> float:
        return self.weight.most if share(subject.traits.homes, known.child(access.child_id).homes) else 0.0
