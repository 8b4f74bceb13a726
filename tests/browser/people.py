"""People who use the service, each new: an authenticator's code works once, so no two tests share a person."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core import mail
from django.utils import timezone

from access.models import (
    Budget,
    Invitation,
    InvitationPurpose,
    Measure,
    Organisation,
    Role,
    Session,
    Usage,
    User,
    VettingItem,
)
from access.people.actions import inviting
from access.people.actions.inviting import NewPerson
from access.rules import grants
from contactpoint.local import code
from tests import factories
from tests.acting_servers import signing_in

SOCIAL_CARE, MENTAL_HEALTH, COUNCIL = "childrens-social-care", "mental-health", "council"
SECONDS_TO_TYPE = 4


@dataclass(frozen=True)
class Person:
    """How somebody is known, and signs in. Without an authenticator app yet, `secret` is empty."""

    id: int
    name: str
    email: str
    organisation: str
    secret: str
    password: str = factories.PASSWORD

    def code(self) -> str:
        """What their authenticator app shows, good for some seconds more."""
        while code.seconds_left(time.time()) < SECONDS_TO_TYPE:
            time.sleep(0.1)
        return code.current(self.secret, time.time())


Change = Callable[[Callable[[Person], None], Person], None]


def join(role: Role, works_for: str, *, authenticator: bool = True, name: str = "") -> Person:
    """Add a vetted person to the demonstration organisation with that directory code."""
    organisation = Organisation.objects.get(directory_code=works_for)
    user = factories.user(role=role, works_for=organisation, authenticator=authenticator, name=name)
    secret = factories.authenticator_secret(user) if authenticator else ""
    return Person(user.pk, user.name.open(), user.email.open(), organisation.name, secret)


@dataclass(frozen=True)
class Invited:
    """Somebody who was sent a link, and the path that it leads to."""

    id: int
    email: str
    organisation: str
    path: str


def invite(works_for: str = SOCIAL_CARE) -> Invited:
    """Invite somebody to that organisation, and have the link mailed as the worker would."""
    organisation = Organisation.objects.get(directory_code=works_for)
    email = factories.new_email()
    user = inviting.invite(
        actor=factories.SETTING_UP,
        new=NewPerson(name="Zainab Okonkwo", email=email, role=Role.PRACTITIONER, organisation_id=organisation.pk),
    )
    inviting.send_invitations()
    letter = next(each for each in mail.outbox if each.to == [email])
    found = re.search(r"/join/[\w-]+/", str(letter.body))
    assert found
    return Invited(user.pk, email, organisation.name, found[0])


def give_new_sign_in(works_for: str = SOCIAL_CARE) -> Invited:
    """Somebody to whom two administrators gave a new sign-in, with the link mailed as the worker would."""
    person = join(Role.PRACTITIONER, works_for)
    Invitation.objects.create(user_id=person.id, purpose=InvitationPurpose.RESET)
    inviting.send_invitations()
    letter = next(each for each in mail.outbox if each.to == [person.email])
    found = re.search(r"/join/new-sign-in/[\w-]+/", str(letter.body))
    assert found
    return Invited(person.id, person.email, person.organisation, found[0])


def recovery_codes(person: Person) -> list[str]:
    """New recovery codes of the person's, none of them used."""
    with signing_in():
        codes: list[str] = RecoveryCodes.activate(User.objects.get(pk=person.id)).get_unused_codes()
    return codes


def idle_too_long(person: Person) -> None:
    """Let the person's sessions run out, as fifteen minutes without a click do."""
    Session.objects.filter(user_id=person.id).update(expires_at=timezone.now() - timedelta(seconds=1))


def use_up(person: Person) -> None:
    """Let the practitioner have opened as many records today as they may."""
    budget = Budget.objects.get(role=Role.PRACTITIONER, measure=Measure.RECORDS)
    this_hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    values = {"used": budget.daily}
    Usage.objects.update_or_create(
        user_id=person.id, measure=Measure.RECORDS, hour=this_hour, defaults=values, create_defaults=values
    )


def lose_vetting(person: Person) -> None:
    """Let the person's checks have run out yesterday."""
    VettingItem.objects.filter(user_id=person.id).update(expires_on=factories.today() - timedelta(days=1))


def may_stop_service(person: Person) -> None:
    """Let the person stop the whole service."""
    user = User.objects.get(pk=person.id)
    grants.grant(user, grants.STOP_SERVICE, user.organisation)
