"""In the tests one process is both that people meet: it takes on the role, keys and settings of each in turn."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from access.door.serving import Server, server_of
from contactpoint.roles import SIGN_IN
from tests.acting import taken_for

SIGNING_IN = {"SERVES": Server.SIGN_IN, "KEYRING_HOLDER": "sign_in"}
_at_once = threading.Lock()
_before: dict[str, str] = {}
_now = 0
_here = threading.local()


@contextmanager
def signing_in() -> Iterator[None]:
    """Within, the test's thread is the process that signs people in; afterwards what it was, whatever happened."""
    within = _is_within()
    _begin()
    try:
        _here.within = True
        with taken_for(SIGN_IN):
            yield
    finally:
        _here.within = within
        _end()


def is_web_again() -> bool:
    """Whether nothing is left of having been the other process."""
    return settings.SERVES == Server.WEB


def _is_within() -> bool:
    """Whether this thread is that process. The settings do not say: another thread may have changed them."""
    return getattr(_here, "within", False)


def _begin() -> None:
    """Settings belong to all threads: the first that signs in changes them, the last changes them back."""
    global _now  # noqa: PLW0603 - how many are at it, of all threads
    with _at_once:
        if _now == 0:
            _before.update({name: getattr(settings, name) for name in SIGNING_IN})
            _set(SIGNING_IN)
        _now += 1


def _end() -> None:
    global _now  # noqa: PLW0603 - as above
    with _at_once:
        _now -= 1
        if _now == 0:
            _set(_before)


def _set(values: Mapping[str, str]) -> None:
    for name, value in values.items():
        setattr(settings, name, value)


class ServerMiddleware:
    """Answers each request as the process whose page is asked for; what both serve, as the one the browser is at."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _is_within() and _is_for_sign_in(request):
            with signing_in():
                return self.get_response(request)
        return self.get_response(request)


def _is_for_sign_in(request: HttpRequest) -> bool:
    server = server_of(request.path_info)
    if server is None:
        return settings.SIGN_IN_COOKIE_NAME in request.COOKIES and settings.SESSION_COOKIE_NAME not in request.COOKIES
    return server == Server.SIGN_IN
