"""Asking for a new sign-in, agreeing to it, and the link that is mailed, as two administrators and the worker do it."""

import re

from allauth.mfa.models import Authenticator
from django.core import mail
from django.http import HttpResponse
from django.test import Client

from access.models import (
    Approval,
    IdentityCheck,
    Invitation,
    InvitationPurpose,
    Notice,
    User,
)
from access.people.actions.inviting import send_invitations
from access.people.actions.recovering import ask_new_sign_in, decide_new_sign_in
from tests.acting_servers import signing_in
from tests.conftest import as_owner_here, as_worker
from tests.integration.access.lives import Council

CHOSEN = "orchard teapot lantern"
CHECK = IdentityCheck.IN_PERSON


def asked(council: Council, teacher: User) -> Approval:
    return ask_new_sign_in(actor=council.first, user_id=teacher.pk, identity_check=CHECK)


def agreed(council: Council, teacher: User) -> None:
    decide_new_sign_in(actor=council.second, approval_id=asked(council, teacher).pk, agreed=True)


def mailed() -> str:
    """The address of the link that the worker mails."""
    with as_worker():
        send_invitations()
    found = re.search(r"http://[^/]+(/join/new-sign-in/[\w-]+/)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def choose(address: str, *, browser: Client | None = None) -> HttpResponse:
    return (browser or Client()).post(address, {"password1": CHOSEN, "password2": CHOSEN})


def kinds_of(person: User) -> set[str]:
    with as_owner_here():
        return set(Authenticator.objects.filter(user=person).values_list("type", flat=True))


def has_password(person: User, password: str) -> bool:
    with signing_in():
        return bool(User.objects.get(pk=person.pk).check_password(password))


def told(person: User) -> list[str]:
    with as_owner_here():
        return list(Notice.objects.filter(user=person).order_by("pk").values_list("what", flat=True))


def links(person: User) -> list[Invitation]:
    with as_owner_here():
        return list(Invitation.objects.filter(user=person, purpose=InvitationPurpose.RESET))
