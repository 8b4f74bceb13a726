"""The log in visits: what one person did with one record in one session is a line, however often it was reloaded.

A visit is a chain: each of its events came within VISIT_GAP of the next. It stands in the log where its newest event
stands; whether an event is a visit's newest is asked of that event alone, so that a page costs the same wherever it
lies, and pages follow one another by ids. Every event that fits the filter is in one visit, and in no other.
Inside `audit.reading.reading` alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec
from django.db import connection
from django.utils import timezone

from audit.events import EventKind
from audit.reasons import LABELS
from review.selectors.entries import (
    COLUMNS,
    LARGEST_ID,
    OF_EVERYBODYS,
    OF_OWN,
    SHOWN,
    WITHIN,
    Entry,
    Filter,
    columns,
    entry_of,
)

VISITS_ON_A_PAGE = 50
MOST_EVENTS = 500  # of a visit, on its page
VISIT_GAP = "interval '30 minutes'"
LONGEST = "interval '11 hours'"  # a session lasts for ten
REASONS = {code: code for code in LABELS}  # what is written into a statement is one of a closed list
# Reading changes nothing, and reading again tells nothing new.
MERGED = [
    EventKind.ACCESS_REFUSED.value,
    EventKind.CHILD_RECALLED.value,
    EventKind.HISTORY_READ.value,
    EventKind.LOG_READ.value,
    EventKind.ORGANISATION_READ.value,
    EventKind.PEOPLE_LISTED.value,
    EventKind.USER_READ.value,
]
# Events `l` of the visit of event `e`: of its record; or of no record, of its search, or of its kind of reading. Apart,
# so that each finds its own by the index on session and record.
OF_SESSION = """
    l.session_id = e.session_id AND l.authority_id = e.authority_id AND l.user_id IS NOT DISTINCT FROM e.user_id
"""
OF_RECORD = f"{OF_SESSION} AND l.child_id = e.child_id"
OF_NO_RECORD = f"""
    {OF_SESSION} AND l.child_id IS NULL AND e.child_id IS NULL AND CASE
        WHEN e.trail IS NOT NULL THEN l.trail = e.trail
        ELSE l.trail IS NULL AND l.kind = e.kind AND e.kind = ANY (%(merged)s::text[])
    END
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the log to read: before an event, or after one, and nothing that came after `upto`.

    A visit that goes on moves to the front; without `upto` it would be missed by who pages through the log meanwhile.
    """

    before: int | None = None
    after: int | None = None
    upto: int | None = None


@dataclass(frozen=True, slots=True)
class Doing:
    """What was done `times` times in a visit."""

    kind: str
    outcome: str
    reason: str
    times: int


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit's newest event, when it began, and what was done in it, the newest first."""

    newest: Entry
    first_at: datetime
    doings: list[Doing]

    @property
    def times(self) -> int:
        """How many events it has."""
        return sum(doing.times for doing in self.doings)


@dataclass(frozen=True, slots=True)
class VisitPage:
    """Visits, the newest first. `newer` and `older` say where the pages beside it begin, if there are any."""

    visits: list[Visit]
    newer: Place | None
    older: Place | None


def visits(authorities: list[int], wanted: Filter, place: Place) -> VisitPage:
    """A page of the log of those authorities. Whoever goes back beyond the beginning gets the newest."""
    if wanted.nobody:
        return VisitPage([], None, None)
    upto = place.upto or _newest()
    found = _found(authorities, wanted, Place(place.before, place.after, upto))
    if place.after is not None and len(found) <= VISITS_ON_A_PAGE:
        return visits(authorities, wanted, Place())
    more = len(found) > VISITS_ON_A_PAGE
    shown = found[1:] if place.after is not None and more else found[:VISITS_ON_A_PAGE]
    if not shown:
        return VisitPage([], None, None)
    first, last = shown[0].newest.id, shown[-1].newest.id
    inside = place.before is not None or place.after is not None
    newer = Place(after=first, upto=upto) if inside else None
    older = Place(before=last, upto=upto) if more or place.after is not None else None
    return VisitPage(shown, newer, older)


def alone(entry: Entry) -> Visit:
    """The event as a visit of its own."""
    return Visit(entry, entry.at, [Doing(entry.kind, entry.outcome, entry.reason, 1)])


def events_of_visit(authorities: list[int], newest: Entry) -> list[Entry]:
    """All events of the visit of which that is one, the newest first; at most MOST_EVENTS. Of no visit: that one."""
    around = f"l.at BETWEEN e.at - {LONGEST} AND e.at + {LONGEST}"
    statement = f"""
        WITH chained AS (
            SELECT *, count(*) FILTER (WHERE far) OVER (ORDER BY id DESC) AS part FROM (
                SELECT {columns("l")}, lag(l.at) OVER (ORDER BY l.id DESC) - l.at > {VISIT_GAP} AS far
                FROM (
                    SELECT l.* FROM audit_event AS e JOIN audit_event AS l ON {OF_RECORD} AND {around}
                        WHERE e.id = %(id)s AND {WITHIN} AND {SHOWN.format(alias="l")}
                    UNION ALL
                    SELECT l.* FROM audit_event AS e JOIN audit_event AS l ON {OF_NO_RECORD} AND {around}
                        WHERE e.id = %(id)s AND {WITHIN} AND {SHOWN.format(alias="l")}
                ) AS l
            ) AS l
        )
        SELECT {", ".join(COLUMNS)} FROM chained WHERE part = (SELECT part FROM chained WHERE id = %(id)s)
        ORDER BY id DESC LIMIT {MOST_EVENTS}
    """  # noqa: S608 - all our own
    rows = _ask(statement, {"id": newest.id, "authorities": authorities, "merged": MERGED})
    return [entry_of(row) for row in rows] or [newest]


def _found(authorities: list[int], wanted: Filter, place: Place) -> list[Visit]:
    """One visit more than a page holds, where there are as many; newest first."""
    heads = _heads(wanted, place)
    alone = "NULL::timestamptz AS first_at, NULL AS doings"
    chain = alone if wanted.apart else "visit.first_at, visit.doings"
    joined = "" if wanted.apart else f"LEFT JOIN LATERAL ({_chain(wanted)}) AS visit ON true"
    statement = f"""
        WITH {heads}
        SELECT {columns("e")}, {chain} FROM heads AS e {joined} ORDER BY e.id DESC
    """  # noqa: S608 - all our own
    return [_visit(row) for row in _ask(statement, _parameters(authorities, wanted, place))]


def _heads(wanted: Filter, place: Place) -> str:
    """The newest events of visits, a page and one more, before or after the place."""
    turn, order = ("e.id > %(after)s", "ASC") if place.after is not None else ("e.id < %(before)s", "DESC")
    fits = f"{_conditions('e', wanted)} AND {turn}"
    is_newest = "true" if wanted.apart else _is_newest(wanted)
    few = f"ORDER BY e.id {order} LIMIT {VISITS_ON_A_PAGE + 1}"
    if wanted.person_id is not None or wanted.child_id is not None:
        within = WITHIN if wanted.of_everybody else OF_OWN
        # Few events of many, each found by its index; sorted before anything is asked of each.
        return f"""
            named AS MATERIALIZED ({_named(wanted)}),
            heads AS MATERIALIZED (
                SELECT * FROM (
                    SELECT * FROM named AS e WHERE {within} AND {fits} ORDER BY e.id {order} OFFSET 0
                ) AS e WHERE {is_newest} {few}
            )
        """  # noqa: S608 - all our own
    # Authority by authority: each has its events in order, all of them together would have to be sorted.
    everybodys = f"""
        UNION ALL (
            SELECT {columns("e")} FROM audit_event AS e
            WHERE e.authority_id IS NULL AND e.kind = 'alert.raised' AND {fits} {few}
        ) UNION ALL (
            SELECT {columns("e")} FROM audit_event AS e
            WHERE e.authority_id <> ALL (%(authorities)s::bigint[]) AND {OF_EVERYBODYS} AND {fits} {few}
        )
    """  # noqa: S608 - all our own
    own = f"""
        SELECT own.* FROM unnest(%(authorities)s::bigint[]) AS authority CROSS JOIN LATERAL (
            SELECT {columns("e")} FROM audit_event AS e
            WHERE e.authority_id = authority AND {fits} AND {is_newest} {few}
        ) AS own
    """  # noqa: S608 - all our own
    return f"""
        heads AS MATERIALIZED (
            SELECT * FROM (
                {own}
                {everybodys if wanted.of_everybody else ""}
            ) AS e {few}
        )
    """  # noqa: S608 - all our own


def _named(wanted: Filter) -> str:
    """The events of a person, of a record, or of both. Of a person, those of the days that are asked for alone."""
    if wanted.child_id is not None:
        both = "" if wanted.person_id is None else "WHERE %(person)s IN (e.actor_id, e.user_id)"
        return f"SELECT {columns('e')} FROM review_events_of_record(%(child)s) AS e {both}"  # noqa: S608 - all our own
    days = _days("e", wanted)
    return f"""
        SELECT {columns("e")} FROM audit_event AS e WHERE e.actor_id = %(person)s AND {days}
        UNION ALL
        SELECT {columns("e")} FROM audit_event AS e
        WHERE e.user_id = %(person)s AND e.actor_id IS DISTINCT FROM %(person)s AND {days}
    """  # noqa: S608 - all our own


def _is_newest(wanted: Filter) -> str:
    """Whether no event of its visit followed event `e`. One look-up of few rows; never planned as a join of all."""
    follows = f"""
        l.id > e.id AND l.at BETWEEN e.at - interval '1 minute' AND e.at + {VISIT_GAP} AND {_conditions("l", wanted)}
    """
    return f"""
        CASE
            WHEN e.session_id IS NULL THEN true
            WHEN e.child_id IS NOT NULL THEN
                (SELECT true FROM audit_event AS l WHERE {OF_RECORD} AND {follows} LIMIT 1) IS NULL
            WHEN e.trail IS NOT NULL OR e.kind = ANY (%(merged)s::text[]) THEN
                (SELECT true FROM audit_event AS l WHERE {OF_NO_RECORD} AND {follows} LIMIT 1) IS NULL
            ELSE true
        END
    """  # noqa: S608 - all our own


def _chain(wanted: Filter) -> str:
    """When the visit of `e`, its newest event, began, and what was done in it."""
    before = f"l.id <= e.id AND l.at BETWEEN e.at - {LONGEST} AND e.at + interval '1 minute'"
    kept = f"{before} AND {_conditions('l', wanted)}"
    rows = "l.id, l.at, l.kind, l.outcome, l.reason"
    return f"""
        SELECT min(began) AS first_at,
            jsonb_agg(jsonb_build_array(kind, outcome, reason, times) ORDER BY latest DESC)::text AS doings
        FROM (
            SELECT kind, outcome, reason, count(*) AS times, min(at) AS began, max(id) AS latest FROM (
                SELECT *, count(*) FILTER (WHERE far) OVER (ORDER BY id DESC) AS part FROM (
                    SELECT l.*, lag(l.at) OVER (ORDER BY l.id DESC) - l.at > {VISIT_GAP} AS far FROM (
                        SELECT {rows} FROM audit_event AS l WHERE {OF_RECORD} AND {kept}
                        UNION ALL
                        SELECT {rows} FROM audit_event AS l WHERE {OF_NO_RECORD} AND {kept}
                    ) AS l
                ) AS l
            ) AS chained WHERE part = 0 GROUP BY kind, outcome, reason
        ) AS done
    """  # noqa: S608 - all our own


def _conditions(alias: str, wanted: Filter) -> str:
    """What an event must be to be shown, whichever visit it belongs to."""
    asked = [_days(alias, wanted), SHOWN.format(alias=alias)]
    if wanted.hidden:
        asked.append(f"{alias}.kind <> ALL (%(hidden)s::text[])")
    if wanted.kind:
        # Written out, one of a closed list, so that the planner finds the index of the kinds of which there are few.
        asked.append(f"{alias}.kind = '{EventKind(wanted.kind).value}'")
    if wanted.reason:
        # As the kind: few reasons are given often, and for all others there is an index.
        asked.append(f"{alias}.reason = '{REASONS[wanted.reason]}'")
    if wanted.organisation_id is not None:
        asked.append(f"{alias}.organisation_id = %(organisation)s")
    if wanted.child_id is not None:
        # What tells of a record is told in one place, since it may lie together with others (review_events_of_record).
        asked.append(f"{alias}.id IN (SELECT id FROM named)")  # noqa: S608 - all our own
    return " AND ".join(asked)


def _days(alias: str, wanted: Filter) -> str:
    """When an event must have been to be shown."""
    asked = [f"{alias}.id <= %(upto)s"]
    if wanted.since:
        asked.append(f"{alias}.at >= %(since)s")
    if wanted.until:
        asked.append(f"{alias}.at < %(until)s")
    return " AND ".join(asked)


def _parameters(authorities: list[int], wanted: Filter, place: Place) -> dict[str, Any]:
    return {
        "authorities": authorities,
        "merged": MERGED,
        "hidden": [kind.value for kind in wanted.hidden],
        "since": start_of(wanted.since) if wanted.since else None,
        "until": start_of(wanted.until + timedelta(days=1)) if wanted.until else None,
        "person": wanted.person_id,
        "child": wanted.child_id,
        "organisation": wanted.organisation_id,
        "before": LARGEST_ID if place.before is None else place.before,
        "after": place.after,
        "upto": place.upto,
    }


def _newest() -> int:
    """The newest event of all."""
    ((newest,),) = _ask("SELECT coalesce(max(id), 0) FROM audit_event WHERE at > now() - interval '1 day'", {})
    return int(newest) or LARGEST_ID


def _visit(row: Sequence[Any]) -> Visit:
    newest, (first_at, told) = entry_of(row), row[len(COLUMNS) :]
    if not told:
        return alone(newest)
    return Visit(newest, first_at, [Doing(*each) for each in msgspec.json.decode(told)])


def _ask(statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def start_of(day: date) -> datetime:
    """Midnight, when the day begins."""
    return timezone.make_aware(datetime.combine(day, time.min))
