"""What every view for software has around it: the admission of a token, its methods, and errors in SCIM's form."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from pydantic import ValidationError
from scim2_models import Error, SCIMException

from access.door.refusals import note_of
from access.door.routes import admitted_by
from access.rules.errors import RefusedError
from access.software.api.admission import check, process_of, stopped
from access.software.api.answers import SCIM_JSON, fault
from access.software.lists import spreadsheets
from audit.errors import NoLiveSessionError

View = Callable[..., HttpResponse]

WORDS = {
    HTTPStatus.NOT_FOUND: "There is nobody of that id among the people of this system's organisations.",
    HTTPStatus.FORBIDDEN: "This is not permitted to a system.",
    HTTPStatus.CONFLICT: "Somebody changed this person meanwhile. Read them again, then decide.",
}


def for_software(*methods: str) -> Callable[[View], View]:
    """Let a system in that tells who has left, by `methods` alone; what the view raises becomes a SCIM error."""

    def decorate(view: View) -> View:
        @admitted_by(check, proof="a token of a system that tells who has left")
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
            if request.method not in methods:
                answer = fault(HTTPStatus.METHOD_NOT_ALLOWED, f"This address takes {', '.join(methods)}.")
                return HttpResponseNotAllowed(methods, content=answer.content, content_type=SCIM_JSON)
            try:
                return view(request, *args, **options)
            except Exception as problem:
                answered = _answered(request, problem)
                if answered is None:
                    raise
                return answered

        return guarded

    return decorate


def _answered(request: HttpRequest, problem: Exception) -> HttpResponse | None:
    """As `_answer`; where the token is over by the time that a refusal is recorded, that."""
    try:
        return _answer(request, problem)
    except NoLiveSessionError:
        return stopped(request)


def _answer(request: HttpRequest, problem: Exception) -> HttpResponse | None:
    """The answer to what is the caller's to put right; None for what is ours."""
    if isinstance(problem, ValidationError):
        error = Error.from_validation_errors(problem)[0]
        return fault(error.status or HTTPStatus.BAD_REQUEST, error.detail or "", error.scim_type)
    if isinstance(problem, SCIMException):
        return fault(problem.status, problem.detail, problem.scim_type or None)
    if isinstance(problem, RequestDataTooBig):
        return fault(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"Too much at once: at most {spreadsheets.limits()}.")
    if isinstance(problem, NoLiveSessionError):
        return stopped(request)
    if isinstance(problem, RefusedError):
        note_of(process_of(request), problem)
        return fault(problem.status, WORDS[HTTPStatus(problem.status)])
    return None
