"""Removing a second factor: allauth's pages, one tab at a time, and never the last factor."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.totp.views import deactivate_totp
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from access.door.actors import user_of
from access.sign_in.actions.second_factors import take_turn
from access.sign_in.forms import RemovePasskeyForm

View = Callable[..., HttpResponse]


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
