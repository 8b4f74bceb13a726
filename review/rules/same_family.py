"""The child, or a guardian, has the user's family name, and it is a rare one."""

from review.examining.access import Access
from review.examining.known import Known, Person
from review.rules.base import OfRelation


class SameFamily(OfRelation):
    """By rarity alone: who shares a common name with a child shares nothing.

    How rare a name is comes from public counts. One that these do not know counts as no rarer than their rarest.
    """

    code = "same_family"
    by_name = True
    words = "The child’s family has the user’s own, rare family name"
    brief = "Same rare family name"

    def bits(self, access: Access, subject: Person, known: Known) -> float:
        own, child = subject.traits.family, known.child(access.child_id)
        if own is None or own.bits <= self.weight.floor:
            return 0.0
        whole = subject.traits.whole
        if whole and any(name.print == whole.print for name in child.guardians):
            return 0.0  # the whole name is another rule's, and said once
        if any(name.print == own.print for name in (*child.families, *child.guardian_families)):
            return self.weight.within(own.bits - self.weight.floor)
        return 0.0
