"""Which events have settled and are not examined yet, as the sequencer takes them (audit/sequencer.py)."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.db import connection

from audit.events import EventKind
from audit.settled import oldest_writer
from review.examining.access import EXPLAINED_KINDS, RELATED_KINDS, Happening, here
from review.examining.judging import LISTED, READ, RECORDING, REFUSED, WITHDRAWN
from review.rules import STEPS

BATCH = 4_096
WATCHED = sorted(
    EXPLAINED_KINDS
    | RELATED_KINDS
    | RECORDING
    | READ
    | {LISTED, REFUSED, WITHDRAWN, EventKind.LOG_HEARTBEAT.value}
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
    """Events of one day, in their order, and the transaction before which all are in it or were in one before."""

    happenings: list[Happening]
    before: int
    day: date | None


def take() -> int | None:
    """Where the last batch ended, and nobody else moves it until this transaction ends; None where another is at it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT before_transaction::text FROM review_cursor FOR UPDATE SKIP LOCKED")
        found = cursor.fetchone()
    return int(found[0]) if found else None


def move_to(before: int) -> None:
    """Note how far it is done. Call it in the transaction of what was done."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE review_cursor SET before_transaction = %s::text::xid8", [str(before)])


def next_batch(begin: int) -> Batch:
    """What has settled from transaction `begin` on: whole transactions, near BATCH events, of one day by the clock."""
    bound = oldest_writer()
    found = _events(begin, bound, BATCH + 1)
    before = bound
    if len(found) > BATCH:
        before = found[-1][0]
        if before == found[0][0]:  # one transaction wrote more than a batch
            found, before = _events(begin, before + 1, None), before + 1
    whole = [(transaction, each) for transaction, each in found if transaction < before]
    if not whole:
        return Batch([], before, None)
    day = here(whole[0][1].at).date()
    # What peers do is counted by days; a batch of two would know of the second before it began.
    for (earlier, _), (later, each) in pairwise(whole):
        if earlier != later and here(each.at).date() > day:
            return Batch([each for transaction, each in whole if transaction < later], later, day)
    return Batch([each for _, each in whole], before, day)


def _events(begin: int, before: int, limit: int | None) -> list[tuple[int, Happening]]:
    with connection.cursor() as cursor:
        cursor.execute(EVENTS, [str(begin), str(before), WATCHED, limit])
        return [(int(row[-1]), Happening._make(row[:-1])) for row in cursor.fetchall()]
