"""A system at work, and the world in which somebody lets it act for them, through the pages."""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import ECKey

from access.models import ClientSystem, OrganisationKind, Role, User
from tests import factories

AUTHORIZE, ALLOW, TOKEN, REVOKE = (
    reverse(name) for name in ("oauth_authorize", "oauth_allow", "oauth_token", "oauth_revoke")
)
ISSUER = "http://testserver"
FORM = "application/x-www-form-urlencoded"


@dataclass
class Software:
    """A system at work: it sends somebody to sign in, and proves that it is itself."""

    system: ClientSystem
    key: ECKey = field(default_factory=factories.system_key)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    def asks(self, **other: str) -> str:
        """The query with which it sends somebody."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self.system.client_id,
            "redirect_uri": factories.SYSTEM_ADDRESS,
            "state": "a-state",
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        return "?" + urlencode({name: value for name, value in {**asked, **other}.items() if value})

    def proof(self, **claims: Any) -> str:
        now = int(timezone.now().timestamp())
        said = {
            "iss": self.system.client_id,
            "sub": self.system.client_id,
            "aud": ISSUER,
            "iat": now,
            "exp": now + 60,
            "jti": uuid4().hex,
        }
        header = {"alg": "ES256", "kid": "first"}
        known = {name: value for name, value in {**said, **claims}.items() if value is not None}
        return jwt.encode(header, known, self.key)

    def sends(self, address: str, values: Mapping[str, str], proof: str | None = None) -> HttpResponse:
        body = {
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": proof or self.proof(),
            **values,
        }
        return Client().post(address, urlencode(body), content_type=FORM)

    def redeems(self, code: str, proof: str | None = None, **other: str) -> HttpResponse:
        values = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": factories.SYSTEM_ADDRESS,
            "code_verifier": self.verifier,
        }
        return self.sends(TOKEN, {**values, **other}, proof)

    def renews(self, renewal: str) -> HttpResponse:
        return self.sends(TOKEN, {"grant_type": "refresh_token", "refresh_token": renewal})


class World:
    """An authority with a system, and a practitioner of one of its schools."""

    def __init__(self) -> None:
        self.authority = factories.organisation(kind=OrganisationKind.AUTHORITY)
        self.school = factories.organisation(authority=self.authority)
        self.first, self.second = (factories.user(role=Role.ADMINISTRATOR, works_for=self.authority) for _ in range(2))
        self.teacher = factories.user(works_for=self.school)
        self.system = factories.client_system(self.authority, asked_by=self.first, accredited_by=self.second)


def answer_of(browser: Client, software: Software, answer: str = "yes", **other: str) -> dict[str, str]:
    """What the system is told when its person comes back."""
    led = browser.post(ALLOW + software.asks(**other), {"allow": answer})
    assert led.status_code == 302, led.content.decode()
    back = urlsplit(led["Location"])
    assert f"{back.scheme}://{back.netloc}{back.path}" == factories.SYSTEM_ADDRESS
    return {name: value for name, (value,) in parse_qs(back.query).items()}


def code_of(person: User, software: Software) -> str:
    return answer_of(factories.signed_in(person), software)["code"]
