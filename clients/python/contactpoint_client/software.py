"""Software that speaks for its organisation: it fetches tokens for itself, and delivers what a supplier sends."""

import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, BinaryIO, Self, cast

from contactpoint_client.asking import bearer, new_http, send
from contactpoint_client.delivered import Batch
from contactpoint_client.problems import NotSignedInError, ProblemError, UnreachableError, told_in
from contactpoint_client.proving import EARLY_SECONDS, Known


@dataclass(frozen=True, slots=True)
class Software(Known):
    """An accredited system that tells who has left, or delivers a feed. Nobody works in it."""

    def fetch(self) -> "OwnToken":
        """A token for the software itself. Raises what `ask` raises."""
        told = told_in(self.ask("token", {"grant_type": "client_credentials"}))
        return OwnToken(told["access_token"], time.time() + float(told["expires_in"]))


@dataclass(frozen=True, slots=True)
class OwnToken:
    """What it fetched, and when it runs out, in seconds since 1970 as this machine's clock has them."""

    token: str = field(repr=False)
    runs_out_at: float


class Deliveries:
    """The feed that the software is accredited to deliver.

    Each call raises ProblemError where it is said why something was not done, and UnreachableError where no answer
    came; NotSignedInError where the system was revoked meanwhile. Connections are kept until it is closed: use it in
    `with`, which also gives the token back.
    """

    def __init__(self, address: str, software: Software) -> None:
        self._address = f"{address.rstrip('/')}/api/v1/batches"
        self._software = software
        self._http = new_http()
        self._fetching = threading.Lock()
        self._fetched: OwnToken | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the token back, and close the connections."""
        self._http.close()
        with self._fetching:
            fetched, self._fetched = self._fetched, None
        if fetched:
            with suppress(NotSignedInError, ProblemError, UnreachableError):  # it ends by itself soon
                self._software.ask("revoke", {"token": fetched.token})

    def send(self, file: BinaryIO, *, kind: str = "application/octet-stream") -> int:
        """Deliver what stands in the file, which is one on a disc or in memory. Returns the number of the batch.

        Sent once more, it is not taken twice: `sent_before` is raised.
        """
        return int(self._asked("POST", self._address, data=file, headers={"Content-Type": kind})["batch"])

    def look(self, batch: int) -> Batch:
        """How far a batch is, and what would become or became of its rows, in numbers."""
        return cast(Batch, self._asked("GET", f"{self._address}/{batch}"))

    def _asked(self, method: str, address: str, **what: Any) -> Any:
        """What is answered. A token that opens nothing is forgotten: the next call fetches another."""
        try:
            return told_in(send(self._http, method, address, shows=bearer(self._token()), **what))
        except NotSignedInError:
            with self._fetching:
                self._fetched = None
            raise

    def _token(self) -> str:
        """One that is good for a while. There is none to renew: another is fetched."""
        with self._fetching:
            if self._fetched is None or time.time() > self._fetched.runs_out_at - EARLY_SECONDS:
                self._fetched = self._software.fetch()
            return self._fetched.token
