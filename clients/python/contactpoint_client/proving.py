"""How whatever is accredited proves that it is itself, where people sign in."""

import secrets
import time
from dataclasses import dataclass, field

import requests
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

from contactpoint_client.asking import new_http, nothing, send

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
PROOF_SECONDS = 60
# Tokens are renewed so long before they run out.
EARLY_SECONDS = 60

Key = ECKey | OKPKey | RSAKey


@dataclass(frozen=True, slots=True)
class Known:
    """By what a system is known, the private key by which it proves it, and where people sign in.

    A key without a name (`kid`) has its thumbprint for one (RFC 7638), as it was accredited.
    """

    client_id: str
    key: Key = field(repr=False)
    algorithm: str
    signs_in_at: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "signs_in_at", self.signs_in_at.rstrip("/"))

    def ask(self, what: str, values: dict[str, str]) -> requests.Response:
        """Ask the server where people sign in, with proof.

        Raises NotSignedInError where the person has to sign in again, ProblemError where something else is wrong, and
        UnreachableError where no answer came.
        """
        proof = {"client_assertion_type": ASSERTION, "client_assertion": self._proof()}
        with new_http() as http:
            return send(http, "POST", f"{self.signs_in_at}/oauth/{what}", shows=nothing, data={**values, **proof})

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
        header = {"alg": self.algorithm, "kid": self.key.kid or self.key.thumbprint()}
        return jwt.encode(header, claims, self.key, algorithms=[self.algorithm])
