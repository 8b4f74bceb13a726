"""Whether a user's vetting is complete today, and what is missing when it is not.

Nothing has to happen when an item runs out, a DBS check for one: from the next day on each request is refused by
`may_enter` (door/middleware.py), and each event by PostgreSQL's own access_may_enter. The person still signs in and
sees their checklist; they are in again as soon as the item is renewed. They were written to 60, 30 and 7 days before
(people/reminding.py).
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from access.models import User, UserState, VettingKind

ACCREDITATION = "Accreditation of your organisation"
STOPPED = "Access is stopped for now"
FEBRUARY, LAST = 2, 28


@dataclass(frozen=True, slots=True)
class Lapse:
    """One thing that keeps a user out. `expired_on` is None where it was never there."""

    what: str
    expired_on: date | None = None


def may_enter(user: User, *, today: date) -> bool:
    """Whether `user` may come in today. Asks no query: the row says until when all items hold."""
    return user.state == UserState.ACTIVE and not user.is_stopped and is_complete(user, today=today)


def is_complete(user: User, *, today: date) -> bool:
    """Whether nothing is missing to let `user` in but a decision. Asks no query."""
    return all(until is not None and until >= today for until in (user.valid_until, user.organisation.accredited_until))


def last_day(user: User) -> date | None:
    """The last day on which nothing is missing; None where something was never there. Asks no query."""
    ends = (user.valid_until, user.organisation.accredited_until)
    return min(filter(None, ends)) if all(ends) else None


def complete(today: date, *, user: str = "") -> Q:
    """`is_complete` as a query asks it: of users, or by way of `user` of what belongs to one."""
    of = f"{user}__" if user else ""
    return Q(**{f"{of}valid_until__gte": today, f"{of}organisation__accredited_until__gte": today})


def lapses(user: User, *, today: date) -> list[Lapse]:
    """Everything that keeps `user` out today; empty when they may come in. One query, or none if prefetched.

    The database shows the items only with the ticket of an event of the user's, or about them.
    """
    return lapses_but_items(user, today=today) + _missing_items(user, today=today)


def lapses_but_items(user: User, *, today: date) -> list[Lapse]:
    """Those of `lapses` that are no item of vetting. Asks no query: also for a process that reads no vetting."""
    found = [] if user.state == UserState.ACTIVE else [Lapse(f"Account: {user.get_state_display().lower()}")]
    if user.is_stopped:
        found.append(Lapse(STOPPED))
    return found + _missing_accreditation(user, today=today)


def missing(user: User, *, today: date) -> list[Lapse]:
    """What `is_complete` finds missing: accreditation and items. One query, or none if prefetched."""
    return _missing_accreditation(user, today=today) + _missing_items(user, today=today)


def _missing_accreditation(user: User, *, today: date) -> list[Lapse]:
    until = user.organisation.accredited_until
    return [Lapse(ACCREDITATION, until)] if until is None or until < today else []


def _missing_items(user: User, *, today: date) -> list[Lapse]:
    expiries = {item.kind: item.expires_on for item in user.vetting_items.all()}
    expired = [(kind, expiries.get(kind)) for kind in VettingKind]
    return [Lapse(kind.label, expires_on) for kind, expires_on in expired if expires_on is None or expires_on < today]


def last_day_of(kind: VettingKind, *, checked_on: date) -> date:
    """The last day on which an item checked (or a DBS certificate issued) on that day holds."""
    return _years_later(checked_on, kind.years)


def _years_later(day: date, years: int) -> date:
    leap_day = day.month == FEBRUARY and day.day > LAST
    return (day - timedelta(days=1) if leap_day else day).replace(year=day.year + years)
