"""Who may call: a system that is accredited to deliver a feed, with a token that it fetched for itself."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from access.door import clients
from access.door.clients import Client
from access.door.pacing import within
from access.door.refusals import note_ended
from access.door.routes import admitted_by
from access.models import Standing, SystemPurpose
from access.rules.errors import NotFoundError, NotPermittedError, RefusedError
from audit.actors import Process
from audit.errors import NoLiveSessionError, NotAllowedError
from feeds.api.problems import Code, problem

View = Callable[..., HttpResponse]

# Why a system is not good. Of one that was revoked no token is left, and one that waits was given none.
STANDINGS = {Standing.EXPIRED: Code.SYSTEM_EXPIRED, Standing.ORGANISATION: Code.SYSTEM_ORGANISATION}


def client_of(request: HttpRequest) -> Client:
    """The system that called. Only behind the admission."""
    return cast(Client, request.client)  # type: ignore[attr-defined]  # set by check


def process_of(request: HttpRequest) -> Process:
    """The same, as actions take it."""
    return client_of(request).process(request.request_id)  # type: ignore[attr-defined]  # set by RequestIdMiddleware


def for_deliveries(view: View) -> View:
    """Let a system in that delivers a feed. What the view's actions refuse becomes a problem, and is recorded."""

    @admitted_by(check, proof="a token of a system that delivers a feed")
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        try:
            return view(request, *args, **options)
        except NoLiveSessionError:
            return _stopped(request)
        except NotAllowedError:
            return _refused(request, NotPermittedError(), Code.NOT_PERMITTED)
        except NotFoundError as error:
            return _refused(request, error, Code.NOT_FOUND)

    return guarded


def check(request: HttpRequest) -> HttpResponse | None:
    """Admit the request with its token, or answer why not. Asked each time: a token stops with what it hangs on."""
    if clients.stands_in_address(request):
        return problem(request, Code.TOKEN_IN_ADDRESS)
    secret = clients.bearer_in(request)
    if not secret:
        return problem(request, Code.NO_TOKEN)
    client = clients.presented(secret)
    if client is None:
        return problem(request, Code.INVALID_TOKEN)  # no event: strangers could fill the log
    request.client = client  # type: ignore[attr-defined]  # client_of
    return _check_client(request, client)


def _check_client(request: HttpRequest, client: Client) -> HttpResponse | None:
    """Whether the system is good, delivers a feed, and asks no more often than it may."""
    if client.standing:
        return _refused(request, NotPermittedError(), STANDINGS.get(client.standing, Code.INVALID_TOKEN))
    if client.purpose != SystemPurpose.FEED:
        return _refused(request, NotPermittedError(), Code.NOT_PERMITTED)
    if not within("software", client.system_id, settings.API_RATES["software"]):
        return problem(request, Code.TOO_MANY_REQUESTS)
    return None


def _refused(request: HttpRequest, error: RefusedError, code: Code) -> HttpResponse:
    """Have it recorded, and say so."""
    try:
        clients.note_refusal(client_of(request), error, request.request_id)  # type: ignore[attr-defined]  # as above
    except NoLiveSessionError:
        return _stopped(request)
    return problem(request, code)


def _stopped(request: HttpRequest) -> HttpResponse:
    """The token was over, or its system revoked, while this was asked: nothing was done."""
    note_ended(request.request_id)  # type: ignore[attr-defined]  # set by RequestIdMiddleware
    return problem(request, Code.INVALID_TOKEN)
