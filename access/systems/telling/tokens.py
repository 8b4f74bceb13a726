"""What a system is told: a Security Event Token (RFC 8417), signed by a key of the worker's; and the keys to check it.

Nobody but the worker holds a key. It says in a table which ones, so that whoever serves can publish them without
holding any. A new key is published for a day before it signs: by then each receiver has fetched it.
"""

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from joserfc.jwk import thumbprint

from access.models import TellingKey
from encryption.signing import TellingSigner, telling_signers

ALGORITHM = "ES256"
KIND = "secevent+jwt"  # RFC 8417, 2.3
EVENT = "/api/events/child-changed"
KEYS = "/.well-known/jwks.json"
PUBLISHED_FOR = timedelta(days=1)
Signing = tuple[str, TellingSigner]


@dataclass(frozen=True, slots=True)
class Told:
    """One notice: to which system, about which following of its own, and by what it is known when it comes again."""

    client_id: str
    following: str
    number: str


def token(told: Told, signing: Signing) -> str:
    """The notice, signed. It has neither a name nor a number of anybody: whoever reads it has to come and ask."""
    kid, signer = signing
    claims = {
        "iss": settings.SERVICE_ADDRESS,
        "aud": told.client_id,
        "iat": int(timezone.now().timestamp()),
        "jti": told.number,
        "sub_id": {"format": "opaque", "id": told.following},  # RFC 9493, 3.2.5
        "events": {f"{settings.SERVICE_ADDRESS}{EVENT}": {}},
    }
    signed = f"{_part({'alg': ALGORITHM, 'kid': kid, 'typ': KIND})}.{_part(claims)}"
    return f"{signed}.{_base64url(signer.sign(signed.encode()))}"


def publish_keys() -> None:
    """Say which keys this process holds, and no more of one that it holds no longer. For the worker."""
    held = {_kid(signer): signer for signer in telling_signers()}
    known = set(TellingKey.objects.values_list("kid", flat=True))
    made = [TellingKey(kid=kid, x=_base64url(held[kid].x), y=_base64url(held[kid].y)) for kid in held.keys() - known]
    TellingKey.objects.bulk_create(made, ignore_conflicts=True)  # another pass may have said so meanwhile
    TellingKey.objects.filter(kid__in=known - held.keys()).delete()


def published() -> dict[str, Any]:
    """The keys by which a notice is checked: a JSON Web Key Set (RFC 7517), oldest first."""
    return {
        "keys": [
            {"kty": "EC", "crv": "P-256", "x": key.x, "y": key.y, "kid": key.kid, "use": "sig", "alg": ALGORITHM}
            for key in TellingKey.objects.order_by("published_at", "kid")
        ]
    }


def signing() -> Signing:
    """The key that signs now, and its name: the newest that was published for long enough, or else the first."""
    held = [(_kid(signer), signer) for signer in telling_signers()]
    long_enough = TellingKey.objects.filter(published_at__lte=timezone.now() - PUBLISHED_FOR)
    usable = set(long_enough.values_list("kid", flat=True))
    return next((each for each in reversed(held) if each[0] in usable), held[0])


def _kid(signer: TellingSigner) -> str:
    return thumbprint({"crv": "P-256", "kty": "EC", "x": _base64url(signer.x), "y": _base64url(signer.y)})


def _part(told: dict[str, Any]) -> str:
    return _base64url(json.dumps(told, separators=(",", ":")).encode())


def _base64url(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()
