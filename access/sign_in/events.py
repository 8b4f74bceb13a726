"""Sign-ins, sign-outs and failures, told to the log by the signals of Django and allauth.

What changes a password or a second factor records it itself (access.sign_in.actions): allauth signals that afterwards.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import user_logged_in as signed_in
from allauth.mfa.signals import authentication_failed, authenticator_used
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from access.door import sessions
from access.door.actors import actor_of
from access.models import User
from access.sign_in import devices
from audit.actors import Process
from audit.events import EventKind, Outcome
from audit.recorder import About, record


class Locked(StrEnum):
    """Who is locked out, as the event says it."""

    BROWSER = "browser"  # one in which the person signed in before
    ADDRESS = "address"
    NEW_BROWSERS = "new_browsers"  # every one in which they did not
    EVERY_ACCOUNT = "every_account"  # one address, whatever account it tries


@receiver(signed_in)
def record_sign_in(request: HttpRequest, user: User, **_: Any) -> None:
    """Begin a session of the service for them, in the place of any that this browser had."""
    with transaction.atomic():
        if sessions.session_of(request).session_key:
            sessions.session_of(request).delete()
        session = sessions.SessionStore()
        session.create()
        request.service = request.session.service = session  # type: ignore[attr-defined]
        record(EventKind.SIGNED_IN, About(user_id=user.pk), actor=actor_of(request))
        session.user_id = user.pk
        session.note_device(devices.in_words(request.headers.get("User-Agent", "")))
        if any(each["method"] == "mfa" for each in get_authentication_records(request, user)):
            session.confirm()


@receiver(authenticator_used)
def confirm(request: HttpRequest, user: User, **_: Any) -> None:
    """While somebody signs in there is no session yet to confirm, nor is one where a colleague reads a code out."""
    session = sessions.session_of(request)
    if request.user.is_authenticated and session.user_id == user.pk:
        session.confirm()


@receiver(user_logged_out)
def record_sign_out(request: HttpRequest, user: User | None, **_: Any) -> None:
    if user is not None:
        with transaction.atomic():
            record(EventKind.SIGNED_OUT, About(user_id=user.pk), actor=actor_of(request))
            sessions.session_of(request).flush()


@receiver(user_login_failed)
def record_failed_sign_in(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """Of somebody who may not sign in that is said instead: nothing tells here whether the password was right."""
    user = _known(credentials.get("username"))
    outcome = Outcome.NOT_PERMITTED if user and not user.is_active else Outcome.WRONG_PASSWORD
    _record_failure(EventKind.SIGN_IN_FAILED, user, request, outcome)


def record_lock_out(request: HttpRequest, account: str, locked: Locked) -> None:
    """The guess at that account was the last that is heard for some time."""
    _record_failure(EventKind.SIGN_IN_LOCKED, _known(account), request, Outcome.NOT_PERMITTED, [locked])


def record_refused_sign_in(user: User | None, request: HttpRequest) -> None:
    """Somebody proved who they are in another way than by password, and may not sign in, or is nobody here."""
    _record_failure(EventKind.SIGN_IN_FAILED, user, request, Outcome.NOT_PERMITTED)


@receiver(authentication_failed)
def record_failed_code(request: HttpRequest, user: User, **_: Any) -> None:
    actor = actor_of(request) if request.user.is_authenticated else _sign_in_page(request, user)
    with transaction.atomic():
        record(EventKind.SECOND_FACTOR_FAILED, About(user_id=user.pk), actor=actor, outcome=Outcome.WRONG_CODE)


def _known(account: str | None) -> User | None:
    user: User | None = User.objects.filter(email_fingerprint=account or "").first()
    return user


def _record_failure(
    kind: EventKind, user: User | None, request: HttpRequest | None, outcome: Outcome, fields: Sequence[str] = ()
) -> None:
    """A failure is about the user whose account was tried, and for their auditors, where there is one."""
    with transaction.atomic():
        about = About(user_id=user.pk if user else None, fields=fields)
        record(kind, about, actor=_sign_in_page(request, user), outcome=outcome)


def _sign_in_page(request: HttpRequest | None, user: User | None) -> Process:
    """The sign-in page as the one who acts, seen by the auditors of the user whose account is tried."""
    return Process(
        "sign-in",
        getattr(request, "request_id", None),
        organisation_id=user.organisation_id if user else None,
        authority_id=user.organisation.authority_id if user else None,
    )
