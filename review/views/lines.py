"""Lines of the log as its pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from review import wording
from review.policies import ASKED
from review.selectors.entries import Entry
from review.selectors.names import Names
from review.selectors.visits import Visit, alone
from review.views.ways import Way

SHOWN_OF_A_LIST = 3
FROM_ELSEWHERE = Way()


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a visit or a single event. `about` are records by number and people by name, `more` how many others."""

    id: int
    url: str
    at: datetime
    first_at: datetime | None
    times: int
    who: str
    whats: list[str]
    subject: str
    about: list[str]
    more: int
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class Told:
    """One event with all that its page shows. `details` are pairs of a heading and a text."""

    line: Line
    details: list[tuple[str, str]]


def line_of_visit(visit: Visit, names: Names, numbers: dict[int, str], way: Way = FROM_ELSEWHERE) -> Line:
    """A visit in a line; of one event, that event. Its page leads back the `way`."""
    newest = visit.newest
    several = visit.times > 1
    # Lists of people that were read one after the other need not be the same.
    people = [] if several and newest.people else wording.people_about(newest, names)
    about = [*records(newest.records, numbers), *people]
    reasons = dict.fromkeys(wording.why(doing.reason, doing.kind) for doing in visit.doings)
    return Line(
        id=newest.id,
        url=f"{reverse('visit' if several else 'event', args=[newest.id])}{way.query}",
        at=newest.at,
        first_at=visit.first_at if several else None,
        times=visit.times,
        who=wording.who(newest, names),
        whats=[wording.what(doing) for doing in visit.doings],
        subject="" if several else wording.subject(newest, names),
        about=about[:SHOWN_OF_A_LIST],
        more=max(0, len(about) - SHOWN_OF_A_LIST),
        reasons=[reason for reason in reasons if reason],
    )


def line_of(entry: Entry, names: Names, numbers: dict[int, str], way: Way = FROM_ELSEWHERE) -> Line:
    """One event in a line."""
    return line_of_visit(alone(entry), names, numbers, way)


def told(entry: Entry, names: Names, numbers: dict[int, str]) -> Told:
    """One event with all it holds but the sealed criteria, and the token of what they ask for."""
    fields = [name for name in entry.fields if not name.startswith(ASKED)]
    details = [
        ("Records, in the order shown", ", ".join(records(entry.records, numbers))),
        ("About", ", ".join(wording.people_about(entry, names))),
        ("Fields", ", ".join(fields)),
        ("Role", entry.role),
        ("Session", str(entry.session_id or "")),
        ("Request", str(entry.request_id or "")),
        ("Search trail", str(entry.trail or "")),
    ]
    return Told(line_of(entry, names, numbers), [(heading, text) for heading, text in details if text])


def records(child_ids: Sequence[int], numbers: dict[int, str]) -> list[str]:
    """Records by the number that can be told on the telephone; one that is not kept any more by ours, in brackets."""
    return [numbers.get(child_id, f"({child_id})") for child_id in child_ids]
