"""Rows of the log as auditors read them, and which of them an auditor may. Inside `audit.reading.reading` alone."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from audit.errors import refusals
from audit.events import LISTS_OF_RECORDS, EventKind
from encryption.fields import SealedField
from registry.models import Child
from registry.rules import numbers
from registry.rules.numbers import number_fingerprint

LARGEST_ID = 2**63 - 1
# That somebody took or closed an alert that concerns everybody: all who could have, see who did.
OF_EVERYBODYS = """
    e.kind IN ('alert.taken', 'alert.closed') AND e.fields[1] IN (
        SELECT 'alert.' || raised.id FROM audit_raisedalert AS raised WHERE raised.authority_id IS NULL
    )
"""
# Whether it is of no case from which the reader is barred: not what others do about it, nor its alert.
SHOWN = """
    (
        coalesce({alias}.fields[1], '') <> ALL ((SELECT review_withheld())::text[])
        AND ({alias}.kind <> 'case.judged' OR {alias}.user_id <> ALL ((SELECT review_barred())::bigint[]))
    )
"""
# By people of the reader's authorities.
OF_OWN = "e.authority_id = ANY (%(authorities)s::bigint[])"
# Those, or an alert that concerns everybody, and what became of it.
WITHIN = f"""
    ({OF_OWN} OR e.authority_id IS NULL AND e.kind = 'alert.raised'
    OR {OF_EVERYBODYS}) AND {SHOWN.format(alias="e")}
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event, without what only proofs need. Its codes are those of lists; a row that is not stops no page."""

    id: int
    at: datetime
    kind: str
    outcome: str
    actor_id: int | None
    process: str
    role: str
    organisation_id: int | None
    authority_id: int | None
    session_id: int | None
    request_id: UUID | None
    child_id: int | None
    user_id: int | None
    reason: str
    shown: list[int]
    fields: list[str]
    trail: UUID | None

    @property
    def records(self) -> list[int]:
        """The records that it names or lists."""
        if self.child_id is not None:
            return [self.child_id]
        return self.shown if self.kind in LISTS_OF_RECORDS else []

    @property
    def people(self) -> list[int]:
        """The people that it lists. What `shown` holds hangs on the kind."""
        return self.shown if self.kind == EventKind.PEOPLE_LISTED else []


COLUMNS = [field.name for field in fields(Entry)]


def columns(alias: str) -> str:
    """The columns of an entry, for a query."""
    return ", ".join(f"{alias}.{column}" for column in COLUMNS)


def entry_of(row: Sequence[Any]) -> Entry:
    """The entry in a row that begins with its columns."""
    return Entry(*row[: len(COLUMNS)])


def entry(authorities: list[int], event_id: int) -> Entry | None:
    """That event, if people of those authorities did it or it is about an alert that concerns everybody."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns('e')} FROM audit_event AS e WHERE e.id = %(id)s AND {WITHIN}",  # noqa: S608 - all our own
            {"id": event_id, "authorities": authorities},
        )
        row = cursor.fetchone()
    return entry_of(row) if row else None


def are_within(authorities: list[int], event_ids: Sequence[int]) -> bool:
    """Whether each of these events is one that the reader may read, as `entry` says."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM audit_event AS e WHERE e.id = ANY (%(ids)s::bigint[]) AND {WITHIN}",  # noqa: S608 - all our own
            {"ids": list(event_ids), "authorities": authorities},
        )
        (within,) = cursor.fetchone()
    return bool(within == len(set(event_ids)))


def numbers_of(entries: Sequence[Entry]) -> dict[int, str]:
    """The registry's own numbers of the records that these events name, by id, as they are read out.

    A record that is no longer kept has none. The database gives nothing else of a record, and these only for events
    that the reader may read.
    """
    named = [each.id for each in entries if each.records]
    with connection.cursor() as cursor:
        cursor.execute("SELECT child_id, row_version, number FROM review_numbers_of(%s::bigint[])", [named])
        found = cursor.fetchall()
    field = Child._meta.get_field("number")
    assert isinstance(field, SealedField)  # noqa: S101 - for the type checker
    return {
        child_id: numbers.shown(field.open_stored(bytes(stored), row=child_id, version=version))
        for child_id, version, stored in found
    }


def child_with_number(kind: str, number: str) -> int | None:
    """The id of the record with that number, where people of the reader's authorities had to do with it.

    The reading must have been recorded as of this very number (review.policies.about_number); that event was charged.
    """
    with refusals(), connection.cursor() as cursor:
        cursor.execute("SELECT review_child_of_number(%s, %s)", [kind, number_fingerprint(kind, number)])
        (child_id,) = cursor.fetchone()
    return None if child_id is None else int(child_id)


def child_with_id(child_id: int) -> int | None:
    """That id, where people of the reader's authorities had to do with a record that has it, kept or destroyed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM review_events_of_record(%s))", [child_id])
        (known,) = cursor.fetchone()
    return child_id if known else None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which events to read; None or nothing means any. `since` and `until` are days, both included.

    `organisation_id` is that of who did it, as it was when they did.

    `readings`, `alerts`: whether those are shown, too. `apart`: each event by itself. `nobody`: what was asked for is
    nowhere in the reader's log.
    """

    since: date | None = None
    until: date | None = None
    kind: EventKind | None = None
    reason: str = ""
    organisation_id: int | None = None
    person_id: int | None = None
    child_id: int | None = None
    readings: bool = False
    alerts: bool = False
    apart: bool = False
    nobody: bool = False

    @property
    def of_everybody(self) -> bool:
        """Whether what every auditor may read can be among them: alerts of no authority, and what became of them."""
        if self.kind is None:
            return self.alerts
        return self.kind in {EventKind.ALERT_RAISED, EventKind.ALERT_TAKEN, EventKind.ALERT_CLOSED}

    @property
    def hidden(self) -> list[EventKind]:
        """Kinds that are left out."""
        if self.kind:
            return []
        left_out = {EventKind.LOG_READ: self.readings, EventKind.ALERT_RAISED: self.alerts}
        return [kind for kind, shown in left_out.items() if not shown]
