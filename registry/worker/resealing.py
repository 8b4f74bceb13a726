"""Records sealed anew, as the month changes in which they are destroyed.

That month follows from a date of birth or death that is put right, from a consent to keep the record and its end, and
from where the child is known to live (registry/rules/retention.py). The key of that month seals the child's own row, by
which the worker finds who is due, and the rows beside it, which would else not open any more, or still open, when the
record goes.
"""

from collections.abc import Sequence

import structlog
from django.db import transaction
from django.utils import timezone

from encryption.seal import cohort_of_sealed
from registry.models import (
    Child,
    ChildAddress,
    ChildName,
    ChildNumber,
    ChildSaidBy,
    Following,
    Guardian,
    Involvement,
    Keeping,
    Report,
)
from registry.models.child import ChildRow
from registry.traits.rebuilding import make_block

ROWS: tuple[type[ChildRow], ...] = (
    *(ChildName, ChildAddress, ChildNumber, ChildSaidBy, Guardian, Involvement, Report, Following),
)
_of_others: list[type[ChildRow]] = []

logger = structlog.get_logger(__name__)


def register(model: type[ChildRow]) -> None:
    """Rows of a layer above that tell something of a `child`, too, under the key of the child's own row."""
    _of_others.append(model)


@transaction.atomic
def seal_for_term(child_id: int) -> bool:
    """Seal the record for the month in which it is destroyed, by all that the tables say. Returns whether it changed.

    Whoever has written a date of birth or death or a present address calls it, in the same transaction: by the key of
    the child's row the worker knows each night who is due. Where the month is over, the record is due the next night.
    """
    child = Child.objects.select_for_update().get(pk=child_id)
    changed = seal_own(child)
    changed |= seal_alike([child]) > 0
    make_block(range(child_id, child_id + 1))  # what is compared is bound to the version of the child's row
    return changed


def seal_kept() -> int:
    """Seal each record for whose keeping a consent was given or withdrawn since. Returns how many there were.

    Before anything else of a night: no record is looked for in a month that is not its own any more. Each in a
    transaction of its own; one that fails keeps no other from it, and is taken up again the next night.
    """
    sealed = 0
    for keeping_id, child_id in Keeping.objects.filter(sealed_at=None).order_by("id").values_list("pk", "child_id"):
        try:
            with transaction.atomic():
                seal_for_term(child_id)
                Keeping.objects.filter(pk=keeping_id).update(sealed_at=timezone.now())
            sealed += 1
        except Exception:
            logger.exception("keeping.not_sealed", keeping=keeping_id)
    return sealed


def seal_own(child: Child) -> bool:
    """Seal the child's own row for the month that is right now. Returns whether it was another."""
    if child.cohort() == child.sealing_cohort():
        return False
    child.save()
    return True


def seal_alike(children: Sequence[Child]) -> int:
    """Seal each row beside these children's for the month of the child's own. Returns how many were of another.

    Call it in the transaction that has locked the children. Copies from before stay as they were.
    """
    by_id = {child.pk: child for child in children}
    sealed = 0
    for model in (*ROWS, *_of_others):
        for row in model.objects.filter(child__in=by_id).order_by("pk"):
            row.child = by_id[row.child_id]
            if _cohorts(row) != {row.sealing_cohort()}:
                sealed += _seal_anew(row)
    return sealed


def _seal_anew(row: ChildRow) -> bool:
    """Seal it for the month of its child. Read once more, and locked: not every writer of it locks the child first."""
    now = type(row).objects.select_for_update(of=("self",), no_key=True).filter(pk=row.pk).first()
    if now is None:
        return False
    now.child = row.child
    now.save()
    return True


def _cohorts(row: ChildRow) -> set[str | None]:
    stored = (row.__dict__[field.attname] for field in row.sealed_fields())
    return {cohort_of_sealed(value) for value in stored if value is not None}
