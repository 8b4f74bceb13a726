"""How allauth is told about our users: by fingerprint, with sealed second factors, and in our words."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.utils import get_next_redirect_url, user_pk_to_url_str
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from access.door import confirming, endings, places
from access.door.actors import actor_of, user_of
from access.models import User
from access.rules.vetting import may_enter
from access.sign_in import guessing, known_devices
from access.sign_in.actions.passwords import change_password
from access.sign_in.events import record_refused_sign_in
from access.sign_in.guessing import Proof
from access.sign_in.selectors import awaits_new_sign_in
from encryption import keyring, seal
from encryption.keys import Purpose
from pages.wording import long_moment

# allauth hands over the secret without its row; the purpose's key and this place are what binds it.
_SECRET_PLACE = seal.Place("mfa_authenticator", "data", 0, 0)
_MISMATCH = "Enter the correct e-mail address and password"
_GUESSED_AT = {
    Proof.PASSWORD: "On {}, somebody entered too many wrong passwords for your account in browsers that are new to it. "
    "Such browsers were then locked out for a time. If it was not you, tell the management team of your organisation",
    Proof.CODE: "On {}, somebody entered too many wrong codes for your account in browsers that are new to it. Such "
    "browsers were then locked out for a time. If it was not you, they know your password: change it now, and tell the "
    "management team of your organisation",
}


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
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The user with that password, by which also the one who is signed in confirms who they are."""
        with guessing.counted(request, Proof.PASSWORD, credentials["username"]) as guess:
            user: User | None = super().authenticate(request, **credentials)
            if user is None:
                guess.wrong()
        return user

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
        """Back to where the same person was, else to the start. A browser that showed both factors is known again."""
        asked = redirect_url or get_next_redirect_url(request)
        place = endings.place_after_sign_in(request, user, asked) or self.get_login_redirect_url(request)
        answer: HttpResponse = super().post_login(request, user, redirect_url=place, **told)
        if any(shown["method"] == "mfa" for shown in get_authentication_records(request, user)):
            known_devices.remember(request, answer, user.email_fingerprint)
            _tell_of_guesses(request, user)
        return answer

    def login(self, request: HttpRequest, user: User) -> None:
        """Not with what they had, once two administrators have agreed to give them a new sign-in."""
        if awaits_new_sign_in(user.pk):
            record_refused_sign_in(user, request)
            request.session.flush()  # what they showed of the old one counts for nothing
            raise ImmediateHttpResponse(render(request, "account/new_sign_in_waits.html", status=403))
        super().login(request, user)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Somebody suspended, or who left, came with a passkey: both factors are right, so they are told."""
        record_refused_sign_in(user, request)
        response: HttpResponse = super().respond_user_inactive(request, user)
        return response

    def is_reauthentication_required(self, *, app: str, **_: Any) -> bool:
        """Ask for the password again only where no second factor was shown: else the route asks for that one again."""
        return not confirming.has_second_factor(self.request)

    def set_password(self, user: User, password: str) -> None:
        """The page on which one changes it calls this, with a password that it has checked.

        Whoever guessed at the one before knows nothing of this one.
        """
        change_password(actor=actor_of(self.request), user=user, password=password)
        guessing.forget(self.request, user.email_fingerprint)


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
        return seal.open_sealed(base64.b64decode(encrypted_text), _SECRET_PLACE, Purpose.SIGN_IN).decode()

    def _get_user_identifier(self, user: User) -> str:
        email: str = user.email.open()
        return email

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        # The authenticator keeps this entity: it is told who the person is, never the fingerprint.
        name = user.name.open()
        return {"id": user_pk_to_url_str(user).encode(), "display_name": name, "name": user.email.open()}


def _tell_of_guesses(request: HttpRequest, user: User) -> None:
    """At each sign-in for some days: whoever got in by guessing must not be the only one who is told."""
    for proof, words in _GUESSED_AT.items():
        at = guessing.guessed_at(user.email_fingerprint, proof)
        if at is not None:
            messages.warning(request, words.format(long_moment(at)))
