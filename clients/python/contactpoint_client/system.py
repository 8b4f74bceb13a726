"""A system that asks people to let it act for them, and the session that it has in the name of each."""

import hashlib
import secrets
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self, TypedDict
from urllib.parse import parse_qs, urlencode, urlsplit

from contactpoint_client.problems import UNKNOWN, ProblemError, refusal, told_in
from contactpoint_client.proving import EARLY_SECONDS, Known


class Tokens(TypedDict):
    """What a session is kept as. Whoever has it is that person at work: keep it as a password is kept.

    `runs_out_at` is in seconds since 1970, as this machine's clock has them.
    """

    access_token: str
    refresh_token: str
    runs_out_at: float


OnRenewed = Callable[[Tokens], None]


@dataclass(frozen=True, slots=True)
class Begun:
    """What is kept of somebody, in their session in the system, between their going and their coming back."""

    address: str
    state: str
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class System(Known):
    """An accredited system in which people work.

    `comes_back` is the address, one of those it is accredited with, to which they are led back.
    """

    comes_back: str

    def send_to_sign_in(self) -> Begun:
        """Where to send somebody's browser (`address`), and what to keep until they come back."""
        state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
        digest = hashlib.sha256(verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.comes_back,
            "state": state,
            "code_challenge": urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        return Begun(f"{self.signs_in_at}/oauth/authorize?{urlencode(asked)}", state, verifier)

    def take_back(self, begun: Begun, address: str, on_renewed: OnRenewed | None = None) -> "Session":
        """The session of whoever came back to `address`. `on_renewed`: see Session.

        Raises NotSignedInError where they said no, or sent it twice; else ProblemError. That the answer is theirs, and
        of the server they were sent to, is held against what was kept (RFC 9207).
        """
        answer = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        if answer.get("state") != begun.state or answer.get("iss") != self.signs_in_at:
            raise ProblemError(UNKNOWN, "The answer is not to what was asked.")
        if "code" not in answer:
            error = answer.get("error", UNKNOWN)
            raise refusal(error, answer.get("error_description", error))
        asked = {
            "grant_type": "authorization_code",
            "code": answer["code"],
            "redirect_uri": self.comes_back,
            "code_verifier": begun.verifier,
        }
        return Session(self, self.issued(asked), on_renewed)

    def issued(self, grant: dict[str, str]) -> Tokens:
        """Tokens against a code or a refresh token. Raises what `ask` raises."""
        told = told_in(self.ask("token", grant))
        return {
            "access_token": told["access_token"],
            "refresh_token": told["refresh_token"],
            "runs_out_at": time.time() + float(told["expires_in"]),
        }


class Session:
    """What one person lets the system do, until it is left, they end it, or it runs out.

    Keep it where that person's own session in the system is kept, and nowhere else. Its tokens are renewed where they
    are about to run out, by one thread at a time: the ones before open nothing from then on, and to show them again
    ends the session. So whoever keeps it elsewhere than in memory keeps what `on_renewed` is called with in the place
    of what they had; and where two processes have it, one at a time restores it, asks, and keeps it: under a lock of
    the store, which is theirs.
    """

    def __init__(self, system: System, tokens: Tokens, on_renewed: OnRenewed | None = None) -> None:
        self._system = system
        self._tokens = tokens
        self._on_renewed = on_renewed
        self._renewing = threading.Lock()

    @classmethod
    def restored(cls, system: System, kept: Tokens, on_renewed: OnRenewed | None = None) -> Self:
        """The session that `kept` is of."""
        return cls(system, kept.copy(), on_renewed)

    def kept(self) -> Tokens:
        """All of it, as JSON can hold it, to restore it from."""
        return self._tokens.copy()

    @property
    def token(self) -> str:
        """The access token that is good now. Raises what System.ask raises.

        After UnreachableError the tokens may have been renewed without our hearing of it. Then the session is over, and
        the next call raises NotSignedInError.
        """
        with self._renewing:
            if time.time() > self._tokens["runs_out_at"] - EARLY_SECONDS:
                asked = {"grant_type": "refresh_token", "refresh_token": self._tokens["refresh_token"]}
                self._tokens = self._system.issued(asked)
                if self._on_renewed:
                    self._on_renewed(self.kept())
            return self._tokens["access_token"]

    def leave(self) -> None:
        """Sign the person out of the registry, as they sign out of the system."""
        with self._renewing:
            self._system.ask("revoke", {"token": self._tokens["refresh_token"]})
