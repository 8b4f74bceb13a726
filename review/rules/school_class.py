"""Child after child of one school year of one school, which is not the user's."""

from collections import defaultdict

from review.examining.access import Access
from review.examining.known import Known
from review.explanations.involved import EDUCATION
from review.rules.base import OfDoubt


class SchoolClass(OfDoubt):
    code = "class"
    words = "The user opened several children of the same year of a school that is not theirs"
    brief = "One school year"

    def bits(self, access: Access, known: Known) -> float:
        schools = self._schools(access.child_id, known) - {access.organisation_id}
        born = known.child(access.child_id).born
        if not schools or not born:
            return 0.0
        together: defaultdict[int, set[int]] = defaultdict(set)
        children = {each.child_id for each in known.doubtful_before(access, self.weight.days)} | {access.child_id}
        for child_id in children:
            if known.child(child_id).born == born:
                for school in schools & self._schools(child_id, known):
                    together[school].add(child_id)
        most = max(map(len, together.values()))
        if most < self.weight.fewest:
            return 0.0
        return self.weight.within(self.weight.each * (most - self.weight.fewest + 1) + self.weight.each)

    @staticmethod
    def _schools(child_id: int, known: Known) -> set[int]:
        return {each.organisation_id for each in known.child(child_id).involved if each.service in EDUCATION}
