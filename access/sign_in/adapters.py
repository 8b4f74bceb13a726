"""How allauth and axes are told about our users: by fingerprint, with sealed second factors, and in our words."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.utils import get_next_redirect_url, user_pk_to_url_str
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from access.door import endings, places
from access.door.actors import user_of
from access.models import User
from access.models.user import email_fingerprint
from access.rules.vetting import may_enter
from access.sign_in.events import record_refused_sign_in
from encryption import keyring, seal
from encryption.keys import Purpose

# allauth hands over the secret without its row; the purpose's key and this place are what binds it.
_SECRET_PLACE = seal.Place("mfa_authenticator", "data", 0, 0)
_MISMATCH = "Enter the correct e-mail address and password"
_TOO_MANY = "Too many attempts. Wait an hour and try again, or ask your administrator"


class PasswordBackend(AuthenticationBackend):  # type: ignore[misc]
    """A right password of somebody who is not let in is answered like a wrong one.

    allauth would lead them to a page that says so, and whoever tries stolen passwords would learn which are good.
    """

    @classmethod
    def _stash_user(cls, user: User | None) -> None:
        """Keep nobody back for that page."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up: users are added by an administrator."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _MISMATCH,
        "username_password_mismatch": _MISMATCH,
        "phone_password_mismatch": _MISMATCH,
        "incorrect_password": "Enter your correct password",
        "enter_current_password": "Enter your correct password",
        "too_many_login_attempts": _TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the guess against the account, from wherever it comes, until it turns out right.

        Not where axes will refuse it unheard: whoever is locked out at their address must not go on from there until
        the person is locked out at every other.
        """
        if not AxesProxyHandler.is_allowed(request, credentials):
            return
        key = self._get_login_attempts_cache_key(request, **credentials)
        self._login_failed_rl_usage = ratelimit.consume(
            request, action="password_failed", key=key, app="allauth.account"
        )
        if not self._login_failed_rl_usage:
            raise self.validation_error("too_many_login_attempts")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The start page, or for whoever cannot come in today the page that says what is missing."""
        if not may_enter(user_of(request), today=timezone.localdate()):
            return reverse("my_access")
        start: str = super().get_login_redirect_url(request)
        return start

    def is_safe_url(self, url: str | None) -> bool:
        """Only the path of a page of ours, never another host."""
        return url is not None and places.is_own(url)

    def post_login(self, request: HttpRequest, user: User, *, redirect_url: str | None, **told: Any) -> HttpResponse:
        """Back to where the same person was, else to the start."""
        asked = redirect_url or get_next_redirect_url(request)
        place = endings.place_after_sign_in(request, user, asked) or self.get_login_redirect_url(request)
        answer: HttpResponse = super().post_login(request, user, redirect_url=place, **told)
        return answer

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Somebody suspended, or who left, came with a passkey: both factors are right, so they are told."""
        record_refused_sign_in(user, request)
        response: HttpResponse = super().respond_user_inactive(request, user)
        return response

    def set_password(self, user: User, password: str) -> None:
        """Save the new password alone."""
        user.keep_password(password)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second-factor secrets are sealed at rest; authenticator apps show the person's e-mail address."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": "This is your only second step. Add another one first, then remove this one",
        "incorrect_code": "Enter the 6-digit code your authenticator app shows now, or an unused recovery code",
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Never the last one: a password alone would then be enough to set up another."""
        others = Authenticator.objects.filter(user=authenticator.user_id).exclude(pk=authenticator.pk)
        left: bool = others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()
        return left

    def encrypt(self, text: str) -> str:
        key = keyring.current().sealing_key(Purpose.SIGN_IN)
        return base64.b64encode(seal.seal(text.encode(), _SECRET_PLACE, key)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return seal.open_sealed(base64.b64decode(encrypted_text), _SECRET_PLACE).decode()

    def _get_user_identifier(self, user: User) -> str:
        email: str = user.email.open()
        return email

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        # The authenticator keeps this entity: it is told who the person is, never the fingerprint.
        name = user.name.open()
        return {"id": user_pk_to_url_str(user).encode(), "display_name": name, "name": user.email.open()}


def attempted_account(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Which account a sign-in attempt is for, by fingerprint, so that axes never holds an e-mail address."""
    given = credentials or {}
    # allauth names the account one way when somebody tries it, axes another way when somebody got in.
    account = given.get("username") or given.get(User.USERNAME_FIELD)
    return str(account) if account else email_fingerprint(request.POST.get("login", ""))


def nobody(*_: object) -> str:
    """What axes may write into the log about who tried: nothing."""
    return "<withheld>"


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None) -> HttpResponse:
    """The page for somebody who guessed too often."""
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    return render(request, "429.html", {"minutes": minutes}, status=429)
