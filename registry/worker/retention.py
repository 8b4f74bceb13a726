"""Each night: who has grown up, died or left England passes into the archive; after six years there, it is destroyed.

By the worker, which alone sees the archive. In which month a record is to be destroyed is told by the key that sealed
it, so that of eleven million records those alone are opened whose month it is. The key is destroyed when the month is
over, by a command that reaches every keyring (encryption/destruction.py); here it is certified in the log.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from audit.actors import Process
from audit.events import EventKind
from audit.recorder import About, record, record_each
from encryption import destruction, keyring
from encryption.errors import KeyMissingError
from encryption.keys import Purpose, cohort_of
from encryption.seal import cohort_of_sealed, key_number
from registry.models import Child, DestroyedCohort
from registry.rules.retention import ARCHIVE_YEARS, Stage, stage_on
from registry.worker import merging
from registry.worker.refiling import file_anew
from registry.worker.resealing import seal_alike, seal_for_term, seal_kept, seal_own

RETENTION = "retention"
RECORDS_IN_A_BLOCK = 2000
# Read as rows and not as models: of eleven million records the models alone would take minutes.
BLOCK = "SELECT id, date_of_birth, archived FROM registry_child WHERE id > %s ORDER BY id LIMIT %s"

logger = structlog.get_logger(__name__)


class JoinedMeanwhileError(RuntimeError):
    """Records were put together with others after it was asked who is to be locked."""


class ClockWrongError(RuntimeError):
    """The worker and PostgreSQL do not agree which day it is, and what is archived or destroyed stays so."""


@dataclass
class Kept:
    """How many records were archived and destroyed, with how many that failed, and how many nobody can open though
    nothing says why."""

    archived: int = 0
    destroyed: int = 0
    unopened: int = 0
    failed: int = 0


def keep_to_terms(today: date | None = None) -> Kept:
    """Archive and destroy what is due. Each block is a transaction of its own: interrupted, the next night goes on.

    A record with which that fails is logged, and keeps no other from its term. Raises ClockWrongError.
    """
    kept = Kept()
    day = today or _today()
    seal_kept()
    for ids in _blocks(day, kept):
        _take_steps(ids, day, kept)
    if kept.unopened:
        logger.error("retention.unopened", records=kept.unopened)
    return kept


@transaction.atomic
def archive_at_once(child_id: int) -> None:
    """Put a record into the archive before its time: it should never have been made. It is destroyed in its time."""
    locked = merging.locked_with([child_id])
    own = [child for child in locked if child.pk == child_id and not child.archived]
    _archive(own, locked, timezone.localdate())


def certify() -> int:
    """Say in the log which keys are destroyed, each once. Returns how many there were."""
    held = keyring.current()
    held.renew()
    certified = 0
    for each in destruction.destroyed(Path(settings.KEYRING_DIR) / settings.KEYRING_HOLDER):
        if each.number in held.numbers():  # and so not yet in every keyring
            continue
        with transaction.atomic():
            _row, is_new = DestroyedCohort.objects.get_or_create(
                key_number=each.number,
                defaults={
                    "month": date.fromisoformat(f"{each.cohort}-01"),
                    "commitment": each.commitment,
                    "destroyed_at": timezone.now(),
                },
            )
            if is_new:
                told = [f"cohort.{each.cohort}", f"key.{each.number:08x}", f"commitment.{each.commitment.hex()}"]
                record(EventKind.COHORT_DESTROYED, About(fields=told), actor=Process(RETENTION))
        certified += is_new
    return certified


def months_due() -> list[str]:
    """Cohorts whose keys should be destroyed, and are still here."""
    held = {key.cohort for key in keyring.current().keys_for(Purpose.CHILD) if key.cohort}
    return sorted(cohort for cohort in held if cohort < cohort_of(timezone.localdate()))


def _today() -> date:
    """The day, if the database's clock says so as well; at midnight they may be one apart."""
    here = timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute("SELECT (clock_timestamp() AT TIME ZONE %s)::date", [settings.TIME_ZONE])
        (there,) = cursor.fetchone()
    if abs((here - there).days) > 1:
        raise ClockWrongError(f"Here it is {here}, in the database {there}. Nothing is archived or destroyed.")
    return here


def _blocks(today: date, kept: Kept) -> Iterator[list[int]]:
    """The ids of those whose month it may be, of each block of records."""
    gone = set(DestroyedCohort.objects.values_list("key_number", flat=True))
    last_archived = cohort_of(today.replace(day=1, year=today.year + ARCHIVE_YEARS))
    last_destroyed = cohort_of(today)
    last = 0
    while rows := _rows_after(last):
        last = rows[-1][0]
        due = []
        for child_id, stored, archived in rows:
            try:
                cohort = cohort_of_sealed(stored) or ""
            except KeyMissingError:
                if key_number(stored, Purpose.CHILD) in gone:
                    due.append(child_id)
                else:
                    kept.unopened += 1
                continue
            if cohort <= (last_destroyed if archived else last_archived):
                due.append(child_id)
        if due:
            yield due


def _rows_after(last: int) -> list[tuple[int, bytes, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(BLOCK, [last, RECORDS_IN_A_BLOCK])
        return list(cursor.fetchall())


def _take_steps(ids: list[int], today: date, kept: Kept) -> None:
    """Take the step with all of them; where that fails, with each by itself."""
    try:
        archived, destroyed = _take_step(ids, today)
    except Exception:
        if len(ids) == 1:
            logger.exception("retention.failed", child=ids[0])
            kept.failed += 1
            return
        for each in ids:
            _take_steps([each], today, kept)
    else:
        kept.archived += archived
        kept.destroyed += destroyed


@transaction.atomic
def _take_step(ids: list[int], today: date) -> tuple[int, int]:
    """Archive those who are due for it, and destroy those who are due for that. Locked, as they stand now."""
    due: dict[Stage, list[Child]] = defaultdict(list)
    # Once they are locked: until then somebody may consent, or have consented.
    locked, asked = merging.locked_with(ids), set(ids)
    for child in locked:
        if child.pk in asked:
            due[_stage(child, today)].append(child)
    for child in due[Stage.LIVE]:
        # Its month was another when it was last sealed. What is archived keeps the one that it was archived with.
        if not child.archived and child.cohort() != child.sealing_cohort():
            seal_for_term(child.pk)
    ended, gone = ([each for each in due[stage] if not each.archived] for stage in (Stage.ARCHIVED, Stage.GONE))
    archived = _archive(ended, locked, today, gone=gone)
    destroyed = due[Stage.GONE]
    _record(EventKind.CHILD_DESTROYED, destroyed)
    with connection.cursor() as cursor:  # what is said of them goes with them (registry_child_destroyed.sql)
        cursor.execute("DELETE FROM registry_child WHERE id = ANY (%s)", [[child.pk for child in destroyed]])
    return archived, len(destroyed)


def _archive(ended: list[Child], locked: list[Child], today: date, *, gone: Sequence[Child] = ()) -> int:
    """Archive them with all that lies under them, which is destroyed in its own month. Returns how many that were.

    `locked` are all that lie together with them, `gone` those whose time in the archive is over as well. Of these some
    have no key any more: they are not sealed, nor is one filed that lay together with others and is gone, too.
    """
    below, left = merging.end_for([child.pk for child in (*ended, *gone)])
    if not below | left <= {child.pk for child in locked}:
        raise JoinedMeanwhileError
    beside = [child for child in locked if child.pk in below]
    opens = [*ended, *(child for child in beside if _stage(child, today) != Stage.GONE)]
    for child in opens:
        seal_own(child)
    seal_alike(opens)
    archived = [*ended, *gone, *beside]
    Child.objects.filter(pk__in=[child.pk for child in archived]).update(archived=True, merged_into=None)
    _record(EventKind.CHILD_ARCHIVED, archived)
    for child in locked:
        if child.pk in left and _stage(child, today) != Stage.GONE:
            file_anew(child.pk)
    return len(archived)


def _stage(child: Child, today: date) -> Stage:
    try:
        born, died = child.date_of_birth.open(), child.date_of_death.open()
    except KeyMissingError:  # it was destroyed before the record was
        return Stage.GONE
    # One that lay under another, whose address ended both, was sealed for that one's month.
    if child.archived and (child.cohort() or "") < cohort_of(today):
        return Stage.GONE
    return stage_on(today, born, died, child.circumstances())


def _record(kind: EventKind, children: list[Child]) -> None:
    by_authority: dict[int, list[int]] = defaultdict(list)
    for child in children:
        by_authority[child.responsible_authority_id].append(child.pk)
    for authority, ids in by_authority.items():
        abouts = [About(child_id=each) for each in ids]
        record_each(kind, abouts, actor=Process(RETENTION, None, authority, authority))
