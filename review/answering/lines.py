"""Looks at one record, as a family reads them: a line is what an organisation did in the course of a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from audit.events import EventKind
from review.letters.words import What

WHAT = {
    EventKind.CHILD_OPENED: What.OPENED,
    EventKind.INVOLVEMENT_READ: What.KEPT,
    EventKind.CHILD_LISTED: What.LISTED,
    EventKind.CHILD_RECALLED: What.LISTED,
    EventKind.CHILD_SHOWN: What.LISTED,
}


@dataclass(frozen=True, slots=True)
class Look:
    """One event by which somebody saw something of the record. `through_id` is of the mediator who was rung for it."""

    event_id: int
    at: datetime
    kind: str
    reason: str
    session_id: int | None
    organisation_id: int
    through_id: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """What an organisation did within a calendar day, for one reason. `key` is the number of its first event."""

    key: int
    day: date
    organisation_id: int
    through_id: int | None
    what: What
    reason: str
    times: int


def lines_of(looks: Sequence[Look]) -> list[Line]:
    """The lines, oldest first. Whoever opened the record had to find it first: that is no line of its own."""
    opened = {look.session_id for look in looks if WHAT[EventKind(look.kind)] == What.OPENED}
    grouped: dict[tuple[date, int, int | None, What, str], list[Look]] = {}
    for look in looks:
        what = WHAT[EventKind(look.kind)]
        if what == What.LISTED and look.session_id in opened:
            continue
        told = (timezone.localdate(look.at), look.organisation_id, look.through_id, what, look.reason)
        grouped.setdefault(told, []).append(look)
    return [
        Line(each[0].event_id, day, organisation, through, what, reason, len(each))
        for (day, organisation, through, what, reason), each in grouped.items()
    ]
