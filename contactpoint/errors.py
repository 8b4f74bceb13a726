"""The pages for when a request cannot be answered: what happened, what to do next, nothing of what was sent.

`contactpoint.urls` names them as handlers 400, 403, 404 and 500, and `too_many` as handler429, which allauth
looks for. Middleware and views call the others. Systems, which ask below API_PATH, are told the same as a problem, and
where they come for tokens as OAuth says it.
"""

import sys
from collections.abc import Sequence
from http import HTTPStatus

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from redis.exceptions import RedisError

from access.systems.server import REVOKE, TOKEN
from api.problems import Code, problem

API_PATH = "/api/"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request makes no sense. It may have failed before session and database were there."""
    if _is_of_api(request):
        return problem(request, Code.MALFORMED)
    if _is_of_oauth(request):
        return _of_oauth(HTTPStatus.BAD_REQUEST, "invalid_request", "The request makes no sense.")
    return _bare(HTTPStatus.BAD_REQUEST)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: signed in, but not allowed to do this."""
    if _is_of_api(request):
        return problem(request, Code.NOT_PERMITTED)
    return _page(request, HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such page, or nothing that this person may know of."""
    if _is_of_api(request):
        return problem(request, Code.NOT_FOUND)
    return _page(request, HTTPStatus.NOT_FOUND)


def failed(request: HttpRequest) -> HttpResponse:
    """500: our own error, or 503 where a server does not answer. Needs no database, session or context processor."""
    if isinstance(sys.exception(), OperationalError | ConnectionError | RedisError):
        return unavailable(request)
    if _is_of_api(request):
        return problem(request, Code.FAILED)
    if _is_of_oauth(request):
        return _of_oauth(HTTPStatus.INTERNAL_SERVER_ERROR, "server_error", "We made a mistake.")
    return _bare(HTTPStatus.INTERNAL_SERVER_ERROR)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: a server that we need does not answer. Needs none of them."""
    if _is_of_api(request):
        response = problem(request, Code.UNAVAILABLE)
    elif _is_of_oauth(request):
        response = _of_oauth(HTTPStatus.SERVICE_UNAVAILABLE, "temporarily_unavailable", "Try again in a minute.")
    else:
        response = _bare(HTTPStatus.SERVICE_UNAVAILABLE)
    response["Retry-After"] = "60"
    return response


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form's protection against forgery (CSRF) did not match; most often an old page."""
    if _is_of_api(request):
        return problem(request, Code.NOT_PERMITTED)
    return render(request, "403_csrf.html", status=HTTPStatus.FORBIDDEN)


def wrong_method(request: HttpRequest, permitted: Sequence[str]) -> HttpResponse:
    """405: the address exists but cannot be used in this way."""
    if _is_of_api(request):
        return problem(request, Code.METHOD_NOT_ALLOWED, headers={"Allow": ", ".join(permitted)})
    return HttpResponseNotAllowed(permitted, content=render_to_string("405.html", request=request))


def too_many(request: HttpRequest, minutes: int | None = None) -> HttpResponse:
    """429: too many attempts. `minutes` is how long to wait, when it is known."""
    if _is_of_api(request):
        response = problem(request, Code.TOO_MANY_REQUESTS)
    else:
        response = render(request, "429.html", {"minutes": minutes}, status=HTTPStatus.TOO_MANY_REQUESTS)
    if minutes:
        response["Retry-After"] = str(minutes * 60)
    return response


def _is_of_api(request: HttpRequest) -> bool:
    return request.path_info.startswith(API_PATH)


def _is_of_oauth(request: HttpRequest) -> bool:
    return request.path_info in (TOKEN, REVOKE)


def _of_oauth(status: HTTPStatus, code: str, description: str) -> HttpResponse:
    """As software that comes for tokens reads errors (RFC 6749, 5.2)."""
    return JsonResponse({"error": code, "error_description": description}, status=status)


def _page(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    return render(request, f"{status.value}.html", status=status)


def _bare(status: HTTPStatus) -> HttpResponse:
    return HttpResponse(render_to_string(f"{status.value}.html"), status=status)
