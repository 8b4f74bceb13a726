"""A second factor asked for again before a dangerous step, and what was typed there kept meanwhile."""

import time
from dataclasses import asdict
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from access.door.actors import user_of
from access.door.sent import Sent, sent_in
from access.models import User

KEPT = "answers_before_confirming"
TOO_MUCH = "Nothing was saved, because you had to confirm first that it is you. Please enter it again."


def is_recent(request: HttpRequest) -> bool:
    """Whether this session's person showed a second factor within the last five minutes, at the sign-in or since."""
    earliest = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    records = get_authentication_records(request, user_of(request))
    return any(entry["method"] == "mfa" and entry["at"] > earliest for entry in records)


def page_of(user: User) -> str:
    """Where the person shows the second factor that they have: their passkey if they have no authenticator app."""
    kinds = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    by_passkey = Authenticator.Type.WEBAUTHN in kinds and Authenticator.Type.TOTP not in kinds
    return reverse("mfa_reauthenticate_webauthn" if by_passkey else "mfa_reauthenticate")


def ask(request: HttpRequest) -> HttpResponse:
    """Off to the page that asks, and back. What a POST sent is kept in the sealed session, and not acted on yet."""
    if request.method == "POST":
        _keep(request)
    return HttpResponseRedirect(f"{page_of(user_of(request))}?{urlencode({'next': request.get_full_path()})}")


def waiting(request: HttpRequest) -> HttpResponse | None:
    """Back from confirming: the page that sends what was kept for this address once more, at a press. Once only."""
    if request.method != "GET" or KEPT not in request.session:
        return None
    sent = Sent(**request.session.pop(KEPT))
    if sent.path != request.get_full_path():
        return None
    return render(request, "access/confirmed.html", {"sent": sent})


def _keep(request: HttpRequest) -> None:
    sent = sent_in(request)
    if sent is None:
        messages.warning(request, TOO_MUCH)
        return
    request.session[KEPT] = asdict(sent)
