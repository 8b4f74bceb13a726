"""Changing one's own password and second factors: allauth's pages, one tab at a time, and never the last factor.

Each page is one transaction, in which what is changed, its event and the letter that tells of it come to pass together
(access.sign_in.actions). Who changes any of them has shown a second factor just now, if they have one.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.views import PasswordChangeView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.internal.auth import clear_totp_secret
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from access.door import confirming
from access.door.actors import actor_of, user_of
from access.door.routes import signed_in
from access.models import User
from access.sign_in.actions import second_factors
from access.sign_in.forms import FirstCodeForm, RemovePasskeyForm

View = Callable[..., HttpResponse]
APP, PASSKEY = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN


@signed_in
@require_safe
def confirm(request: HttpRequest) -> HttpResponse:
    """Lead to the page where the person shows the second factor that they have."""
    address = reverse(_page_of(user_of(request)))
    return redirect(f"{address}?{request.GET.urlencode()}" if request.GET else address)


def _page_of(user: User) -> str:
    """Of a passkey if they have no authenticator app."""
    kinds = second_factors.kinds_of(user)
    if not kinds:
        return "mfa_activate_totp"
    return "mfa_reauthenticate_webauthn" if PASSKEY in kinds and APP not in kinds else "mfa_reauthenticate"


class AddAppView(ActivateTOTPView):  # type: ignore[misc]
    """The app's first code adds it."""

    def form_valid(self, form: FirstCodeForm) -> HttpResponse:
        request = self.request
        with_codes = second_factors.add_app(actor=actor_of(request), user=user_of(request), secret=form.secret)
        clear_totp_secret(request)
        return _added(request, "Your authenticator app is set up.", with_codes=with_codes)


class RemoveAppView(DeactivateTOTPView):  # type: ignore[misc]
    """Removed, unless it is the last factor."""

    def form_valid(self, form: Form) -> HttpResponse:
        return _removed(self.request, self.authenticator, "Your authenticator app is removed.", then="mfa_index")


class AddPasskeyView(AddWebAuthnView):  # type: ignore[misc]
    """What the browser answered adds it."""

    def form_valid(self, form: Form) -> HttpResponse:
        told = form.cleaned_data
        with_codes = second_factors.add_passkey(
            actor=actor_of(self.request),
            user=user_of(self.request),
            place=told["name"],
            credential=told["credential"],
        )
        return _added(self.request, "Your passkey is added.", with_codes=with_codes)


class RemovePasskeyView(RemoveWebAuthnView):  # type: ignore[misc]
    """allauth's page, which by itself asks nothing before a passkey goes."""

    form_class = RemovePasskeyForm

    def get_form_kwargs(self) -> dict[str, Any]:
        # The form has no box; with nothing in it, it says at once why the passkey must stay.
        return {"data": {}, **super().get_form_kwargs(), "authenticator": self.object}

    def form_valid(self, form: Form) -> HttpResponse:
        return _removed(self.request, self.object, "The passkey is removed.", then="mfa_list_webauthn")


class RenewCodesView(GenerateRecoveryCodesView):  # type: ignore[misc]
    """New codes, shown on the next page."""

    def form_valid(self, form: Form) -> HttpResponse:
        second_factors.renew_codes(actor=actor_of(self.request), user=user_of(self.request))
        messages.success(self.request, "These are your new recovery codes.")
        return redirect("mfa_view_recovery_codes")


def _added(request: HttpRequest, words: str, *, with_codes: bool) -> HttpResponse:
    messages.success(request, words)
    return redirect("mfa_view_recovery_codes" if with_codes else "mfa_index")


def _removed(request: HttpRequest, factor: Authenticator, words: str, *, then: str) -> HttpResponse:
    second_factors.remove(actor=actor_of(request), user=user_of(request), factor=factor)
    messages.success(request, words)
    return redirect(then)


def in_turn(view: View) -> View:
    """The view in one transaction, in which no other tab changes the person's second factors.

    The route has asked for a second factor already, but allauth brings back what was sent before it asked for a
    password, and another tab may have added the first factor meanwhile.
    """

    @wraps(view)
    def waits(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = user_of(request)
        with transaction.atomic():
            second_factors.take_turn(user)
            if second_factors.kinds_of(user) and not confirming.is_recent(request):
                return confirming.ask(request)
            return view(request, *args, **kwargs)

    return waits


change_password = in_turn(PasswordChangeView.as_view())
add_authenticator_app = in_turn(AddAppView.as_view())
remove_authenticator_app = in_turn(RemoveAppView.as_view())
add_passkey = in_turn(AddPasskeyView.as_view())
remove_passkey = in_turn(RemovePasskeyView.as_view())
renew_recovery_codes = in_turn(RenewCodesView.as_view())
