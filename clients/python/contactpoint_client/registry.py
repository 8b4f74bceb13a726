"""The registry, in the name of one person. Answers are typed as `told` has them."""

import secrets
from typing import Any, cast

import requests

from contactpoint_client.problems import NotSignedInError, ProblemError
from contactpoint_client.system import PATIENCE_SECONDS, Session
from contactpoint_client.told import Found, Kept, Lists, Me, OwnInvolvement, Recent, Record


class Registry:
    """What a practitioner can do, as on the pages: whatever is asked is recorded as asked by them.

    Each call raises ProblemError where the registry says why something was not done, and NotSignedInError where the
    person has to sign in again.
    """

    def __init__(self, address: str, session: Session) -> None:
        self._address = f"{address.rstrip('/')}/api/v1"
        self._session = session
        self._http = requests.Session()

    def me(self) -> Me:
        """In whose name the system asks, and what they may record."""
        return cast(Me, self._ask("GET", "/me"))

    def lists(self) -> Lists:
        """The closed lists of what can be said."""
        return cast(Lists, self._ask("GET", "/lists"))

    def search(self, **known: str | int) -> Found:
        """Find a child by what is known: given_name, family_name, date_of_birth, age, postcode, ... (docs/api.md).

        `search`, of an earlier answer, says that this goes on with it.
        """
        return cast(Found, self._ask("POST", "/searches", body=known))

    def recent(self) -> Recent:
        """The children whose records the person opened lately."""
        return cast(Recent, self._ask("GET", "/recent"))

    def open(self, child: str, *, reason: str) -> Record:
        """Open the record of a child who was found, for a reason of the closed list."""
        return cast(Record, self._ask("GET", f"/children/{child}", query={"reason": reason}))

    def record_involvement(self, child: str, *, key: str | None = None, **entry: Any) -> Kept:
        """Record that the person's organisation works with the child.

        Sent again with the same `key`, it stands once. Give one, and keep it, where this may be tried again.
        """
        headers = {"Idempotency-Key": key or secrets.token_urlsafe(24)}
        return cast(Kept, self._ask("POST", f"/children/{child}/involvements", body=entry, headers=headers))

    def read_involvement(self, child: str, involvement: int) -> tuple[OwnInvolvement, str]:
        """One of the person's own organisation's, to change it, and its version."""
        answer = self._send("GET", f"/children/{child}/involvements/{involvement}")
        return cast(OwnInvolvement, answer.json()), answer.headers["ETag"]

    def correct_involvement(self, child: str, involvement: int, *, version: str, **entry: Any) -> Kept:
        """Put this in the place of what was entered, unless it changed since that version."""
        where = f"/children/{child}/involvements/{involvement}"
        return cast(Kept, self._ask("PUT", where, body=entry, headers={"If-Match": version}))

    def end_involvement(self, child: str, involvement: int, *, version: str, ended_on: str) -> Kept:
        """Say on which day it ended, unless it changed since that version."""
        where = f"/children/{child}/involvements/{involvement}/end"
        return cast(Kept, self._ask("POST", where, body={"ended_on": ended_on}, headers={"If-Match": version}))

    def withdraw_involvement(self, child: str, involvement: int, *, version: str, **why: str) -> None:
        """Take it off the record: `mistake` or `basis_end`, of the closed lists. Unless it changed since then."""
        where = f"/children/{child}/involvements/{involvement}/withdraw"
        self._send("POST", where, body=why, headers={"If-Match": version})

    def _ask(self, method: str, path: str, **more: Any) -> object:
        return self._send(method, path, **more).json()

    def _send(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        query: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> requests.Response:
        answer = self._http.request(
            method,
            self._address + path,
            params=query,
            json=body,
            headers={"Authorization": f"Bearer {self._session.token}", **(headers or {})},
            timeout=PATIENCE_SECONDS,
            allow_redirects=False,  # a token goes to no other place
        )
        if answer.status_code == requests.codes.unauthorized:
            raise NotSignedInError(ProblemError(answer).detail)
        if not answer.ok:
            raise ProblemError(answer)
        return answer
