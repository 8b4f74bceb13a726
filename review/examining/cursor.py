"""Which events have settled and are not examined yet, as the sequencer takes them (audit/sequencer.py)."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from django.db import connection

from audit.events import EventKind
from audit.settled import oldest_writer
from review.examining.access import EXPLAINED_KINDS, RELATED_KINDS, Happening, here
from review.examining.judging import READ, RECORDING, REFUSED, WITHDRAWN
from review.rules import STEPS

BATCH = 4_096
WATCHED = sorted(
    EXPLAINED_KINDS
    | RELATED_KINDS
    | RECORDING
    | READ
    | {REFUSED, WITHDRAWN, EventKind.LOG_HEARTBEAT.value}
    | {kind for rule in STEPS for kind in rule.kinds}
)
COLUMNS = (
    "id, at, kind, outcome, actor_id, role, organisation_id, authority_id, session_id, child_id, user_id, reason,"
    " shown, fields, trail"
)
# By the table's column: the bare name would be a column of text, in which 1000 comes before 999.
EVENTS = f"""
    SELECT {COLUMNS}, transaction_id::text FROM audit_event
    WHERE transaction_id >= %s::text::xid8 AND transaction_id < %s::text::xid8 AND kind = ANY (%s)
    ORDER BY audit_event.transaction_id, audit_event.id LIMIT %s
"""  # noqa: S608 - all our own


@dataclass(frozen=True, slots=True)
class Batch:
    """Events of a single day, in their order, and the transaction before which all are in it or were in one before.

    `whole_at`: when it was asked what has settled, if after this batch there is nothing left of that.
    """

    happenings: list[Happening]
    before: int
    day: date | None
    whole_at: datetime | None


def take() -> int | None:
    """Where the last batch ended, and nobody else moves it until this transaction ends; None where another is at it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT before_transaction::text FROM review_cursor FOR UPDATE SKIP LOCKED")
        found = cursor.fetchone()
    return int(found[0]) if found else None


def move_to(before: int, whole_at: datetime | None = None) -> None:
    """Note how far it is done, and `whole_at`, if all is that had settled then. Call it in the transaction of it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE review_cursor SET before_transaction = %s::text::xid8, whole_at = coalesce(%s, whole_at)",
            [str(before), whole_at],
        )


class Settled:
    """Hands out what has settled, batch by batch. What was read beyond one is kept for the next."""

    def __init__(self) -> None:
        self._begin, self._end = -1, -1
        self._whole_at: datetime | None = None
        self._found: list[tuple[int, Happening]] = []

    def next_batch(self, begin: int) -> Batch:
        """What has settled from transaction `begin` on: whole transactions, near BATCH events, of a single day.

        What peers do is counted by days; a batch of two would know of the second before it began.
        """
        if begin != self._begin or not self._found:
            self._found, self._end, self._whole_at = _settled(begin)
        if not self._found:
            return Batch([], self._end, None, self._whole_at)
        day = here(self._found[0][1].at).date()
        number, before = len(self._found), self._end
        for place, ((earlier, _), (later, each)) in enumerate(pairwise(self._found), start=1):
            if earlier != later and here(each.at).date() > day:
                number, before = place, later
                break
        whole, self._found = self._found[:number], self._found[number:]
        self._begin = before
        return Batch([each for _, each in whole], before, day, None if self._found else self._whole_at)


def _settled(begin: int) -> tuple[list[tuple[int, Happening]], int, datetime | None]:
    """Whole transactions of those that have settled, the one before which they all are, and when, if these are all."""
    asked_at, bound = _clock(), oldest_writer()
    found = _events(begin, bound, BATCH + 1)
    if len(found) <= BATCH:
        return found, bound, asked_at
    cut = found[-1][0]
    whole = [each for each in found if each[0] < cut]
    if whole:
        return whole, cut, None
    # One transaction wrote more than a batch.
    return _events(begin, cut + 1, None), cut + 1, None


def _clock() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
        return now


def _events(begin: int, before: int, limit: int | None) -> list[tuple[int, Happening]]:
    with connection.cursor() as cursor:
        cursor.execute(EVENTS, [str(begin), str(before), WATCHED, limit])
        return [(int(row[-1]), Happening._make(row[:-1])) for row in cursor.fetchall()]
