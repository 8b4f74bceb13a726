"""Removing a second factor: allauth's pages, one tab at a time, and never the last factor."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import deactivate_totp
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from access.door.actors import user_of
from access.door.routes import signed_in
from access.models import User
from access.sign_in.actions.second_factors import take_turn
from access.sign_in.forms import RemovePasskeyForm

View = Callable[..., HttpResponse]


@signed_in
@require_safe
def confirm(request: HttpRequest) -> HttpResponse:
    """Lead to the page where the person shows the second factor that they have."""
    address = reverse(_page_of(user_of(request)))
    return redirect(f"{address}?{request.GET.urlencode()}" if request.GET else address)


def _page_of(user: User) -> str:
    """Of a passkey if they have no authenticator app."""
    if is_mfa_enabled(user, [Authenticator.Type.TOTP]):
        return "mfa_reauthenticate"
    if is_mfa_enabled(user, [Authenticator.Type.WEBAUTHN]):
        return "mfa_reauthenticate_webauthn"
    return "mfa_activate_totp"


class RemovePasskeyView(RemoveWebAuthnView):  # type: ignore[misc]
    """allauth's page, which by itself asks nothing before a passkey goes."""

    form_class = RemovePasskeyForm

    def get_form_kwargs(self) -> dict[str, Any]:
        # The form has no box; with nothing in it, it says at once why the passkey must stay.
        return {"data": {}, **super().get_form_kwargs(), "authenticator": self.object}


def in_turn(view: View) -> View:
    """The view in one transaction, in which no other tab changes the person's second factors."""

    @wraps(view)
    def waits(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            take_turn(user_of(request))
            return view(request, *args, **kwargs)

    return waits


remove_authenticator_app = in_turn(deactivate_totp)
remove_passkey = in_turn(RemovePasskeyView.as_view())
