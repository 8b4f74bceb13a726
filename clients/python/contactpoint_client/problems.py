"""What the registry answers where something was not done."""

from typing import Any

import requests


class NotSignedInError(Exception):
    """Nobody lets the system act any more: their session there is over. Send them to sign in again."""


class ProblemError(Exception):
    """Why something was not done (RFC 9457). `code` stays the same, whatever the words become.

    `errors` says of each field that was wrong which it is and what to do. `wait` is in how many seconds to come back,
    where that is known.
    """

    def __init__(self, answer: requests.Response) -> None:
        told = _told(answer)
        self.status = answer.status_code
        self.code = str(told.get("code", "unknown"))
        self.detail = str(told.get("detail", answer.reason))
        self.errors: list[dict[str, str]] = told.get("errors", [])
        self.request_id = str(told.get("request_id", ""))
        wait = answer.headers.get("Retry-After", "")
        self.wait = int(wait) if wait.isdecimal() else None
        super().__init__(f"{self.code}: {self.detail}")


def _told(answer: requests.Response) -> dict[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
