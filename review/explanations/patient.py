"""The child is registered with the person's GP practice."""

from datetime import date

from review.examining.access import Access
from review.examining.known import Known
from review.explanations.base import Explanation
from review.explanations.involved import PRACTICE, running, since


class Patient(Explanation):
    code = "patient"
    words = "The child is a patient of their practice"

    def explain(self, access: Access, known: Known) -> date | None:
        return since(running(access, known, PRACTICE))
