"""One person's day in the log, from morning to night. Inside `audit.reading.reading` alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from review.selectors.entries import WITHIN, Entry, columns, entry_of
from review.selectors.visits import start_of

MOST_EVENTS = 500  # of which a page shows names and numbers
REACH = timedelta(days=31)
PAUSE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Stretch:
    """What somebody did without a pause, and how long the pause before it was, if there was one."""

    events: list[Entry]
    pause: timedelta | None


@dataclass(frozen=True, slots=True)
class Day:
    """A person's day. `earlier` and `later`: an event of the nearest day before and after on which there is one.

    Looked for within REACH: somebody who was away for longer is found by the log's own filter.
    """

    day: date
    stretches: list[Stretch]
    whole: bool
    earlier: int | None
    later: int | None

    @property
    def events(self) -> list[Entry]:
        """All of them, the oldest first."""
        return [event for stretch in self.stretches for event in stretch.events]


def whose(entry: Entry) -> int | None:
    """The person whose day an event belongs to: who did it; of what a process did, whom it was about."""
    return entry.user_id if entry.actor_id is None else entry.actor_id


def day_of(authorities: list[int], person_id: int, day: date) -> Day:
    """What those authorities' log has of that person on that day: what they did, and what was done about them."""
    told: dict[str, Any] = {
        "authorities": authorities,
        "person": person_id,
        "begin": start_of(day),
        "end": start_of(day + timedelta(days=1)),
        "earliest": start_of(day - REACH),
        "latest": start_of(day + timedelta(days=1) + REACH),
    }
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT {columns("e")} FROM ({_of_person("at >= %(begin)s AND at < %(end)s")}) AS e WHERE {WITHIN}
            ORDER BY e.id LIMIT {MOST_EVENTS + 1}
            """,  # noqa: S608 - all our own
            told,
        )
        events = [entry_of(row) for row in cursor.fetchall()]
        cursor.execute(
            f"""
            SELECT (SELECT max(e.id) FROM ({_of_person("at >= %(earliest)s AND at < %(begin)s")}) AS e WHERE {WITHIN}),
                (SELECT min(e.id) FROM ({_of_person("at >= %(end)s AND at < %(latest)s")}) AS e WHERE {WITHIN})
            """,  # noqa: S608 - all our own
            told,
        )
        earlier, later = cursor.fetchone()
    shown = events[:MOST_EVENTS]
    return Day(day, list(_stretches(shown)), len(events) == len(shown), earlier, later)


def _of_person(when: str) -> str:
    """Their events; fenced off, so that each part is found by its index on people and by nothing else."""
    return f"""
        (SELECT * FROM audit_event WHERE actor_id = %(person)s AND {when} OFFSET 0)
        UNION ALL
        (SELECT * FROM audit_event
        WHERE user_id = %(person)s AND actor_id IS DISTINCT FROM %(person)s AND {when} OFFSET 0)
    """  # noqa: S608 - all our own


def _stretches(events: Iterable[Entry]) -> Iterable[Stretch]:
    running: list[Entry] = []
    pause: timedelta | None = None
    for event in events:
        if running and event.at - running[-1].at > PAUSE:
            yield Stretch(running, pause)
            running, pause = [], event.at - running[-1].at
        running.append(event)
    if running:
        yield Stretch(running, pause)


def day_in_log(entry: Entry) -> date:
    """The day on which it happened, by the clock on the wall."""
    return timezone.localtime(entry.at).date()
