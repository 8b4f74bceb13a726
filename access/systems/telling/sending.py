"""A notice handed to a system by HTTP (RFC 8935): sent to no other place than was accredited, and answered by a word.

Nothing of what a system answers is kept but which of a few failures it was: what is behind an address is somebody
else's, and could put anything into it.
"""

import json
import ssl
from collections.abc import Mapping
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from access.models import Failure
from access.systems.telling.network import Bounded, Deadline, NotPublicError, TooLongError, connect
from access.systems.telling.tokens import KIND

SECONDS = 5.0  # for all of it: to connect, to send, and to be answered
MOST_OCTETS = 16 * 1024  # of an answer
PORTS = {"https": 443, "http": 80}
HEADERS = {"Content-Type": f"application/{KIND}", "Accept": "application/json", "Connection": "close"}
# What a receiver may say is wrong (RFC 8935, 2.4).
SAID = {
    "invalid_key": Failure.KEY,
    "authentication_failed": Failure.KEY,
    "invalid_issuer": Failure.AUDIENCE,
    "invalid_audience": Failure.AUDIENCE,
}
# What is raised on the way there and back, the particular before the general.
RAISED: Mapping[type[Exception], Failure] = {
    NotPublicError: Failure.ADDRESS,
    ssl.SSLCertVerificationError: Failure.CERTIFICATE,
    TimeoutError: Failure.TIME,
    HTTPException: Failure.ANSWER,
    TooLongError: Failure.ANSWER,
    OSError: Failure.CONNECTION,
    ValueError: Failure.ANSWER,
}
TAKEN, LEADS_ON, BAD_REQUEST, TOO_MANY, BROKEN = range(200, 300), range(300, 400), 400, 429, range(500, 600)


class _Connection(HTTPConnection):
    """One request within a deadline, with no proxy in between and to the address that was looked at."""

    def __init__(self, scheme: str, host: str, port: int | None, deadline: Deadline) -> None:
        super().__init__(host, port or PORTS[scheme])
        self._scheme, self._deadline = scheme, deadline

    def connect(self) -> None:
        connected = connect(self.host, self.port, tls=self._scheme == "https", deadline=self._deadline)
        self.sock = Bounded(connected, self._deadline, MOST_OCTETS)  # of a socket all that it is asked


def send(address: str, token: str) -> Failure | None:
    """Hand the notice over. Returns why it was not taken; None where it was."""
    try:
        return _answered(address, token)
    except tuple(RAISED) as error:
        return next(failure for kind, failure in RAISED.items() if isinstance(error, kind))


def _answered(address: str, token: str) -> Failure | None:
    parts = urlsplit(address)
    if parts.scheme != "https" and not settings.TELLING_ON_THIS_MACHINE:
        raise NotPublicError
    with closing(_Connection(parts.scheme, parts.hostname or "", parts.port, Deadline(SECONDS))) as connection:
        connection.request("POST", _target(parts), token, {**HEADERS, "Host": parts.netloc})
        with connection.getresponse() as response:
            return _failure(response)


def _target(parts: SplitResult) -> str:
    return f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"


def _failure(response: HTTPResponse) -> Failure | None:
    status = response.status
    if status in TAKEN:
        return None
    if status in LEADS_ON:
        return Failure.REDIRECT
    if status == TOO_MANY or status in BROKEN:
        return Failure.BROKEN
    return _said(response) if status == BAD_REQUEST else Failure.REFUSED


def _said(response: HTTPResponse) -> Failure:
    try:
        told = json.loads(response.read())
    except (ValueError, RecursionError):
        return Failure.REFUSED
    return SAID.get(str(told.get("err")), Failure.REFUSED) if isinstance(told, dict) else Failure.REFUSED
