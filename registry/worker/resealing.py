"""What is said of a child, sealed anew where its key is not that of the child's own row.

With a date of death, or a date of birth that is put right, a record ends in another month. The child's row is sealed
for that month as it is written; the rows beside it stay as they were, and would open when that month's key is gone.
"""

from collections.abc import Sequence

from encryption.seal import cohort_of_sealed
from registry.models import Child, ChildAddress, ChildName, ChildNumber, Guardian, Involvement
from registry.models.child import ChildRow

ROWS: tuple[type[ChildRow], ...] = (ChildName, ChildAddress, ChildNumber, Guardian, Involvement)


def seal_alike(children: Sequence[Child]) -> int:
    """Seal each row of these children for the month of the child's own. Returns how many were of another.

    Call it in the transaction that has locked the children. Copies from before stay as they were.
    """
    by_id = {child.pk: child for child in children}
    sealed = 0
    for model in ROWS:
        for row in model.objects.filter(child__in=by_id).order_by("pk"):
            row.child = by_id[row.child_id]
            if _cohorts(row) != {row.sealing_cohort()}:
                row.save()
                sealed += 1
    return sealed


def _cohorts(row: ChildRow) -> set[str | None]:
    stored = (row.__dict__[field.attname] for field in row.sealed_fields())
    return {cohort_of_sealed(value) for value in stored if value is not None}
