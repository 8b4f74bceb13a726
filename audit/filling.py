"""A past for a log that is being filled: synthetic events with times of their own, for demonstrations and measurements.

Each has its number, tag, line and leaf as one that happened, so that the sequencer seals them and whoever checks the
log accepts them. What the database gives every other event is given here, by its owner alone, who could write anything
as it is. Into a log that is in use nothing is filled: there it would be found, as dated back (transparency.exports).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from uuid import UUID

from django.db import connection, transaction

from audit.actors import Actor, Process
from audit.encoding import to_json
from audit.events import EventKind, Outcome
from audit.models import Event
from audit.numbering import Stamp
from audit.recorder import About, record, told

FILLING = Process("filling")
NEXT_IDS = "SELECT nextval('audit_event_id_seq') FROM generate_series(1, %s)"
COLUMNS = [str(each.column) for each in Event._meta.concrete_fields if each.column != "leaf"]
LEAF = "sha256('\\x00' || convert_to(audit_line({}), 'UTF8'))"
# As audit_append does it, for many at once.
FILL = f"""
    INSERT INTO audit_event ({", ".join(COLUMNS)}, leaf)
    SELECT {", ".join(f"one.{column}" for column in COLUMNS)}, {LEAF.format("one")}
    FROM jsonb_populate_recordset(NULL::audit_event, %s::jsonb) AS one
    WHERE audit_rule_broken_by(one) IS NULL
"""  # noqa: S608 - all our own
MOVED = "jsonb_populate_record(one, jsonb_build_object('at', one.at + %(by)s))"
MOVE = f"UPDATE audit_event AS one SET at = one.at + %(by)s, leaf = {LEAF.format(MOVED)} WHERE"  # noqa: S608 - all our own
MONTHS = "SELECT audit_make_month(month) FROM generate_series(date_trunc('month', %s), %s, '1 month') AS month"
IN_USE = "SELECT EXISTS (SELECT FROM audit_checkpoint), EXISTS (SELECT FROM audit_event WHERE actor_id IS NOT NULL)"


class LogInUseError(Exception):
    """The log is no longer empty of what people did, or its beginning is sealed."""


class NotWrittenError(Exception):
    """An event breaks a rule of the log, or was to be written before one that is there. Nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """An event that is to have happened `at` then."""

    at: datetime
    kind: EventKind
    actor: Actor | Process
    about: About = field(default_factory=About)
    outcome: Outcome = Outcome.DONE


@dataclass(slots=True)
class PastWriter:
    """A process of the past, which counted its events as every one does."""

    id: UUID
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def stamp(self) -> Stamp:
        return Stamp(self.id, next(self.numbers), ())


def check_not_in_use() -> None:
    """Raise LogInUseError where people did something already, or the log is sealed up to somewhere."""
    with connection.cursor() as cursor:
        cursor.execute(IN_USE)
        sealed, used = cursor.fetchone()
    if used:
        raise LogInUseError("The log holds what people did.")
    if sealed:
        raise LogInUseError("The sequencer has sealed the beginning of the log.")


@transaction.atomic
def move_back(until: datetime) -> None:
    """Date back what filled this database, all of it by the same time, so that it ended before `until`.

    The log says that this was done. Nothing of it may be sealed: raises LogInUseError.
    """
    check_not_in_use()
    maintained = record(EventKind.LOG_MAINTAINED, actor=FILLING)
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(at), max(at) FROM audit_event")
        first, last = cursor.fetchone()
        moved = {"by": until - last, "maintained": maintained}
        make_months(first + moved["by"], until)
        cursor.execute(f"{MOVE} id <> %(maintained)s", moved)
        # What allows it goes last: without it nothing of the log changes.
        cursor.execute(f"{MOVE} id = %(maintained)s", moved)


@transaction.atomic
def make_months(first: datetime, last: datetime) -> None:
    """Make room in the log for those months and all between them."""
    with connection.cursor() as cursor:
        # By the calendar of UTC, as the months are cut.
        cursor.execute("SET LOCAL timezone = 'UTC'")
        cursor.execute(MONTHS, [first, last])


@transaction.atomic
def fill(events: Sequence[tuple[Past, PastWriter]]) -> list[int]:
    """Write the events, which come in the order of their times. Returns their ids. Raises NotWrittenError."""
    with connection.cursor() as cursor:
        # A crash takes a history back that can be made again.
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute("SELECT pg_current_xact_id()::text")
        (transaction_id,) = cursor.fetchone()
        cursor.execute(NEXT_IDS, [len(events)])
        ids = [event_id for (event_id,) in cursor.fetchall()]
        given = zip(ids, events, strict=True)
        rows = ",".join(_row(event_id, transaction_id, past, writer) for event_id, (past, writer) in given)
        cursor.execute(FILL, [f"[{rows}]"])
        if cursor.rowcount != len(events):
            raise NotWrittenError("An event breaks a rule of audit/sql/functions/audit_rule_broken_by.sql.")
    return ids


def _row(event_id: int, transaction_id: str, past: Past, writer: PastWriter) -> str:
    values = told(past.kind, past.about, actor=past.actor, outcome=past.outcome, stamp=writer.stamp())
    return to_json({"id": event_id, "transaction_id": transaction_id, "at": past.at.isoformat(), **values})
