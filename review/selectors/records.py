"""Who has seen a record: by organisation and person, its openings apart from the lists that showed it.

Inside `audit.reading.reading` alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from review.selectors.entries import COLUMNS, Entry, columns, entry_of

MOST_SEERS = 200
# What a search or the records opened lately show of a record, beside others.
LISTS = "'child.listed', 'child.recalled'"


@dataclass(frozen=True, slots=True)
class Times:
    """How often, and when first and last."""

    times: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Seer:
    """One person who had to do with the record, with the newest of their events.

    `opened`: the whole record. `listed`: one of several that a search found, or that were opened lately. `other`: what
    else they did with it, such as recording an involvement, or asking in vain.
    """

    newest: Entry
    opened: Times | None
    listed: Times | None
    other: Times | None
    reasons: list[str]


def seers_of(child_id: int) -> list[Seer]:
    """Who of the reader's authorities has seen it, who did last first: at most MOST_SEERS + 1.

    Readings of the log are none. Nobody, where no person of theirs had to do with it (`review_events_of_record`).
    """
    statement = f"""
        WITH seen AS MATERIALIZED (
            SELECT *, CASE
                WHEN kind = 'child.opened' THEN 'opened' WHEN kind IN ({LISTS}) THEN 'listed' ELSE 'other'
            END AS how
            FROM review_events_of_record(%(child)s) WHERE kind <> 'log.read'
        ), seer AS (
            SELECT max(id) AS newest, {_times("opened")}, {_times("listed")}, {_times("other")},
                array_agg(DISTINCT reason) FILTER (WHERE how = 'opened' AND reason <> '') AS reasons
            FROM seen GROUP BY organisation_id, actor_id, user_id ORDER BY newest DESC LIMIT {MOST_SEERS + 1}
        )
        SELECT {columns("e")}, seer.* FROM seer JOIN seen AS e ON e.id = seer.newest ORDER BY e.id DESC
    """  # noqa: S608 - all our own
    with connection.cursor() as cursor:
        cursor.execute(statement, {"child": child_id})
        return [_seer(row) for row in cursor.fetchall()]


def _times(how: str) -> str:
    """The three columns of `Times`."""
    return ", ".join(f"{each} FILTER (WHERE how = '{how}')" for each in ("count(*)", "min(at)", "max(at)"))


def _seer(row: Sequence[Any]) -> Seer:
    _newest, *told, reasons = row[len(COLUMNS) :]
    opened, listed, other = (Times(*told[at : at + 3]) if told[at] else None for at in (0, 3, 6))
    return Seer(entry_of(row), opened, listed, other, sorted(reasons or []))
