"""How the two servers are asked: a token goes to the address it is for, and no other secret goes with it."""

from collections.abc import Callable
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests

from contactpoint_client.problems import UnreachableError, refusal_in

VERSION = "0.1.0"
PATIENCE_SECONDS = 30

Shows = Callable[[requests.PreparedRequest], requests.PreparedRequest]


def new_http() -> requests.Session:
    """Connections that are kept open until it is closed. It keeps no cookies."""
    http = requests.Session()
    http.headers["User-Agent"] = f"contactpoint-client/{VERSION}"
    http.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return http


def send(http: requests.Session, method: str, address: str, *, shows: Shows, **sent: Any) -> requests.Response:
    """The answer, where it is that it was done. `shows` puts in what the request proves itself with.

    Raises UnreachableError where none came, and what `refusal_in` makes of any other answer: one that leads elsewhere
    too, since a token goes nowhere else.
    """
    try:
        how = {"timeout": PATIENCE_SECONDS, "allow_redirects": False, **sent}
        answer = http.request(method, address, auth=shows, **how)
    except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as problem:
        raise UnreachableError(f"No answer came from {urlsplit(address).netloc}.") from problem
    if answer.status_code // 100 != 2:  # noqa: PLR2004 - done
        raise refusal_in(answer)
    return answer


def bearer(token: str) -> Shows:
    """Show an access token."""

    def show(request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {token}"
        return request

    return show


def nothing(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Show nothing: said to requests, which would else take a password for the host out of somebody's `.netrc`."""
    return request
