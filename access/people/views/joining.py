"""A link that was mailed, to join or to set up a new sign-in: a password, and on to the second step."""

from collections.abc import Callable
from functools import wraps

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.account.models import Login
from allauth.core.internal.ratelimit import consume, respond_429
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from access.door.routes import public
from access.models import InvitationPurpose, User
from access.people.actions.inviting import accept, open_invitation, refuse_link
from access.people.actions.recovering import set_up_anew
from access.people.links import open_link
from access.rules.errors import (
    LinkError,
    LinkExpiredError,
    LinkReplacedError,
    LinkUsedError,
    LinkWithdrawnError,
    NotFoundError,
)
from access.sign_in import guessing
from access.sign_in.forms import FirstPasswordForm
from audit.actors import Process

# The last that a browser knows counts. Not even our own servers are told the address that one came from; nor is it
# `no-referrer`, with which browsers hide where a form was sent from, so that none would be taken.
REFERRER_POLICY = "same-origin, strict-origin"

# What is said of a link to a new sign-in that is good no longer.
OF_NEW_SIGN_IN: dict[type[LinkError], str] = {
    LinkUsedError: "If that was not you, ring your administrator at once. If it was you, sign in.",
    LinkReplacedError: LinkReplacedError.sentence,
    LinkExpiredError: "A link works for 24 hours. Ask your administrator for another new sign-in.",
    LinkWithdrawnError: "Your access to the service has stopped. Ask your administrator why.",
}

Page = Callable[[HttpRequest, str], HttpResponse]


def _with_a_link(page: Page) -> Page:
    """The page of an address that is a secret: limited by address, and what is wrong with the link said plainly."""

    @wraps(page)
    def guarded(request: HttpRequest, secret: str) -> HttpResponse:
        response = _answer(request, secret)
        response["Referrer-Policy"] = REFERRER_POLICY
        return response

    def _answer(request: HttpRequest, secret: str) -> HttpResponse:
        if not consume(request, action="join", app="allauth.account", limit_get=True):
            too_many: HttpResponse = respond_429(request)
            return too_many
        if request.user.is_authenticated:
            return render(request, "access/joining/signed_in_already.html", status=409)
        try:
            return page(request, secret)
        except NotFoundError:  # not an event, or strangers could fill the log
            return render(request, "access/joining/unknown.html", status=404)
        except LinkError as error:
            return _dead(request, error)

    return guarded


@public
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
@_with_a_link
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """Who invites; then a password, which signs the person in as far as to their second step."""
    invited = open_invitation(secret)
    form = FirstPasswordForm(request.POST if request.method == "POST" else None, user=invited)
    if form.is_valid():
        return _begin(request, accept(actor=_door(request), secret=secret, password=form.cleaned_data["password1"]))
    return render(request, "access/joining/join.html", {"form": form, "organisation": invited.organisation.name})


@public
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
@_with_a_link
def new_sign_in(request: HttpRequest, secret: str) -> HttpResponse:
    """A password in the place of what was lost, which signs the person in as far as to set up a second step."""
    user = open_link(secret, InvitationPurpose.RESET)
    form = FirstPasswordForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_valid():
        password = form.cleaned_data["password1"]
        return _begin(request, set_up_anew(actor=_door(request), secret=secret, password=password))
    return render(request, "access/joining/new_sign_in.html", {"form": form})


def _begin(request: HttpRequest, user: User) -> HttpResponse:
    guessing.forget(request, user.email_fingerprint)
    request.session.flush()  # nothing that was shown in this browser before counts
    response: HttpResponse = perform_password_login(request, {}, Login(user=user))
    if request.user.is_authenticated:  # and is not asked for a second factor that they had before
        reauthenticate_by_password(request)  # or they would type at once what they just chose
    return response


def _dead(request: HttpRequest, error: LinkError) -> HttpResponse:
    refuse_link(actor=_door(request), error=error)
    sentence = OF_NEW_SIGN_IN.get(type(error)) if _is_for_new_sign_in(request) else error.sentence
    return render(request, "access/joining/dead.html", {"error": error, "sentence": sentence}, status=error.status)


def _is_for_new_sign_in(request: HttpRequest) -> bool:
    return request.resolver_match is not None and request.resolver_match.url_name == "new_sign_in"


def _door(request: HttpRequest) -> Process:
    return Process("invitation", request.request_id)  # type: ignore[attr-defined]  # set by RequestIdMiddleware
