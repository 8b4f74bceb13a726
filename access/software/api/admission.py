"""Who may call where software tells who has left: a system that is there for it, with a token that it fetched."""

from http import HTTPStatus
from typing import cast

from django.http import HttpRequest, HttpResponse

from access.door import clients
from access.door.clients import Client
from access.door.refusals import note_ended
from access.models import Standing, SystemPurpose
from access.rules.errors import NotPermittedError
from access.software.api.answers import fault
from audit.actors import Process
from audit.errors import NoLiveSessionError
from pages.problems import ask_for_token

SHOW_ONE = "Show a token: Authorization: Bearer contactpoint_client_..."
NOT_ONE = (
    "This token opens nothing. Tokens are good for 15 minutes, and only until their system is revoked. Fetch another, "
    "as docs/feeds.md says."
)
IN_ADDRESS = (
    "A token must never stand in an address: whoever keeps logs between us has read it now. Give it back, fetch "
    "another, and send that one in the header Authorization."
)
NOT_FOR_THIS = "This system is accredited for something else. An administrator can ask for one that tells who has left."
# Why a system is not good. Of one that was revoked no token is left, and one that waits was given none.
STANDINGS = {
    Standing.EXPIRED: "The accreditation of this system has run out. An administrator can ask for another.",
    Standing.ORGANISATION: (
        "This organisation may not use the service now: its accreditation has run out or it was stopped."
    ),
}
STOPPED = "The token stopped while this request was under way. Nothing was changed."


def process_of(request: HttpRequest) -> Process:
    """The software that called, as actions take it. Only where the route's policy asks for a token."""
    client = cast(Client, request.client)  # type: ignore[attr-defined]  # set by check
    return client.process(request.request_id)  # type: ignore[attr-defined]  # set by RequestIdMiddleware


def check(request: HttpRequest) -> HttpResponse | None:
    """Admit the request with its token, or answer why not. Asked each time: a token stops with what it hangs on."""
    if clients.stands_in_address(request):
        return fault(HTTPStatus.BAD_REQUEST, IN_ADDRESS)
    secret = clients.bearer_in(request)
    if not secret:
        return _unauthorised(SHOW_ONE, shown=False)
    client = clients.presented(secret)
    if client is None:
        return _unauthorised(NOT_ONE)  # no event: strangers could fill the log
    request.client = client  # type: ignore[attr-defined]  # process_of
    if client.standing:
        return _refused(request, client) or _unauthorised(STANDINGS.get(client.standing, NOT_ONE))
    if client.purpose != SystemPurpose.LEAVERS:
        return _refused(request, client) or fault(HTTPStatus.FORBIDDEN, NOT_FOR_THIS)
    return None


def stopped(request: HttpRequest) -> HttpResponse:
    """The token was over, or its system revoked, while this was asked: nothing was done."""
    note_ended(request.request_id)  # type: ignore[attr-defined]  # as above
    return _unauthorised(STOPPED)


def _refused(request: HttpRequest, client: Client) -> HttpResponse | None:
    """Have it recorded; the answer where the token is over by now."""
    try:
        clients.note_refusal(client, NotPermittedError(), request.request_id)  # type: ignore[attr-defined]  # as above
    except NoLiveSessionError:
        return stopped(request)
    return None


def _unauthorised(detail: str, *, shown: bool = True) -> HttpResponse:
    response = fault(HTTPStatus.UNAUTHORIZED, detail)
    for name, value in ask_for_token(shown=shown).items():
        response[name] = value
    return response
