"""Once a month: children of compulsory school age whose record names no education setting now.

For the duty of each authority to know them (Education Act 1996, section 436A). By the worker, in blocks: no more is
held in memory than one block, and each is a transaction of its own, so that a walk that was interrupted goes on where
it stopped. In which month a record is to be destroyed is told by the key that sealed it, so that of eleven million
records those alone are opened whose children may be of school age.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

import structlog
from django.db import connection, transaction
from django.utils import timezone

from encryption.errors import KeyMissingError, ValueDamagedError
from encryption.keys import cohort_of
from encryption.seal import cohort_of_sealed
from registry.models import Child, Involvement, Unplaced, UnplacedCount, UnplacedMonth
from registry.policies.disclosure import has_ended
from registry.rules.retention import ARCHIVE_YEARS, MAJORITY, years_later
from registry.rules.school_age import BEGINS_AT, ENDS_AT, is_of_school_age
from registry.values import InvolvementDetails
from registry.vocabulary import EDUCATION_SERVICES, Service

RECORDS_IN_A_BLOCK = 2000
# A nursery is no school: from school age on its row is one that nobody has ended.
SCHOOLING = EDUCATION_SERVICES - {Service.EARLY_YEARS}
UNOPENED = (KeyMissingError, ValueDamagedError)  # keeps nobody else off the list
CHILDREN = """
    SELECT id, row_version, responsible_authority_id, date_of_birth, date_of_death,
        severed OR archived OR merged_into_id IS NOT NULL
    FROM registry_child WHERE id > %s ORDER BY id LIMIT %s
"""
# What stands on a record that lies under another is that one's as well (docs/adr/0048).
INVOLVEMENTS = """
    SELECT coalesce(child.merged_into_id, child.id), row.id, row.row_version, row.details
    FROM registry_child AS child JOIN registry_involvement AS row ON row.child_id = child.id
    WHERE (child.id = ANY (%s) OR child.merged_into_id = ANY (%s)) AND row.withdrawal IS NULL ORDER BY 1, row.id DESC
"""

logger = structlog.get_logger(__name__)


def list_month(today: date | None = None) -> int:
    """List those of this month, or go on listing them. Returns how many there are; 0 where it is done already."""
    today = today or timezone.localdate()
    month, _ = UnplacedMonth.objects.get_or_create(month=today.replace(day=1))
    if month.done_at is not None:
        return 0
    while _list_block(month, today):
        pass
    found = _finish(month)
    logger.info("unplaced.listed", month=f"{month.month:%Y-%m}", children=found)
    return found


@transaction.atomic
def _list_block(month: UnplacedMonth, today: date) -> bool:
    """List those of the next block. Returns whether there was one."""
    month = UnplacedMonth.objects.select_for_update().get(pk=month.pk)
    with connection.cursor() as cursor:
        cursor.execute(CHILDREN, [month.reached, RECORDS_IN_A_BLOCK])
        rows = cursor.fetchall()
    if not rows:
        return False
    pupils = _of_school_age(rows, today)
    placed = _in_education(list(pupils), today)
    # Where a walk is taken up again by another worker, the lock of the month has each block walked once.
    Unplaced.objects.bulk_create(
        Unplaced(child_id=child_id, authority_id=authority, month=month.month)
        for child_id, authority in pupils.items()
        if child_id not in placed
    )
    month.reached = rows[-1][0]
    month.save(update_fields=["reached"])
    return True


@transaction.atomic
def _finish(month: UnplacedMonth) -> int:
    """Count them, have the month be the one that is shown, and forget who was listed before."""
    month = UnplacedMonth.objects.select_for_update().get(pk=month.pk)
    if month.done_at is not None:
        return 0
    counted = Counter(Unplaced.objects.filter(month=month.month).values_list("authority_id", flat=True).iterator())
    UnplacedCount.objects.bulk_create(
        UnplacedCount(authority_id=authority, month=month.month, children=children)
        for authority, children in counted.items()
    )
    Unplaced.objects.filter(month__lt=month.month).delete()
    month.done_at = timezone.now()
    month.save(update_fields=["done_at"])
    return counted.total()


def _of_school_age(rows: Iterable[tuple[Any, ...]], today: date) -> dict[int, int]:
    """Those of a block who live and are of school age, and the authority of each. What does not open is logged."""
    first = cohort_of(years_later(today, MAJORITY + ARCHIVE_YEARS - ENDS_AT - 1))
    last = cohort_of(years_later(today, MAJORITY + ARCHIVE_YEARS - BEGINS_AT))
    birth, death = Child._meta.get_field("date_of_birth"), Child._meta.get_field("date_of_death")
    found = {}
    for child_id, version, authority, born, died, is_closed in rows:
        try:
            if is_closed or not first <= (cohort_of_sealed(born) or "") <= last:
                continue
            if is_of_school_age(birth.open_stored(born, row=child_id, version=version), today) and (
                death.open_stored(died, row=child_id, version=version) is None
            ):
                found[child_id] = authority
        except UNOPENED:
            logger.exception("unplaced.not_opened", child=child_id)
    return found


def _in_education(ids: list[int], today: date) -> set[int]:
    """Those of them who have an education setting now. Of each, no more is opened once one is found."""
    details = Involvement._meta.get_field("details")
    placed: set[int] = set()
    for child_id, row, version, stored in _involvements(ids):
        if child_id in placed:
            continue
        try:
            said: InvolvementDetails = details.open_stored(stored, row=row, version=version)
        except UNOPENED:
            logger.exception("unplaced.not_opened", child=child_id)
            continue
        if said.service in SCHOOLING and not has_ended(said, today):
            placed.add(child_id)
    return placed


def _involvements(ids: list[int]) -> list[tuple[int, int, int, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute(INVOLVEMENTS, [ids, ids])
        return list(cursor.fetchall())
