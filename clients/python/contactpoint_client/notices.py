"""What a system is told at its own address: a Security Event Token (RFC 8417), handed over by HTTP (RFC 8935).

A notice says that there is something new on a record that the system follows, and nothing of what. Whoever takes one
answers 202, once it is kept, and 400 with what is wrong otherwise.
"""

import threading
import time
from dataclasses import dataclass
from typing import Any, cast

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from contactpoint_client.asking import new_http, nothing, send
from contactpoint_client.problems import UNKNOWN, ProblemError, UnreachableError, told_in

KEYS = "/.well-known/jwks.json"
EVENT = "/api/events/child-changed"
KIND = "secevent+jwt"
# Keys are fetched again each day, and at once where one is not known: but not more often than each minute.
KEPT_SECONDS, FETCHED_SECONDS = 24 * 3600, 60
PATIENCE = 3.0  # the registry waits five seconds for an answer
CLOCKS_DIFFER = 300


class WrongNoticeError(Exception):
    """What came is no notice for this system. `err` is what is answered, with 400 (RFC 8935, 2.4)."""

    def __init__(self, err: str, description: str) -> None:
        self.err, self.description = err, description
        super().__init__(f"{err}: {description}")

    def answer(self) -> dict[str, str]:
        """The body of the answer."""
        return {"err": self.err, "description": self.description}


@dataclass(frozen=True, slots=True)
class Notice:
    """That something changed: by what the system knows that it follows the record, and the number of the notice.

    The same number may come twice, where an answer was lost.
    """

    following: str
    number: str


class Notices:
    """Checks what comes to a system's own address. One for the whole system; several threads may use it."""

    def __init__(self, address: str, client_id: str) -> None:
        self._issuer = address.rstrip("/")
        self._client_id = client_id
        self._keys: KeySet | None = None
        self._fetched_at = 0.0
        self._lock = threading.Lock()

    def read(self, body: bytes | str) -> Notice:
        """The notice. Raises WrongNoticeError; UnreachableError where the keys could not be fetched: answer 503."""
        text = body if isinstance(body, str) else body.decode("ascii", "replace")
        claims = self._checked(text)
        if claims.get("iss") != self._issuer:
            raise WrongNoticeError("invalid_issuer", "It is of another registry.")
        if claims.get("aud") != self._client_id:
            raise WrongNoticeError("invalid_audience", "It is for another system.")
        if claims["iat"] > time.time() + CLOCKS_DIFFER:
            raise WrongNoticeError("invalid_request", "It is of a time to come.")
        return Notice(claims["sub_id"]["id"], claims["jti"])

    def _checked(self, text: str) -> dict[str, Any]:
        """What it says, once the signature is found good; with keys fetched anew where it is by one that is unknown."""
        for age in (KEPT_SECONDS, FETCHED_SECONDS):
            try:
                read = jwt.decode(text, self._known(age), algorithms=["ES256"])
            except (JoseError, ValueError):
                continue
            if read.header.get("typ") != KIND or not self._is_whole(read.claims):
                raise WrongNoticeError("invalid_request", "It says nothing that is known here.")
            return dict(read.claims)
        raise WrongNoticeError("invalid_key", "It is not signed by a key of the registry.")

    def _is_whole(self, claims: dict[str, Any]) -> bool:
        """Whether it has all that a notice has, of the kinds that it must be."""
        about, events = claims.get("sub_id"), claims.get("events")
        return (
            isinstance(about, dict)
            and about.get("format") == "opaque"
            and isinstance(about.get("id"), str)
            and isinstance(claims.get("jti"), str)
            and isinstance(claims.get("iat"), int)
            and isinstance(events, dict)
            and any(name.endswith(EVENT) for name in events)
        )

    def _known(self, age: float) -> KeySet:
        """The keys, fetched where there are none or they are older than `age`; those that there are, if that fails."""
        with self._lock:
            if self._keys is None or time.monotonic() - self._fetched_at > age:
                try:
                    self._keys = self._fetch()
                except (ProblemError, UnreachableError) as problem:
                    if self._keys is None:
                        raise UnreachableError(str(problem)) from None
                self._fetched_at = time.monotonic()
            return self._keys

    def _fetch(self) -> KeySet:
        with new_http() as http:
            answer = send(http, "GET", f"{self._issuer}{KEYS}", shows=nothing, timeout=PATIENCE)
        try:
            return KeySet.import_key_set(cast(Any, told_in(answer)))
        except (JoseError, ValueError, TypeError, KeyError) as problem:
            raise ProblemError(UNKNOWN, "These are no keys: the answer is of another server.") from problem
