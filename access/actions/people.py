"""Adding people to the service."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction

from access import grants
from access.models import Organisation, User, VettingItem, VettingKind
from access.models.user import email_fingerprint
from access.roles import Role
from audit.actors import Process
from audit.events import EventKind
from audit.recorder import About, record

# What a role is granted on its own organisation.
GRANTS = {Role.ADMINISTRATOR: grants.ADMINISTER, Role.AUDITOR: grants.AUDIT}


@dataclass(frozen=True, slots=True)
class NewUser:
    """A person to be added, vetted already. `expiries` are the days their items run out."""

    name: str
    email: str
    role: Role
    organisation: Organisation
    password: str = field(repr=False)
    authenticator_secret: str = field(repr=False)
    checked_on: date
    expiries: Mapping[VettingKind, date]


@transaction.atomic
def add_user(*, actor: Process, new: NewUser) -> User:
    """Add a user with a password, an authenticator app and their vetting.

    Raises IntegrityError where the e-mail address is used already.

    Administrators and auditors are granted their own organisation; an authority's covers those that it answers for.
    """
    user = User(
        email_fingerprint=email_fingerprint(new.email),
        email=new.email,
        name=new.name,
        role=new.role,
        organisation=new.organisation,
    )
    user.set_password(new.password)
    user.save()
    TOTP.activate(user, new.authenticator_secret)
    VettingItem.objects.bulk_create(
        VettingItem(user=user, kind=kind, checked_on=new.checked_on, expires_on=expires_on)
        for kind, expires_on in new.expiries.items()
    )
    if new.role in GRANTS:
        grants.grant(user, GRANTS[new.role], new.organisation)
    record(EventKind.USER_ADDED, About(user_id=user.pk), actor=actor)
    return user
