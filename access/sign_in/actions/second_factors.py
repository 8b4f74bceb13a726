"""Changing one's own second factors: one at a time, each with its event and a letter to the person, or not at all.

allauth's own flows write first and signal after the commit, so that a change could stay whose event failed.
"""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.db import transaction

from access.models import NoticeKind, User
from access.sign_in.notices import notify
from audit.actors import Actor
from audit.events import EventKind
from audit.recorder import About, record

CODES = Authenticator.Type.RECOVERY_CODES


def take_turn(user: User) -> None:
    """Wait until nobody else changes the user's second factors, and keep others waiting until the transaction ends.

    Two tabs that each remove one factor would otherwise both find that the other one stays. Raises
    TransactionManagementError outside a transaction, where it would hold nobody up.
    """
    User.objects.select_for_update().get(pk=user.pk)


def kinds_of(user: User) -> set[str]:
    """The kinds of second factors that the user has."""
    return set(Authenticator.objects.filter(user=user).values_list("type", flat=True))


@transaction.atomic
def add_app(*, actor: Actor, user: User, secret: str) -> bool:
    """Add an authenticator app with that secret. Returns whether the user's first recovery codes came with it."""
    _record_added(actor, user, Authenticator.Type.TOTP, NoticeKind.FACTOR_ADDED)
    TOTP.activate(user, secret)
    return _give_first_codes(actor, user)


@transaction.atomic
def add_passkey(*, actor: Actor, user: User, place: str, credential: dict[str, Any]) -> bool:
    """Add a passkey, which the browser has just shown. Returns whether the user's first recovery codes came with it."""
    _record_added(actor, user, Authenticator.Type.WEBAUTHN, NoticeKind.FACTOR_ADDED)
    WebAuthn.add(user, place, credential)
    return _give_first_codes(actor, user)


@transaction.atomic
def remove(*, actor: Actor, user: User, factor: Authenticator) -> None:
    """Remove an authenticator app or a passkey. Whoever calls has found that another one stays."""
    record(EventKind.SECOND_FACTOR_REMOVED, About(user_id=user.pk, fields=[factor.type]), actor=actor)
    notify(user.pk, NoticeKind.FACTOR_REMOVED)
    factor.delete()


@transaction.atomic
def renew_codes(*, actor: Actor, user: User) -> None:
    """Make recovery codes, in the place of those that there were."""
    if CODES in kinds_of(user):
        record(EventKind.SECOND_FACTOR_REMOVED, About(user_id=user.pk, fields=[CODES]), actor=actor)
        Authenticator.objects.filter(user=user, type=CODES).delete()
    _record_added(actor, user, CODES, NoticeKind.CODES)
    RecoveryCodes.activate(user)


def remove_all(user: User) -> None:
    """Remove every second factor that the user has. Whoever calls has recorded it, and has them told."""
    Authenticator.objects.filter(user=user).delete()


def _give_first_codes(actor: Actor, user: User) -> bool:
    """No letter of their own: they come with what one is sent for already."""
    if CODES in kinds_of(user):
        return False
    record(EventKind.SECOND_FACTOR_ADDED, About(user_id=user.pk, fields=[CODES]), actor=actor)
    RecoveryCodes.activate(user)
    return True


def _record_added(actor: Actor, user: User, kind: str, notice: NoticeKind) -> None:
    record(EventKind.SECOND_FACTOR_ADDED, About(user_id=user.pk, fields=[kind]), actor=actor)
    notify(user.pk, notice)
