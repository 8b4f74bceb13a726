"""Accounts for simulated people: added and vetted as everybody is, without a password, so that none can sign in.

Each has told their home, as people are asked to.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from access.models import User, UserState, VettingKind
from access.people.actions.people import NewUser, add_user
from access.rules.vetting import last_day_of
from audit.actors import Process
from registry.actions.homes import keep_home
from review.simulation import calendar
from review.simulation.people import Person

ACTOR = Process("simulation")
_CHECKED_WITHIN = 300  # days


def add(people: Sequence[Person], *, seed: int, today: date) -> Iterator[Person]:
    """Give each of them an account. Yields them as they have it."""
    for person in people:
        checked_on = today - timedelta(days=Random(f"{seed} vetted {person.index}").randrange(5, _CHECKED_WITHIN))
        new = NewUser(
            name=f"{person.given} {person.family}",
            email=f"user.{seed}.{person.index}@example.org",
            role=person.role,
            organisation=person.organisation,
            checked_on=checked_on,
            expiries={kind: last_day_of(kind, checked_on=checked_on) for kind in VettingKind},
        )
        person.user_id = add_user(actor=ACTOR, new=new).pk
        keep_home(person.user_id, ", ".join(person.home.lines), person.home.postcode)
        yield person


def date_states(people: Sequence[Person], *, first: date) -> None:
    """Let those who left have left, and everybody's state have begun when it did. As the owner, who alone may."""
    for person in people:
        rows = User.objects.filter(pk=person.user_id)
        if person.leaves:
            # In two steps: the database dates a change of state itself.
            rows.update(state=UserState.LEFT)
        begun = person.leaves or person.joins or first - timedelta(days=1)
        rows.update(state_at=calendar.at(begun, 17 * 60))
