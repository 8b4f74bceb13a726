"""Reading what the log holds about one's own doings, which is recorded as every reading of the log is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.backends.utils import CursorWrapper

from access.people.selectors.people import names_of
from audit.actors import Actor
from audit.errors import refusals
from audit.events import EventKind, Outcome
from audit.recorder import About, record_first

ON_A_PAGE = 50
NEWEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Doing:
    """One event that the reader did, or that was done or tried in their name.

    `actor_id` is None for the sign-in page. `child_id` is the record, `children` how many a list of results showed.
    `in_system`: they signed in by letting a system act for them, and not in a browser.
    """

    id: int
    at: datetime
    kind: EventKind
    outcome: Outcome
    reason: str
    actor_id: int | None
    user_id: int | None
    child_id: int | None
    children: int
    in_system: bool


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Doings, newest first, and the id before which the next page begins, unless it is the last.

    `names` are those of everybody who had part in them, by id.
    """

    doings: list[Doing]
    next: int | None
    names: dict[int, str]


def read_own_history(*, actor: Actor, before: int = NEWEST) -> HistoryPage:
    """The actor's own doings before the event `before`, and what a mediator did in their name; nobody else's."""
    ticket = record_first(EventKind.HISTORY_READ, About(user_id=actor.user_id), actor=actor)
    with refusals(), ticket.shown(), connection.cursor() as cursor:
        doings = _doings(cursor, before, ON_A_PAGE + 1)
        shown = doings[:ON_A_PAGE]
        names = names_of({person for doing in shown for person in (doing.actor_id, doing.user_id) if person})
    return HistoryPage(shown, next=shown[-1].id if len(doings) > ON_A_PAGE else None, names=names)


def read_own_doings(*, actor: Actor, events: Sequence[int]) -> list[Doing]:
    """Those of these events that the actor did, or that were done in their name, the newest first."""
    ticket = record_first(EventKind.HISTORY_READ, About(user_id=actor.user_id), actor=actor)
    with refusals(), ticket.shown(), connection.cursor() as cursor:
        found = [each for event_id in events for each in _doings(cursor, event_id + 1, 1)]
    return sorted((each for each in found if each.id in events), key=lambda each: -each.id)


def _doings(cursor: CursorWrapper, before: int, most: int) -> list[Doing]:
    cursor.execute("SELECT * FROM access_history_of(%s, %s)", [before, most])
    return [
        Doing(event_id, at, EventKind(kind), Outcome(outcome), *rest)
        for event_id, at, kind, outcome, *rest in cursor.fetchall()
    ]
