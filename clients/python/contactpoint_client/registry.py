"""The registry, in the name of one person. What is sent is typed as `asked` has it, answers as `told` has them."""

import secrets
from types import TracebackType
from typing import Any, Self, Unpack, cast
from urllib.parse import quote

import requests

from contactpoint_client.asked import Entry, Search, Withdrawal
from contactpoint_client.asking import bearer, new_http, send
from contactpoint_client.problems import NotSignedInError, UnreachableError, told_in
from contactpoint_client.system import Session
from contactpoint_client.told import Following, Found, Kept, Lists, Me, OwnInvolvement, Recent, Record, Recorded


def new_key() -> str:
    """An Idempotency-Key: made anew for each entry, and kept for each time that it is sent again."""
    return secrets.token_urlsafe(24)


class Registry:
    """What a practitioner can do, as on the pages: whatever is asked is recorded as asked by them.

    Each call raises ProblemError where it is said why something was not done, NotSignedInError where the person has to
    sign in again, and UnreachableError where no answer came. Connections are kept until it is closed: use it in `with`.
    """

    def __init__(self, address: str, session: Session) -> None:
        self._address = f"{address.rstrip('/')}/api/v1"
        self._session = session
        self._http = new_http()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close its connections. The session goes on."""
        self._http.close()

    def me(self) -> Me:
        """In whose name the system asks, and what they may record."""
        return cast(Me, self._ask("GET", "/me"))

    def lists(self) -> Lists:
        """The closed lists of what can be said."""
        return cast(Lists, self._ask("GET", "/lists"))

    def search(self, **known: Unpack[Search]) -> Found:
        """Find a child by what is known. `search`, of an earlier answer, says that this goes on with it."""
        return cast(Found, self._ask("POST", "/searches", body=known))

    def recent(self) -> Recent:
        """The children whose records the person opened lately."""
        return cast(Recent, self._ask("GET", "/recent"))

    def open(self, child: str, *, reason: str) -> Record:
        """Open the record of a child who was found, for a reason of the closed list. Each time is an opening."""
        return cast(Record, self._ask("POST", f"{_of(child)}/openings", body={"reason": reason}))

    def record_involvement(self, child: str, *, key: str, **entry: Unpack[Entry]) -> Recorded:
        """Record that the person's organisation works with the child.

        Sent again with the same `key`, it stands once: make one with `new_key()`, and keep it until an answer is there.
        Where none comes it is sent once more from here.
        """
        where = f"{_of(child)}/involvements"
        answer = self._send("POST", where, body=entry, headers={"Idempotency-Key": key}, once=True)
        return {"id": told_in(answer)["id"], "version": _version(answer) or None}

    def read_involvement(self, child: str, involvement: int) -> tuple[OwnInvolvement, str]:
        """One of the person's own organisation's, to change it, and its version."""
        answer = self._send("GET", f"{_of(child)}/involvements/{involvement}")
        return cast(OwnInvolvement, told_in(answer)), _version(answer)

    def correct_involvement(self, child: str, involvement: int, *, version: str, **entry: Unpack[Entry]) -> Kept:
        """Put this in the place of what was entered, unless it changed since that version."""
        where = f"{_of(child)}/involvements/{involvement}"
        return _kept(self._send("PUT", where, body=entry, headers={"If-Match": version}))

    def end_involvement(self, child: str, involvement: int, *, version: str, ended_on: str) -> Kept:
        """Say on which day it ended, unless it changed since that version."""
        where = f"{_of(child)}/involvements/{involvement}/end"
        return _kept(self._send("POST", where, body={"ended_on": ended_on}, headers={"If-Match": version}))

    def withdraw_involvement(self, child: str, involvement: int, *, version: str, **why: Unpack[Withdrawal]) -> None:
        """Take it off the record: `mistake` or `basis_end`, of the closed lists. Unless it changed since then."""
        where = f"{_of(child)}/involvements/{involvement}/withdraw"
        self._send("POST", where, body=why, headers={"If-Match": version})

    def follow(self, child: str) -> Following:
        """Have the system be told that something changed, of a record that was just opened (`Notices`)."""
        return cast(Following, self._ask("POST", f"{_of(child)}/following"))

    def unfollow(self, following: str) -> None:
        """Be told no more. Ended twice, it is ended."""
        self._send("DELETE", f"/followings/{quote(following, safe='')}")

    def _ask(self, method: str, path: str, *, body: object = None) -> dict[str, Any]:
        return told_in(self._send(method, path, body=body))

    def _send(
        self, method: str, path: str, *, body: object = None, headers: dict[str, str] | None = None, once: bool = False
    ) -> requests.Response:
        """The answer. Sent once more where another thread renewed the tokens meanwhile: the refusal was of the old.

        And where none came of what is done `once`, however often it is sent.
        """

        def shown(token: str) -> requests.Response:
            return send(self._http, method, self._address + path, shows=bearer(token), json=body, headers=headers)

        def tried(token: str) -> requests.Response:
            try:
                return shown(token)
            except UnreachableError:
                if not once:
                    raise
            return shown(token)

        token = self._session.token
        try:
            return tried(token)
        except NotSignedInError:
            renewed = self._session.token
            if renewed == token:
                raise
        return tried(renewed)


def _of(child: str) -> str:
    return f"/children/{quote(child, safe='')}"


def _kept(answer: requests.Response) -> Kept:
    return {"id": told_in(answer)["id"], "version": _version(answer)}


def _version(answer: requests.Response) -> str:
    return answer.headers.get("ETag", "")
