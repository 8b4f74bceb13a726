"""From a search to the records that were opened from it, and back. Inside `audit.reading.reading` alone."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from audit.events import EventKind
from review.selectors.entries import OF_OWN, Entry, columns, entry_of

MOST_STEPS = 200
SEARCHING = frozenset({EventKind.CHILD_SEARCHED, EventKind.CHILD_LISTED, EventKind.CHILD_RECALLED})
FOLLOWED = SEARCHING | {EventKind.CHILD_OPENED}
# The lists by which event `e` is joined to others: of its own trail; of an opening, those before it that showed the
# record; or itself, where it is a list without a trail. All in its session, by the index on session and record.
LISTS = f"""
    SELECT l.id, l.trail, l.shown FROM audit_event AS e JOIN audit_event AS l ON l.session_id = e.session_id
    WHERE e.id = %(id)s AND {OF_OWN} AND l.authority_id = e.authority_id AND l.child_id IS NULL
        AND l.kind IN ('child.listed', 'child.recalled')
        AND CASE
            WHEN e.kind = 'child.opened' THEN l.id < e.id AND l.shown @> ARRAY[e.child_id]
            WHEN e.trail IS NOT NULL THEN l.trail = e.trail
            ELSE l.id = e.id
        END
"""  # noqa: S608 - all our own


@dataclass(frozen=True, slots=True)
class Opened:
    """That a record was opened from a list: its place there, and how long after it was shown."""

    place: int
    of: int
    after: timedelta


@dataclass(frozen=True, slots=True)
class Step:
    """A search, what it showed, or an opening; of an opening, how it came from the list before it."""

    event: Entry
    opened: Opened | None = None


@dataclass(frozen=True, slots=True)
class Trail:
    """The steps, the oldest first."""

    steps: list[Step]
    whole: bool

    @property
    def shown(self) -> set[int]:
        """The records that were listed."""
        return {child for step in self.steps for child in step.event.shown}

    @property
    def opened(self) -> set[int]:
        """Those of them that were opened."""
        return {step.event.records[0] for step in self.steps if step.opened}


def trail_of(authorities: list[int], event_id: int) -> Trail:
    """The searches that led to that event or go on from it, with what they showed and what was opened of it then."""
    statement = f"""
        WITH lists AS MATERIALIZED ({LISTS}), e AS (SELECT e.* FROM audit_event AS e WHERE e.id = %(id)s AND {OF_OWN})
        SELECT {columns("s")} FROM e JOIN audit_event AS s ON s.session_id = e.session_id AND s.child_id IS NULL
        WHERE s.authority_id = e.authority_id AND s.kind IN ('child.searched', 'child.listed', 'child.recalled')
            AND (s.id = e.id OR s.trail = e.trail OR s.id IN (SELECT id FROM lists)
                OR s.trail IN (SELECT trail FROM lists))
        UNION ALL
        SELECT {columns("s")} FROM e JOIN audit_event AS s ON s.session_id = e.session_id
        WHERE s.authority_id = e.authority_id AND s.kind = 'child.opened' AND s.child_id = ANY (
            ARRAY(SELECT unnest(shown) FROM lists) || CASE WHEN e.kind = 'child.opened' THEN e.child_id END
        )
        ORDER BY id LIMIT {MOST_STEPS + 1}
    """  # noqa: S608 - all our own
    with connection.cursor() as cursor:
        cursor.execute(statement, {"id": event_id, "authorities": authorities})
        events = [entry_of(row) for row in cursor.fetchall()]
    shown = events[:MOST_STEPS]
    return Trail(_steps(shown), len(events) == len(shown))


def _steps(events: list[Entry]) -> list[Step]:
    steps, lists = [], list[Entry]()
    for event in events:
        if event.kind != EventKind.CHILD_OPENED:
            lists.append(event)
            steps.append(Step(event))
            continue
        (child,) = event.records
        showing = next((each for each in reversed(lists) if child in each.records), None)
        steps.append(Step(event, _from(showing, event, child) if showing else None))
    return steps


def _from(showing: Entry, event: Entry, child: int) -> Opened:
    return Opened(showing.records.index(child) + 1, len(showing.records), event.at - showing.at)
