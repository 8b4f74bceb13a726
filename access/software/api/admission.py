"""Who may call where a token is asked for."""

from http import HTTPStatus
from typing import cast

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from access.door.refusals import note_of
from access.rules.errors import NotPermittedError
from access.software import tokens
from access.software.api.answers import fault
from access.software.tokens import Token
from audit.actors import Process

SHOW_ONE = "Show an API token: Authorization: Bearer contactpoint_..."
NOT_ONE = "No such token. Perhaps only part of it was copied. An administrator can make another on the page API tokens."
IN_ADDRESS = (
    "A token must never stand in an address: whoever keeps logs between us has read it now. Ask an administrator to "
    "revoke it and to make another, and send that one in the header Authorization."
)
# Why a token is not good, by the codes of access_token_standing() in the database.
STANDINGS = {
    "revoked": "This token was revoked. An administrator can make another on the page API tokens.",
    "expired": "This token has run out. An administrator can make another on the page API tokens.",
    "organisation": "This organisation may not use the service now: its accreditation has run out or it was stopped.",
    "responsible": (
        "The administrator who answers for this token may not use the service now. Another one can make a new token."
    ),
}
REFUSAL_NOTED_SECONDS = 60


def token_of(request: HttpRequest) -> Token:
    """The token that was shown. Only where the route's policy asks for one."""
    return cast(Token, request.token)  # type: ignore[attr-defined]  # set by check


def process_of(request: HttpRequest) -> Process:
    """The software that called, as actions take it."""
    return token_of(request).process(request.request_id)  # type: ignore[attr-defined]  # set by RequestIdMiddleware


def check(request: HttpRequest) -> HttpResponse | None:
    """Admit the request with its token, or answer why not. Asked each time: a token stops with what it hangs on."""
    if any(tokens.WRITTEN.search(value) for values in request.GET.lists() for value in values[1]):
        return fault(HTTPStatus.BAD_REQUEST, IN_ADDRESS)
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.casefold() != "bearer" or not secret:
        return _unauthorised(SHOW_ONE)
    token = tokens.presented(secret.strip())
    if token is None:
        return _unauthorised(NOT_ONE)  # no event: strangers could fill the log
    request.token = token  # type: ignore[attr-defined]  # token_of
    if token.standing:
        _note_refusal(request, token)
        return _unauthorised(STANDINGS[token.standing])
    return None


def _note_refusal(request: HttpRequest, token: Token) -> None:
    """Record that a dead token was used, at most once a minute: what goes on asking must not fill the log."""
    if cache.add(f"dead-token:{token.id}", 1, REFUSAL_NOTED_SECONDS):
        note_of(process_of(request), NotPermittedError())


def _unauthorised(detail: str) -> HttpResponse:
    response = fault(HTTPStatus.UNAUTHORIZED, detail)
    response["WWW-Authenticate"] = 'Bearer realm="contactpoint"'
    return response
