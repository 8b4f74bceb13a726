"""Signing in through an authority's own identity provider: allauth speaks with it, here is decided on the person.

The provider stands for the password alone. Nobody is added, connected or changed by what it says: it lets in whom we
know already by that e-mail address, of its own authority, and our second factor is asked for afterwards (ADR 16).
"""

from typing import Any

import structlog
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import Provider
from allauth.socialaccount.providers.base.constants import AuthError
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from access.models import User
from access.models.user import email_fingerprint
from access.sign_in.events import record_refused_sign_in

# What reading a provider's answers raises where they are not what the standard says, or do not come.
UNREADABLE = (KeyError, TypeError, ValueError, OSError, OAuth2Error)


class AuthorityAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Takes over from allauth once the provider has said who somebody is."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The providers of the settings, and none that somebody might put into the database."""
        return [
            SocialApp(provider="openid_connect", **app) for app in _apps() if provider in (None, app["provider_id"])
        ]

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Go on to the second factor, or refuse: always raises ImmediateHttpResponse with the answer."""
        provider = sociallogin.provider
        user = user_told_of(sociallogin.account.extra_data, authority=provider.app.settings["authority"])
        if user is None or not user.is_active:
            record_refused_sign_in(user, request)
            context = {"authority": provider.app.name}
            raise ImmediateHttpResponse(render(request, "account/authority_refused.html", context, status=403))
        record_authentication(request, user, "authority", provider=provider.app.provider_id)
        login = Login(user=user, redirect_url=sociallogin.state.get("next"))
        raise ImmediateHttpResponse(perform_login(request, login))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Provider,
        error: str | None = None,
        exception: Exception | None = None,
        **_: Any,
    ) -> None:
        """The person said no at the provider, or it did not work: always raises ImmediateHttpResponse."""
        if error == AuthError.CANCELLED:
            messages.info(request, f"You did not sign in at {provider.app.name}.")
            raise ImmediateHttpResponse(redirect("account_login"))
        raise ImmediateHttpResponse(failed(request, provider.app, exception))


def choices() -> list[tuple[str, str]]:
    """The id and the name of each provider, by name."""
    return sorted(((app["provider_id"], app["name"]) for app in _apps()), key=lambda each: each[1].casefold())


def begin(request: HttpRequest, provider_id: str, *, next_url: str | None) -> HttpResponse:
    """The page that leads to the provider. Raises SocialApp.DoesNotExist where there is none of that id.

    A page, since browsers hold a redirect after a form to the addresses that our content security policy names, and the
    provider may redirect on to others.
    """
    provider = get_adapter().get_provider(request, provider_id)
    try:
        answer = provider.redirect(request, process="login", next_url=next_url)
    except UNREADABLE as error:
        return failed(request, provider.app, error)
    return render(request, "account/to_authority.html", {"address": answer.url, "authority": provider.app.name})


def finish(request: HttpRequest, provider_id: str) -> HttpResponse:
    """What the provider sent the browser back with, as far as our own second step.

    Raises SocialApp.DoesNotExist where there is none of that id.
    """
    app = get_adapter().get_app(request, provider_id)
    try:
        view = OAuth2CallbackView.adapter_view(OpenIDConnectOAuth2Adapter(request, provider_id))
        answer: HttpResponse = view(request)
    except UNREADABLE as error:
        return failed(request, app, error)
    return answer


def user_told_of(told: dict[str, Any], *, authority: str) -> User | None:
    """The user of that authority whose e-mail address the provider confirms to be this person's, whatever their state.

    `told` holds the claims of the ID token and of the user's page, which must be about the same person.
    """
    claims, identity = told.get("userinfo") or {}, told.get("id_token") or {}
    email = claims.get("email")
    if claims.get("sub") != identity.get("sub") or claims.get("email_verified") is not True:
        return None
    if not isinstance(email, str) or not _is_plain(email):
        return None
    within = Q(organisation__directory_code=authority) | Q(
        organisation__responsible_authority__directory_code=authority
    )
    found: User | None = User.objects.filter(within, email_fingerprint=email_fingerprint(email)).first()
    return found


def failed(request: HttpRequest, app: SocialApp, exception: Exception | None) -> HttpResponse:
    """The page that says that it did not work. The log is told what kind of error it was."""
    structlog.get_logger().warning("authority sign-in failed", provider=app.provider_id, error=type(exception).__name__)
    return render(request, "account/authority_failed.html", {"authority": app.name}, status=502 if exception else 400)


def _apps() -> list[dict[str, Any]]:
    apps: list[dict[str, Any]] = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    return apps


def _is_plain(email: str) -> bool:
    """Whether it is an address in ASCII as it stands. Others are folded for people who type; a provider types nothing.

    What only looks alike is another mailbox to it, and that it is its owner's it could confirm truthfully.
    """
    if not email.isascii():
        return False
    try:
        validate_email(email)
    except ValidationError:
        return False
    return True
