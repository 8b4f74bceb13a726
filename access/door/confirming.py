"""A second factor asked for again before a dangerous step, and what was typed there kept meanwhile."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

import msgspec
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone

from access.door.serving import signs_in
from access.door.sessions import session_of
from pages.sent import Sent, sent_in

KEPT = "typed_before_confirming"
TOO_MUCH = "Nothing was saved, because you had to confirm first that it is you. Please enter it again."
NOT_YET = "Nothing has been done yet. Check that this is what you want, and press the button again."
AGAIN = "Nothing was changed, because you had to confirm first that it is you. Please do it again."


@dataclass(frozen=True, slots=True)
class Kept:
    """What a form sent, and until when it may be brought back."""

    sent: Sent
    until: datetime


def has_second_factor(request: HttpRequest) -> bool:
    """Whether a second factor was shown in this session, and not a password alone."""
    return session_of(request).second_factor_at is not None


def is_recent(request: HttpRequest) -> bool:
    """Whether this session's person showed a second factor within the last five minutes, at the sign-in or since."""
    confirmed_at = session_of(request).confirmed_at
    patience = timedelta(seconds=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)
    return confirmed_at is not None and timezone.now() - confirmed_at < patience


def page() -> str:
    """Where somebody who is signed in shows their second factor."""
    return reverse("confirm")


def ask(request: HttpRequest) -> HttpResponse:
    """Off to the page that asks, and back. What a POST sent is kept in the sealed session, and not acted on."""
    if request.method == "POST":
        _keep(request)
    return HttpResponseRedirect(f"{page()}?{urlencode({'next': request.get_full_path()})}")


def bring_back(request: HttpRequest) -> None:
    """Back from confirming: fill the page's own form with what was sent there, once, for `typed` to find.

    Whoever confirms sees in the form what they are about to do. Somebody else may have sent it from their browser, so
    that a page with a button alone, and the rest hidden behind it, would have them do what they never saw.
    """
    if request.method != "GET" or KEPT not in request.session:
        return
    kept = msgspec.convert(request.session[KEPT], Kept)
    is_over = timezone.now() > kept.until
    if not is_over and kept.sent.path != request.get_full_path():
        return
    del request.session[KEPT]
    if not is_over:
        request.typed_before = kept.sent.typed()  # type: ignore[attr-defined]
        messages.info(request, NOT_YET)


def typed(request: HttpRequest) -> QueryDict | None:
    """What the form of a dangerous step is filled with: what is sent now or, on a GET, what was kept; None if nothing.

    A page acts on it only where the request is a POST.
    """
    if request.method == "POST":
        return request.POST
    kept: QueryDict | None = getattr(request, "typed_before", None)
    return kept


def _keep(request: HttpRequest) -> None:
    """Not where people sign in, since it may be a password; nor where there is a file in it, or too much."""
    if signs_in():
        messages.warning(request, AGAIN)
        return
    sent = sent_in(request)
    if sent is None:
        messages.warning(request, TOO_MUCH)
        return
    until = timezone.now() + timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    request.session[KEPT] = msgspec.to_builtins(asdict(Kept(sent, until)))
