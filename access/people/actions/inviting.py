"""Inviting people, and accepting an invitation.

Administrators invite, for the organisations that they look after: those granted to them (rules/grants.py: ADMINISTER)
and those that these answer for; an organisation's own administrators only where its authority delegated it (APPLY).
Another administrator than invited lets the person in (people/actions/deciding.py).
"""

import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from access.models import (
    ApprovalKind,
    ApprovalOutcome,
    Invitation,
    InvitationPurpose,
    NoticeKind,
    Organisation,
    Role,
    Site,
    User,
    UserState,
)
from access.models.addresses import plain_address
from access.models.user import email_fingerprint
from access.people import letters
from access.people.actions.posting import Ending, mark, post, post_each
from access.people.actions.steps import ask, begin_step, check_step, decide, finish_step, open_approvals, person_of
from access.people.links import link_fingerprint, open_link, use_link
from access.people.name_tokens import tokens_of_name
from access.people.selectors.people import addresses_taken
from access.rules.administering import APPLYING, organisations_administered, user_to_apply_for
from access.rules.decisions import check_can
from access.rules.errors import (
    EmailTakenError,
    LinkError,
    NotAdministeredError,
)
from access.rules.lifecycle import Step
from access.rules.roles import Permission
from access.sign_in.actions.second_factors import remove_all
from access.sign_in.notices import notify
from access.sign_in.selectors import awaits_new_sign_in
from audit.actors import Actor, Process
from audit.events import EventKind
from audit.recorder import About, record, record_each
from encryption.models import next_ids

GOOD_FOR = timedelta(days=14)
NEW_SIGN_IN_GOOD_FOR = timedelta(hours=24)
LETTERS: dict[InvitationPurpose, tuple[Callable[..., EmailMessage], timedelta]] = {
    InvitationPurpose.JOIN: (letters.invitation, GOOD_FOR),
    InvitationPurpose.RESET: (letters.new_sign_in, NEW_SIGN_IN_GOOD_FOR),
}


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to be invited."""

    name: str = field(repr=False)
    email: str = field(repr=False)
    role: Role
    organisation_id: int
    site_id: int | None = None


@transaction.atomic
def invite(*, actor: Actor | Process, new: NewPerson) -> User:
    """Invite one person. Raises as `invite_each`."""
    return invite_each(actor=actor, people=[new])[0]


@transaction.atomic
def invite_each(*, actor: Actor | Process, people: Sequence[NewPerson]) -> list[User]:
    """Invite all of them or nobody, in the order given, and ask for another administrator's approval of each.

    Raises NotPermittedError, NotAdministeredError where one of the organisations (or a site) is none of the actor's,
    and EmailTakenError, which names the addresses that are in use or given twice.
    """
    _check_reach(actor, people)
    _check_emails([new.email for new in people])
    users = [_made(new, user_id) for new, user_id in zip(people, next_ids(User, len(people)), strict=True)]
    record_each(EventKind.USER_INVITED, [About(user_id=user.pk) for user in users], actor=actor)
    try:
        with transaction.atomic():
            User.objects.bulk_create(users)
    except IntegrityError as error:  # somebody invited one of them in this very moment
        raise EmailTakenError([]) from error
    ask(actor=actor, users=users, kind=ApprovalKind.JOIN)
    ask_for_links(actor=actor, users=users)
    return users


@transaction.atomic
def invite_again(*, actor: Actor | Process, user_id: int) -> User:
    """Send another link; the one before works no longer. Raises WrongStateError where they accepted already."""
    user = user_to_apply_for(actor, user_id)
    check_step(user, Step.ACCEPT)
    record(EventKind.USER_INVITED, About(user_id=user.pk), actor=actor)
    ask_for_links(actor=actor, users=[user])
    return user


@transaction.atomic
def withdraw(*, actor: Actor | Process, user_id: int, seen: int | None = None) -> None:
    """Take back an invitation or an application. The link works no longer."""
    user = user_to_apply_for(actor, user_id)
    check_step(user, Step.WITHDRAW, seen=seen)
    begin_step(actor=actor, user=user, step=Step.WITHDRAW)
    decide(actor=actor, approvals=open_approvals(user), outcome=ApprovalOutcome.WITHDRAWN)
    finish_step(user, Step.WITHDRAW)


def open_invitation(secret: str) -> User:
    """Who is invited by the link with that secret. Raises as `open_link`."""
    return open_link(secret, InvitationPurpose.JOIN)


@transaction.atomic
def refuse_link(*, actor: Process, error: LinkError) -> None:
    """Record that somebody came with a link that is good no longer. Nothing else happens."""
    record(EventKind.ACCESS_REFUSED, actor=actor, outcome=error.outcome)


@transaction.atomic
def accept(*, actor: Process, secret: str, password: str) -> User:
    """Accept the invitation: the link is used up, the person has that password and is joining.

    The password has been checked by whoever calls. Whoever had another before is told. Of somebody who left before they
    set up a new sign-in, no second factor stays: those may be in other hands. Raises as `open_invitation`.
    """
    # Asked before the link is used up, which ends the waiting. One that is agreed in between replaces the link.
    anew = awaits_new_sign_in(open_invitation(secret).pk)
    fields = [ApprovalKind.SIGN_IN] if anew else []
    user = use_link(actor, secret, InvitationPurpose.JOIN, EventKind.USER_JOINED, fields=fields)
    if user.has_usable_password():
        notify(user.pk, NoticeKind.PASSWORD)
    user.keep_password(password)
    if anew:
        remove_all(user)
    User.objects.filter(pk=user.pk).update(state=UserState.JOINING)
    user.state = UserState.JOINING
    return user


def ask_for_links(*, actor: Actor | Process, users: Sequence[User]) -> None:
    """Have a new link mailed to each of them. Whoever calls has recorded that they are invited."""
    Invitation.objects.bulk_create(Invitation(user=user, invited_by_id=person_of(actor)) for user in users)


def send_invitations() -> int:
    """Make the links that were asked for and mail them. For the worker alone. Returns how many were sent.

    Each in a transaction of its own: a link that could not be mailed is made anew the next time. Raises OSError or
    SMTPException where the mail server cannot be reached.
    """
    return post_each(_unsent(), "asked_at", _send)


def taken_emails(emails: Sequence[str]) -> list[str]:
    """Those of the addresses that somebody in the service has, or that are given more than once."""
    prints = {email: email_fingerprint(email) for email in emails}
    known = addresses_taken(prints.values())
    given = Counter(email_fingerprint(email) for email in emails)
    return [email for email, known_by in prints.items() if known_by in known or given[known_by] > 1]


@transaction.atomic
def _send(invitation_id: int, mail: BaseEmailBackend) -> bool:
    invitation = _unsent().select_for_update(skip_locked=True).filter(pk=invitation_id).first()
    if invitation is None:  # another worker is at it
        return False
    user = User.objects.get(pk=invitation.user_id)
    secret, now = secrets.token_urlsafe(32), timezone.now()
    letter, good_for = LETTERS[InvitationPurpose(invitation.purpose)]
    ending = post(
        lambda: letter(user, secret, connection=mail),
        mail=mail,
        what=str(invitation),
        waiting_since=invitation.asked_at,
    )
    mark(
        Invitation.objects.filter(pk=invitation_id),
        ending,
        sent_at=now,
        expires_at=now + good_for,
        token_fingerprint=link_fingerprint(secret),
    )
    return ending == Ending.SENT


def _unsent() -> QuerySet[Invitation]:
    return Invitation.objects.filter(sent_at=None, refused_at=None)


def _check_emails(emails: Sequence[str]) -> None:
    if taken := taken_emails(emails):
        raise EmailTakenError(taken)


def _check_reach(actor: Actor | Process, people: Sequence[NewPerson]) -> None:
    wanted = {new.organisation_id for new in people}
    if isinstance(actor, Actor):
        check_can(actor, Permission.PEOPLE_INVITE)
        reach = organisations_administered(actor, *APPLYING)
    else:
        reach = Organisation.objects.all()
    sites = {(new.site_id, new.organisation_id) for new in people if new.site_id is not None}
    known_sites = set(Site.objects.filter(pk__in=[pk for pk, _ in sites]).values_list("pk", "organisation_id"))
    if reach.filter(pk__in=wanted).count() != len(wanted) or not sites <= known_sites:
        raise NotAdministeredError


def _made(new: NewPerson, user_id: int) -> User:
    return User(
        id=user_id,
        email_fingerprint=email_fingerprint(new.email),
        email=plain_address(new.email),
        name=new.name,
        name_tokens=tokens_of_name(new.name),
        role=new.role,
        organisation_id=new.organisation_id,
        site_id=new.site_id,
        state=UserState.INVITED,
    )
