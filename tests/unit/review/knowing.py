"""What is known, for tests of rules and explanations: plain values, and no database."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from access.models import OrganisationKind, Role
from access.people.traits import PersonTraits, Rare
from audit.events import EventKind, Outcome
from audit.reasons import Reason
from registry.traits.values import SERVICE_CODES, ChildTraits, Involved
from registry.vocabulary import Service
from review.examining.access import Access, Happening, access_of
from review.examining.days import BINS, HOURS, Day, Past, Peers, bin_of
from review.examining.known import Known, Opened, Person, Place

NOW = datetime(2026, 3, 10, 10, 30, tzinfo=UTC)  # a Tuesday, by winter time
TODAY = NOW.date()
AUTHORITY, ELSEWHERE, SCHOOL, OTHER_SCHOOL, PRACTICE, HOSPITAL = 1, 2, 10, 11, 12, 13
TEACHER, COLLEAGUE, DOCTOR, MEDIATOR, ADMINISTRATOR, AUDITOR = 100, 101, 102, 103, 104, 105
CHILD = 1000
SESSION = 7
TRAIL = UUID(int=5)
RARE, COMMON = Rare(111, 14), Rare(222, 7)
RARE_WHOLE, COMMON_WHOLE = Rare(333, 20), Rare(444, 11)

_events = count(1)


def places() -> dict[int, Place]:
    return {
        AUTHORITY: Place(OrganisationKind.AUTHORITY, AUTHORITY),
        ELSEWHERE: Place(OrganisationKind.AUTHORITY, ELSEWHERE),
        SCHOOL: Place(OrganisationKind.SCHOOL, AUTHORITY),
        OTHER_SCHOOL: Place(OrganisationKind.SCHOOL, ELSEWHERE),
        PRACTICE: Place(OrganisationKind.GP_PRACTICE, AUTHORITY),
        HOSPITAL: Place(OrganisationKind.HOSPITAL, AUTHORITY),
    }


def person(
    user_id: int = TEACHER, organisation_id: int = SCHOOL, role: str = Role.PRACTITIONER, **traits: Any
) -> Person:
    return Person(user_id, role, organisation_id, PersonTraits(**{"family": None, "whole": None, **traits}))


def known(*people: Person, children: dict[int, ChildTraits] | None = None, **rest: Any) -> Known:
    """Places and people as above, and of whoever is given what is given."""
    everybody = [
        person(),
        person(COLLEAGUE),
        person(DOCTOR, PRACTICE),
        person(MEDIATOR, AUTHORITY, Role.MEDIATOR),
        person(ADMINISTRATOR, AUTHORITY, Role.ADMINISTRATOR),
        person(AUDITOR, AUTHORITY, Role.AUDITOR),
        *people,
    ]
    return Known(children=children or {}, people={each.user_id: each for each in everybody}, places=places(), **rest)


def happened(
    kind: EventKind = EventKind.CHILD_OPENED,
    actor_id: int | None = TEACHER,
    child_id: int | None = CHILD,
    at: datetime = NOW,
    **rest: Any,
) -> Happening:
    values: dict[str, Any] = {
        "event_id": next(_events),
        "at": at,
        "kind": kind.value,
        "outcome": Outcome.DONE.value,
        "actor_id": actor_id,
        "role": Role.PRACTITIONER.value,
        "organisation_id": SCHOOL,
        "authority_id": AUTHORITY,
        "session_id": SESSION,
        "child_id": child_id,
        "user_id": None,
        "reason": Reason.COOPERATION.value if kind == EventKind.CHILD_OPENED else "",
        "shown": [],
        "fields": [],
        "trail": None,
    }
    return Happening(**values | rest)


def accessed(organisation_id: int | None = SCHOOL, **rest: Any) -> Access:
    access = access_of(happened(**rest), organisation_id)
    assert access
    return access


def opened(
    person_id: int = TEACHER,
    child_id: int = CHILD,
    *,
    days: float = 1,
    codes: tuple[str, ...] = (),
    explained: bool = False,
    organisation_id: int = SCHOOL,
) -> Opened:
    """An access so many days ago."""
    at = NOW - timedelta(days=days)
    return Opened(next(_events), at, at.date(), child_id, person_id, organisation_id, codes, at if explained else None)


def involved(
    organisation_id: int = SCHOOL, service: Service = Service.SCHOOL, *, began: int = 400, ended: int | None = None
) -> Involved:
    """Since so many days, and ended so many days ago."""
    today = TODAY.toordinal()
    return Involved(organisation_id, SERVICE_CODES[service], today - began, 0 if ended is None else today - ended)


def day(user_id: int = TEACHER, role: str = Role.PRACTITIONER, **counts: Any) -> Day:
    return Day(user_id, TODAY, role, SCHOOL, AUTHORITY, OrganisationKind.SCHOOL, **counts)


def peers(*, days: int = 2_000, opened: int = 3, hours: range = range(8, 18), **rest: Any) -> Peers:
    """Whose days are all alike: so many records, in those hours of working days."""
    by_opened = [0] * BINS
    by_opened[bin_of(opened)] = days
    at_hours = [days if hour in hours else 0 for hour in range(HOURS)] + [0] * HOURS
    values = {"since": TODAY - timedelta(days=28), **rest}
    return Peers(days=days, opened=by_opened, hours=at_hours, **values)


def past(*, days: int = 60, opened: int = 3, hours: int = 0, last: int = 1, **rest: Any) -> Past:
    """So many days alike, the last of them so many days ago."""
    dates: list[date] = [TODAY - timedelta(days=last + number) for number in reversed(range(days))]
    return Past(days=dates, opened=[opened] * days, hours=[hours] * days, accesses=days * opened, **rest)


def among(day_of: Day, peers_of: Peers, **rest: Any) -> Known:
    """A day among those of peers."""
    return known(days={(day_of.user_id, day_of.day): day_of}, peers={day_of.peers: peers_of}, **rest)
