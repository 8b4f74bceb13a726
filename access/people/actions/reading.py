"""Reading about people. Each reading is recorded.

What somebody was vetted on, the database shows with the ticket of a committed event alone: that is recorded first, and
read then. Who people are and how they stand, a session sees without any (docs/adr/0032): it is read in the transaction
that records it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Page
from django.db import transaction
from django.utils import timezone

from access.models import ApprovalKind, IdentityCheck, Role, User, VettingItem, VettingKind
from access.people import agreements
from access.people.selectors.employment import Employed, employed_by, page_of, with_dates
from access.people.selectors.own_access import OwnAccess, agreement_is_due, own_access
from access.people.selectors.people import PeopleFilter, PeoplePage, Waiting, names_of, people_of, waiting_for
from access.people.selectors.person import PersonPage, Who, asked_of, person_page, who_is
from access.rules.administering import APPLYING, people_administered
from access.rules.errors import NotAdministeredError
from access.rules.vetting import may_enter
from audit.actors import Actor
from audit.events import EventKind
from audit.recorder import About, record, record_first


@dataclass(frozen=True, slots=True)
class AskedRole:
    """A change of role that waits for a decision."""

    who: Who
    approval_id: int
    wanted: Role


@dataclass(frozen=True, slots=True)
class AskedOverride:
    """That somebody may override shields, which waits for a decision."""

    who: Who
    approval_id: int


@dataclass(frozen=True, slots=True)
class AskedSignIn:
    """A new sign-in that waits for a decision: who asked for it, and how they made sure who it is for."""

    who: Who
    approval_id: int
    identity_check: IdentityCheck
    asked_by: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class OwnPage:
    """Who the reader is, and how they stand. `entering`: whether they can use the service today."""

    who: Who
    access: OwnAccess
    entering: bool


@dataclass(frozen=True, slots=True)
class OwnAgreement:
    """The agreement in force, and the days of the reader's signature. `due`: it is to be signed now."""

    agreement: agreements.Agreement
    signed_on: date | None
    holds_until: date | None
    due: bool


def read_person(*, actor: Actor, user_id: int) -> PersonPage:
    """All about one person whom the actor looks after. Raises NotAdministeredError."""
    user = _administered(actor, user_id)
    ticket = record_first(EventKind.USER_READ, About(user_id=user.pk), actor=actor)
    with ticket.shown():
        return person_page(actor, user, today=timezone.localdate())


@transaction.atomic
def read_who(*, actor: Actor, user_id: int) -> Who:
    """Who the person is, for a page on which something is done about them. Raises NotAdministeredError."""
    return who_is(_read(actor, user_id))


@transaction.atomic
def read_asked_role(*, actor: Actor, user_id: int) -> AskedRole | None:
    """The change of role that waits for a decision, if one does. Raises NotAdministeredError."""
    user = _read(actor, user_id)
    asked = asked_of(user, ApprovalKind.ROLE)
    return AskedRole(who_is(user), asked.pk, Role(asked.role)) if asked else None


@transaction.atomic
def read_asked_override(*, actor: Actor, user_id: int) -> AskedOverride | None:
    """That the person may override shields, if that waits for a decision. Raises NotAdministeredError."""
    user = _read(actor, user_id)
    asked = asked_of(user, ApprovalKind.OVERRIDE)
    return AskedOverride(who_is(user), asked.pk) if asked else None


@transaction.atomic
def read_asked_sign_in(*, actor: Actor, user_id: int) -> AskedSignIn | None:
    """The new sign-in that waits for a decision, if one does. Raises NotAdministeredError."""
    user = _read(actor, user_id)
    asked = asked_of(user, ApprovalKind.SIGN_IN)
    if asked is None or asked.asked_by_id is None:
        return None
    asked_by = names_of([asked.asked_by_id])[asked.asked_by_id]
    return AskedSignIn(who_is(user), asked.pk, IdentityCheck(asked.identity_check), asked_by, asked.asked_at)


@transaction.atomic
def read_people(*, actor: Actor, wanted: PeopleFilter, after: int | None = None) -> PeoplePage:
    """A page of the people whom the actor looks after; the event names those that it shows."""
    page = people_of(actor, wanted, today=timezone.localdate(), after=after)
    record(EventKind.PEOPLE_LISTED, About(shown=[one.id for one in page.people]), actor=actor)
    return page


@transaction.atomic
def read_waiting(*, actor: Actor, most: int) -> list[Waiting]:
    """What waits for a second administrator; the event names the people whom it is about."""
    waiting = waiting_for(actor, today=timezone.localdate(), most=most)
    shown = sorted({one.user_id for one in waiting})
    record(EventKind.PEOPLE_LISTED, About(shown=shown, fields=["approvals"]), actor=actor)
    return waiting


def read_employed_page(*, actor: Actor, organisation_id: int, number: int) -> Page[Employed]:
    """A page of those whom the organisation employs; the event names those that it shows. Raises NotFoundError."""
    page = page_of(employed_by(actor, organisation_id), number)
    page.object_list = read_employed(actor=actor, people=page)
    return page


def read_employed(*, actor: Actor, people: Iterable[Employed]) -> list[Employed]:
    """Those of an organisation's people that a page shows, with their days; the event names them."""
    shown = list(people)
    about = About(shown=[one.id for one in shown], fields=["confirmation"])
    ticket = record_first(EventKind.PEOPLE_LISTED, about, actor=actor)
    with ticket.shown():
        return with_dates(shown)


def read_own_access(*, actor: Actor) -> OwnPage:
    """What the actor's own access depends on."""
    today = timezone.localdate()
    ticket = record_first(EventKind.USER_READ, About(user_id=actor.user_id), actor=actor)
    with ticket.shown():
        user: User = User.objects.get(pk=actor.user_id)
        return OwnPage(who_is(user), own_access(user, today=today), entering=may_enter(user, today=today))


def read_own_agreement(*, actor: Actor) -> OwnAgreement:
    """The agreement in force, and whether the actor signed it."""
    today = timezone.localdate()
    about = About(user_id=actor.user_id, fields=[VettingKind.AGREEMENT])
    ticket = record_first(EventKind.USER_READ, about, actor=actor)
    with ticket.shown():
        user: User = User.objects.get(pk=actor.user_id)
        signed: VettingItem | None = user.vetting_items.filter(kind=VettingKind.AGREEMENT).first()
        return OwnAgreement(
            agreements.in_force(today=today),
            signed_on=signed.checked_on if signed else None,
            holds_until=signed.expires_on if signed else None,
            due=agreement_is_due(user, today=today),
        )


def _read(actor: Actor, user_id: int) -> User:
    """The person, recorded as read, but for what they were vetted on. Raises NotAdministeredError."""
    user = _administered(actor, user_id)
    record(EventKind.USER_READ, About(user_id=user.pk), actor=actor)
    return user


def _administered(actor: Actor, user_id: int) -> User:
    user: User | None = people_administered(actor, *APPLYING).filter(pk=user_id).first()
    if user is None:
        raise NotAdministeredError
    return user
