"""What is raised where something was not done."""

from collections.abc import Sequence
from typing import Any

import requests

from contactpoint_client.told import Wrong

# Codes of the registry (with 401) and of OAuth that mean: nobody lets the system act any more.
OVER = frozenset({"invalid_token", "session_ended"})
NOT_GRANTED = frozenset({"invalid_grant", "access_denied"})
# The code of an answer that has none: of a proxy in between, say, or of a server that is going down.
UNKNOWN = "unknown"


class NotSignedInError(Exception):
    """Nobody lets the system act any more, or they said no. Send them to sign in again."""


class UnreachableError(Exception):
    """No answer came. Whether anything was done is not known."""


class ProblemError(Exception):
    """Why something was not done, by the registry (RFC 9457) or where people sign in (RFC 6749, 5.2).

    `code` stays the same, whatever the words become. `errors` says of each field that was wrong which it is and what
    to do. `wait` is in how many seconds to come back, where that is known. `status` is that of the answer; None where
    it came by way of somebody's browser.
    """

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        status: int | None = None,
        errors: Sequence[Wrong] = (),
        request_id: str = "",
        wait: int | None = None,
    ) -> None:
        self.code, self.detail, self.status = code, detail, status
        self.errors, self.request_id, self.wait = list(errors), request_id, wait
        super().__init__(f"{code}: {detail}")


def refusal(code: str, detail: str, *, status: int | None = None, **more: Any) -> NotSignedInError | ProblemError:
    """What is raised for a code: NotSignedInError where signing in again mends it, and nothing else does."""
    if code in NOT_GRANTED or (code in OVER and status == requests.codes.unauthorized):
        return NotSignedInError(detail)
    return ProblemError(code, detail, status=status, **more)


def refusal_in(answer: requests.Response) -> NotSignedInError | ProblemError:
    """The same for an answer of either server, which may be one in HTML of whatever stands before it."""
    told = _object_in(answer) or {}
    wait = answer.headers.get("Retry-After", "")
    return refusal(
        str(told.get("code") or told.get("error") or UNKNOWN),
        str(told.get("detail") or told.get("error_description") or answer.reason),
        status=answer.status_code,
        errors=told.get("errors", ()),
        request_id=str(told.get("request_id", "")),
        wait=int(wait) if wait.isdecimal() else None,
    )


def told_in(answer: requests.Response) -> dict[str, Any]:
    """What was answered. Raises ProblemError where it is nothing that either server answers."""
    told = _object_in(answer)
    if told is None:
        raise ProblemError(UNKNOWN, "The answer is not JSON: it is of another server.", status=answer.status_code)
    return told


def _object_in(answer: requests.Response) -> dict[str, Any] | None:
    try:
        told = answer.json()
    except ValueError:
        return None
    return told if isinstance(told, dict) else None
