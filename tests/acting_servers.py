"""In the tests one process is both that people meet: it takes on the role, keys and settings of each in turn."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from psycopg.errors import InFailedSqlTransaction

from access.door.serving import Server, server_of
from contactpoint.roles import SIGN_IN


@contextmanager
def signing_in() -> Iterator[None]:
    """Within, the test is the process that signs people in; afterwards what it was before, whatever happened."""
    connection.ensure_connection()
    (before,) = connection.connection.execute("SELECT current_setting('role')").fetchone()
    with override_settings(SERVES=Server.SIGN_IN, KEYRING_HOLDER="sign_in"):
        _take_on(SIGN_IN)
        try:
            yield
        finally:
            _take_on(before)


def _take_on(role: str) -> None:
    """Have the database take the test for that role; where its transaction has failed, rolling back does so.

    Past Django, so that no test which counts queries counts these.
    """
    scope = "LOCAL" if connection.in_atomic_block else "SESSION"
    connection.ensure_connection()
    with suppress(InFailedSqlTransaction):
        connection.connection.execute(f"SET {scope} ROLE {role}")


class ServerMiddleware:
    """Answers each request as the process whose page is asked for; what both serve, as the one the browser is at."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SERVES == Server.WEB and _is_for_sign_in(request):
            with signing_in():
                return self.get_response(request)
        return self.get_response(request)


def _is_for_sign_in(request: HttpRequest) -> bool:
    server = server_of(request.path_info)
    if server is None:
        return settings.SIGN_IN_COOKIE_NAME in request.COOKIES and settings.SESSION_COOKIE_NAME not in request.COOKIES
    return server == Server.SIGN_IN
