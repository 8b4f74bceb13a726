"""A system that asks people to let it act for them, and the session that it has in the name of each."""

import hashlib
import secrets
import threading
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

from contactpoint_client.problems import NotSignedInError

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
PROOF_SECONDS = 60
# Tokens are renewed so long before they run out.
EARLY_SECONDS = 60
PATIENCE_SECONDS = 30

Key = ECKey | OKPKey | RSAKey


@dataclass(frozen=True, slots=True)
class Begun:
    """What is kept of somebody, in their session in the system, between their going and their coming back."""

    address: str
    state: str
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class System:
    """An accredited system: by what it is known, the private key by which it proves it, and where people sign in.

    `comes_back` is the address, one of those it is accredited with, to which they are led back.
    """

    client_id: str
    key: Key = field(repr=False)
    algorithm: str
    signs_in_at: str
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

    def take_back(self, begun: Begun, address: str) -> "Session":
        """The session of whoever came back to `address`. Raises NotSignedInError where they said no, or sent it twice.

        That the answer is theirs, and of the server they were sent to, is held against what was kept (RFC 9207).
        """
        answer = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        if answer.get("state") != begun.state or answer.get("iss") != self.signs_in_at:
            raise NotSignedInError("The answer is not to what was asked.")
        if "code" not in answer:
            raise NotSignedInError(answer.get("error_description") or answer.get("error", "No code came back."))
        asked = {
            "grant_type": "authorization_code",
            "code": answer["code"],
            "redirect_uri": self.comes_back,
            "code_verifier": begun.verifier,
        }
        return Session(self, self.ask("token", asked))

    def ask(self, what: str, values: dict[str, str]) -> dict[str, Any]:
        """Ask the server where people sign in, with proof. Raises NotSignedInError where it says no."""
        proof = {"client_assertion_type": ASSERTION, "client_assertion": self._proof()}
        address = f"{self.signs_in_at}/oauth/{what}"
        answer = requests.post(address, {**values, **proof}, timeout=PATIENCE_SECONDS, allow_redirects=False)
        told = answer.json() if answer.headers.get("Content-Type", "").startswith("application/json") else {}
        if not answer.ok:
            raise NotSignedInError(told.get("error_description") or told.get("error") or answer.reason)
        return dict(told)

    def _proof(self) -> str:
        """That it is this system which asks (RFC 7523, 2.2); good once."""
        now = int(time.time())
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": self.signs_in_at,
            "iat": now,
            "exp": now + PROOF_SECONDS,
            "jti": secrets.token_urlsafe(16),
        }
        return jwt.encode({"alg": self.algorithm, "kid": self.key.kid}, claims, self.key, algorithms=[self.algorithm])


class Session:
    """What one person lets the system do, until it is left, they end it, or it runs out.

    Keep it where that person's own session in the system is kept, and nowhere else. Its tokens are renewed where they
    are about to run out, by one thread at a time: the ones before open nothing from then on.
    """

    def __init__(self, system: System, issued: dict[str, Any]) -> None:
        self._system = system
        self._renewing = threading.Lock()
        self._take(issued)

    @property
    def token(self) -> str:
        """The access token that is good now. Raises NotSignedInError where the session is over."""
        with self._renewing:
            if time.monotonic() > self._runs_out - EARLY_SECONDS:
                asked = {"grant_type": "refresh_token", "refresh_token": self._refresh_token}
                self._take(self._system.ask("token", asked))
            return self._access_token

    def leave(self) -> None:
        """Sign the person out of the registry, as they sign out of the system."""
        self._system.ask("revoke", {"token": self._refresh_token})

    def _take(self, issued: dict[str, Any]) -> None:
        self._access_token: str = issued["access_token"]
        self._refresh_token: str = issued["refresh_token"]
        self._runs_out = time.monotonic() + float(issued["expires_in"])
