"""How often: counts of the events of some authorities, of a month at most. Inside `audit.reading.reading` alone.

All is counted from the index that is made for it (audit.models.event.COUNTED), and touches no event.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection

from audit.events import EventKind
from audit.models.event import COUNTED
from review.selectors.months import Month
from review.selectors.visits import start_of

KINDS = ", ".join(f"'{kind.value}'" for kind in COUNTED)  # written out: only so is it known that the index has them all
OPENINGS = """
    FROM audit_event AS e
    WHERE e.kind = 'child.opened' AND e.authority_id = ANY (%(authorities)s::bigint[])
        AND e.at >= %(begin)s AND e.at < %(end)s
"""
# What people of the service did with records, and not what was done to people.
USED = [EventKind.CHILD_OPENED.value, EventKind.CHILD_SEARCHED.value]
# Which columns a line of a count was not grouped by, as GROUPING says of kind and organisation.
OF_KINDS, OF_PLACES, OF_ALL = 1, 2, 3


@dataclass(frozen=True, slots=True)
class OfDay:
    """How many records the people of an organisation opened on a day."""

    day: date
    organisation_id: int | None
    times: int


@dataclass(frozen=True, slots=True)
class OfHour:
    """How many records were opened in an hour of a day of the week: 0 is Monday."""

    weekday: int
    hour: int
    times: int


@dataclass(frozen=True, slots=True)
class Count:
    """How many events there were of a kind, with an outcome and a reason."""

    kind: str
    outcome: str
    reason: str
    times: int


@dataclass(frozen=True, slots=True)
class OfPlace:
    """How many records the people of an organisation opened, and how many people that were."""

    organisation_id: int | None
    times: int
    people: int


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted of a month, how many people searched or opened a record, and where those work who opened one."""

    counts: list[Count]
    people: int
    places: list[OfPlace]


def openings_by_day(authorities: list[int], month: Month) -> list[OfDay]:
    """Of each day and organisation on which there were any, in order."""
    rows = _ask(
        f"SELECT (e.at AT TIME ZONE %(zone)s)::date AS day, e.organisation_id, count(*) {OPENINGS}"
        " GROUP BY 1, 2 ORDER BY 1, 2",
        _told(authorities, month),
    )
    return [OfDay(*row) for row in rows]


def openings_by_hour(authorities: list[int], month: Month) -> list[OfHour]:
    """Of each day of the week and hour in which there were any, by the clock on the wall."""
    rows = _ask(
        "SELECT extract(isodow FROM local)::int - 1, extract(hour FROM local)::int, count(*)"  # noqa: S608 - all our own
        f" FROM (SELECT e.at AT TIME ZONE %(zone)s AS local {OPENINGS}) AS opening GROUP BY 1, 2",
        _told(authorities, month),
    )
    return [OfHour(*row) for row in rows]


def counted(authorities: list[int], month: Month) -> Counted:
    """What happened in that month, of the kinds that are COUNTED."""
    rows = _ask(
        f"""
        WITH done AS MATERIALIZED (  -- few rows, so that what is sorted to tell people apart is not all events
            SELECT e.kind, e.outcome, e.reason, e.organisation_id, e.actor_id, count(*) AS times
            FROM audit_event AS e
            WHERE e.kind IN ({KINDS}) AND e.authority_id = ANY (%(authorities)s::bigint[])
                AND e.at >= %(begin)s AND e.at < %(end)s
            GROUP BY e.kind, e.outcome, e.reason, e.organisation_id, e.actor_id
        )
        SELECT GROUPING(kind, organisation_id), kind, outcome, reason, organisation_id, sum(times)::bigint,
            coalesce(sum(times) FILTER (WHERE kind = 'child.opened'), 0)::bigint,
            count(DISTINCT actor_id) FILTER (WHERE kind = 'child.opened'),
            count(DISTINCT actor_id) FILTER (WHERE kind = ANY (%(used)s::text[]))
        FROM done
        GROUP BY GROUPING SETS ((kind, outcome, reason), (organisation_id), ())
        """,  # noqa: S608 - all our own
        _told(authorities, month) | {"used": USED},
    )
    by = defaultdict[int, list[tuple[Any, ...]]](list)
    for grouped, *row in rows:
        by[grouped].append(tuple(row))
    places = [OfPlace(organisation, opened, people) for _, _, _, organisation, _, opened, people, _ in by[OF_PLACES]]
    return Counted(
        counts=[Count(kind, outcome, reason, times) for kind, outcome, reason, _place, times, *_people in by[OF_KINDS]],
        people=sum(row[-1] for row in by[OF_ALL]),
        places=sorted((each for each in places if each.times), key=lambda each: -each.times),
    )


def _told(authorities: list[int], month: Month) -> dict[str, Any]:
    begin, end = month.bounds
    return {"authorities": authorities, "begin": start_of(begin), "end": start_of(end), "zone": settings.TIME_ZONE}


def _ask(statement: str, parameters: dict[str, Any]) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: Sequence[tuple[Any, ...]] = cursor.fetchall()
        return rows
