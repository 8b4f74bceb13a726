"""The people a feed may know of: those of its system's organisation and of those that this one answers for."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q, QuerySet

from access.models import User, UserState
from access.models.user import email_fingerprint
from access.rules.errors import NotFoundError
from audit.actors import Process
from audit.events import EventKind
from audit.recorder import About, record

GOING_ON = (UserState.INVITED, UserState.JOINING, UserState.ACTIVE)
# Whoever has left is no longer there for a feed.
KNOWN = (*GOING_ON, UserState.SUSPENDED)
MOST_DIGITS = 18  # of an id


@dataclass(frozen=True, slots=True)
class Member:
    """A person as a feed sees them. `active`: nobody has stopped them; whether they may come in is another matter.

    `standing` moves on with each decision about them.
    """

    id: int
    email: str = field(repr=False)
    active: bool
    standing: int


@dataclass(frozen=True, slots=True)
class Criterion:
    """Whom to look for: by id, or else by e-mail address."""

    by_id: bool
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Found:
    """One page of people, and how many there are in all."""

    members: Sequence[Member]
    total: int


@transaction.atomic
def member(feed: Process, user_id: int) -> Member:
    """That person. Recorded. Raises NotFoundError outside the feed's organisations, as where there is nobody."""
    found = people_of(feed).filter(pk=user_id).first()
    if found is None:
        raise NotFoundError
    record(EventKind.USER_READ, About(user_id=user_id), actor=feed)
    return as_member(found)


@transaction.atomic
def members(feed: Process, criterion: Criterion | None, *, start: int, count: int) -> Found:
    """At most `count` people from the `start`-th on (counted from 1), or those who fit the criterion. Recorded."""
    record(EventKind.PEOPLE_LISTED, actor=feed)
    people = people_of(feed).filter(_fits(criterion)).order_by("pk")
    total = people.count()
    page = people[start - 1 : start - 1 + count] if start <= total else []
    return Found([as_member(person) for person in page], total)


def people_of(feed: Process) -> QuerySet[User]:
    """The people of the feed's organisations who have not left."""
    return everybody_of(feed).filter(state__in=KNOWN)


def everybody_of(feed: Process) -> QuerySet[User]:
    """The people of the feed's organisations, those who have left too."""
    theirs = Q(organisation=feed.organisation_id) | Q(organisation__responsible_authority=feed.organisation_id)
    people: QuerySet[User] = User.objects.filter(theirs)
    return people


def as_member(person: User) -> Member:
    active = person.state in GOING_ON
    return Member(id=person.pk, email=person.email.open(), active=active, standing=person.standing)


def _fits(criterion: Criterion | None) -> Q:
    if criterion is None:
        return Q()
    if not criterion.by_id:
        return Q(email_fingerprint=email_fingerprint(criterion.text))
    is_id = criterion.text.isascii() and criterion.text.isdigit() and len(criterion.text) <= MOST_DIGITS
    return Q(pk=int(criterion.text) if is_id else None)
