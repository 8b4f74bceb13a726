"""The child goes to the person's school or nursery."""

from datetime import date

from review.examining.access import Access
from review.examining.known import Known
from review.explanations.base import Explanation
from review.explanations.involved import EDUCATION, running, since


class Pupil(Explanation):
    code = "pupil"
    words = "The child is at their school, college or nursery"

    def explain(self, access: Access, known: Known) -> date | None:
        return since(running(access, known, EDUCATION))
