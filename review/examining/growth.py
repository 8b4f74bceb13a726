"""Which cases grow by what is written: one of which more was found is decided by nobody who has not seen that.

The database asks for it when somebody decides or agrees (`review_date_casework`).
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection

from review.examining.rows import rows

# Before anything is written, so that each is either decided already and grows no more, or is decided after all of it.
GROWING = """
    SELECT id FROM review_case WHERE growing AND (person_id = ANY (%s) OR child_id = ANY (%s))
    ORDER BY id FOR NO KEY UPDATE
"""
STANDS_ON = "SELECT id, case_id, counts FROM review_finding WHERE case_id = ANY (%s)"
GROWN = "UPDATE review_case SET growth = growth + 1 WHERE id = ANY (%s)"


@dataclass(frozen=True, slots=True)
class Growth:
    """The open cases about some people and children, and what they stood on before more was written."""

    cases: list[int]
    before: dict[int, float]

    @classmethod
    def of(cls, people: Collection[int], children: Collection[int]) -> "Growth":
        """As they stand. Nobody decides about them before the transaction ends."""
        cases = [case_id for (case_id,) in rows(GROWING, list(people), list(children))]
        return cls(cases, {finding_id: counts for finding_id, _, counts in _stands_on(cases)})

    def note(self) -> None:
        """Say so of each that stands on something new, or on what weighs more. What weighs less hinders nobody."""
        grown = {
            case_id for finding_id, case_id, counts in _stands_on(self.cases) if counts > self._weighed(finding_id)
        }
        if grown:
            with connection.cursor() as cursor:
                cursor.execute(GROWN, [sorted(grown)])

    def _weighed(self, finding_id: int) -> float:
        return self.before.get(finding_id, -1.0)


def _stands_on(cases: list[int]) -> list[tuple[int, int, float]]:
    return rows(STANDS_ON, cases) if cases else []
