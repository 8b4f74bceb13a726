"""Adding people to the service from outside of it: the first of an installation, and those of a demonstration."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from access.models import ApprovalKind, Organisation, Role, User, UserState, VettingItem, VettingKind
from access.models.addresses import plain_address
from access.models.user import email_fingerprint
from access.people import agreements
from access.people.actions.steps import ask
from access.people.name_tokens import tokens_of_name
from access.rules import grants
from audit.actors import Process
from audit.events import EventKind
from audit.recorder import About, record


@dataclass(frozen=True, slots=True)
class NewUser:
    """A person to be added. `expiries` are the days their items run out; whoever has none of a kind lacks it.

    `also_granted`: what they are granted on their own organisation besides what comes with their role.
    """

    name: str
    email: str
    role: Role
    organisation: Organisation
    checked_on: date
    expiries: Mapping[VettingKind, date]
    state: UserState = UserState.ACTIVE
    also_granted: tuple[str, ...] = ()


@transaction.atomic
def add_user(*, actor: Process, new: NewUser) -> User:
    """Add a user with their vetting. Whoever is joining waits for approval.

    They can sign in once they have a password and a second factor (access.sign_in.actions.first_secrets).

    Raises IntegrityError where the e-mail address is used already.

    Administrators and auditors of an authority are granted it, which covers those that it answers for.
    """
    user = User(
        email_fingerprint=email_fingerprint(new.email),
        email=plain_address(new.email),
        name=new.name,
        name_tokens=tokens_of_name(new.name),
        role=new.role,
        organisation=new.organisation,
        state=new.state,
    )
    user.save()
    VettingItem.objects.bulk_create(_items(user, new))
    for what in filter(None, (grants.for_role(user.role, new.organisation), *new.also_granted)):
        grants.grant(user, what, new.organisation)
    if new.state == UserState.JOINING:
        ask(actor=actor, users=[user], kind=ApprovalKind.JOIN)
    record(EventKind.USER_ADDED, About(user_id=user.pk), actor=actor)
    return user


def _items(user: User, new: NewUser) -> list[VettingItem]:
    signed = agreements.in_force(today=new.checked_on).version
    return [
        VettingItem(
            user=user,
            kind=kind,
            checked_on=new.checked_on,
            expires_on=expires_on,
            version=signed if kind == VettingKind.AGREEMENT else "",
        )
        for kind, expires_on in new.expiries.items()
    ]
