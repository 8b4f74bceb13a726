"""A system that asks in somebody's name, as programs do: a token, JSON, and nothing that a browser has."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client

from access.models import ClientSystem, Organisation, Role, User
from tests import factories
from tests.conftest import as_owner_here

ROOT = "/api/v1"
AMINA = {"given_name": "Amina", "family_name": "Hussain", "date_of_birth": "2017-04-09"}
ENTRY = {"practitioner": "Ada Bell", "telephone": "0161 496 0999", "started_on": "2025-02-01", "lead": False}
# Of a child of eight.
BASIS = {
    "basis": "consent_guardian",
    "decided_by": "parent",
    "competence": "too_young",
    "decided_on": "2025-02-03",
}
REASON = {"reason": "s11"}


def system_of(authority: Organisation, *, telling_address: str = "") -> ClientSystem:
    """A system of the authority's, accredited by two of its administrators."""
    with as_owner_here():
        first, second = (factories.user(role=Role.ADMINISTRATOR, works_for=authority) for _ in range(2))
        people = {"asked_by": first, "accredited_by": second}
        return factories.client_system(authority, **people, telling_address=telling_address)


@dataclass
class Asking:
    """One person's session in one system."""

    system: ClientSystem
    person: User
    token: str = ""
    browser: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def __post_init__(self) -> None:
        self.token = self.token or factories.token_in(self.system, self.person)

    def ask(
        self, method: str, path: str, body: object = None, *, headers: Mapping[str, str] | None = None
    ) -> HttpResponse:
        """The answer to one request. A body that is bytes is sent as it is."""
        sent = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        told = {"Authorization": f"Bearer {self.token}"} | dict(headers or {})
        return self.browser.generic(
            method, f"{ROOT}{path}", sent, content_type="application/json" if sent else "", headers=told
        )

    def get(self, path: str, **more: Any) -> HttpResponse:
        return self.ask("GET", path, **more)

    def find(self, **asked: Any) -> HttpResponse:
        return self.ask("POST", "/searches", asked or AMINA)

    def child(self, place: int = 0, **asked: Any) -> str:
        """A reference to the place-th child found."""
        return str(told(self.find(**asked))["matches"][place]["child"])

    def open(self, child: str, reason: object = REASON) -> HttpResponse:
        return self.ask("POST", f"/children/{child}/openings", reason)

    def opened(self, child: str = "") -> dict[str, Any]:
        return told(self.open(child or self.child()))

    def record(self, child: str, *, key: str = "", **changes: Any) -> HttpResponse:
        """Record an involvement, with a key of its own."""
        path = f"/children/{child}/involvements"
        return self.ask("POST", path, ENTRY | changes, headers={"Idempotency-Key": key or uuid4().hex})


def told(response: HttpResponse, status: int = 200) -> dict[str, Any]:
    """What was answered, which must have that status."""
    assert response.status_code == status, response.content.decode()
    read = json.loads(response.content)
    assert isinstance(read, dict)
    return read


def refused(response: HttpResponse, status: int, code: str) -> dict[str, Any]:
    """The problem, which must be that one."""
    assert response["Content-Type"] == "application/problem+json", response.content.decode()
    problem = told(response, status)
    assert problem["code"] == code, problem
    return problem
