"""Who may call: a system that shows the access token of somebody who lets it act for them.

The same that the pages ask of a person (access/door/middleware.py) is asked here: current vetting, and what their role
allows. That they showed two factors, and that the system is good, the database asks of the session itself.
"""

from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from access.door.clients import bearer_in, stands_in_address
from access.door.refusals import note_of
from access.door.routes import admitted_by
from access.models import Standing
from access.rules.decisions import can
from access.rules.errors import NotPermittedError, NotVettedError, RefusedError
from access.rules.roles import Permission
from access.rules.vetting import may_enter
from access.systems import tokens
from api.callers import actor_of, bearer_of
from api.errors import ask_for_token, ended
from api.problems import Code, problem
from audit.errors import NoLiveSessionError

View = TypeVar("View", bound=Callable[..., object])

# Why a system is not good.
STANDINGS = {
    Standing.WAITING: Code.SYSTEM_WAITING,
    Standing.REVOKED: Code.SYSTEM_REVOKED,
    Standing.EXPIRED: Code.SYSTEM_EXPIRED,
    Standing.ORGANISATION: Code.SYSTEM_ORGANISATION,
    Standing.ELSEWHERE: Code.SYSTEM_ELSEWHERE,
}
REFUSAL_NOTED_SECONDS = 60


def for_systems(permission: Permission | None = None) -> Callable[[View], View]:
    """Let systems call the view in the name of a vetted person, whose role has `permission`."""

    def check(request: HttpRequest) -> HttpResponse | None:
        try:
            return _check_token(request) or _check_person(request, permission)
        except NoLiveSessionError:  # it ended while this was asked
            return ended(request)

    return admitted_by(check, vetted=True, permission=permission)


def _check_token(request: HttpRequest) -> HttpResponse | None:
    """Asked each time: a token stops with what it hangs on."""
    if stands_in_address(request):
        return problem(request, Code.TOKEN_IN_ADDRESS)
    secret = bearer_in(request)
    if not secret:
        return _unauthorised(request, Code.NO_TOKEN)
    bearer = tokens.presented(secret)
    if bearer is None:
        return _unauthorised(request, Code.INVALID_TOKEN)  # no event: strangers could fill the log
    request.bearer = bearer  # type: ignore[attr-defined]  # api.callers
    if bearer.standing:
        _note_refusal(request, NotPermittedError())
        return _unauthorised(request, STANDINGS[bearer.standing])
    return None


def _check_person(request: HttpRequest, permission: Permission | None) -> HttpResponse | None:
    if not may_enter(bearer_of(request).user, today=timezone.localdate()):
        _note_refusal(request, NotVettedError())
        return problem(request, Code.NOT_VETTED)
    if permission is not None and not can(actor_of(request), permission):
        _note_refusal(request, NotPermittedError())
        return problem(request, Code.NOT_PERMITTED)
    return None


def _note_refusal(request: HttpRequest, refused: RefusedError) -> None:
    """Record it at most once a minute: a system that goes on asking must not fill the log."""
    session = bearer_of(request).session_id
    if cache.add(f"refused-system:{session}:{refused.outcome}", 1, REFUSAL_NOTED_SECONDS):
        note_of(actor_of(request), refused)


def _unauthorised(request: HttpRequest, code: Code) -> HttpResponse:
    return problem(request, code, headers=ask_for_token(code))
