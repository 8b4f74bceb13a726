"""An organisation with people, and its personnel system that calls us."""

import json
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.test import Client

from access.models import ClientSystem, Organisation, OrganisationKind, Role, SystemPurpose, User
from tests import factories
from tests.conftest import OwnerContext

PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"


@dataclass
class Software:
    """A personnel system: it has fetched a token, and has no cookies."""

    secret: str
    system: ClientSystem
    browser: Client = field(default_factory=Client)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        """One request; `body` is sent as JSON unless it is bytes."""
        sent = body if isinstance(body, bytes) else json.dumps(body) if body is not None else ""
        return self.browser.generic(
            method,
            path,
            sent,
            content_type="application/scim+json",
            headers={"Authorization": f"Bearer {self.secret}", **headers},
        )

    def patch(self, person: User, value: object, **headers: str) -> HttpResponse:
        """Set `active`."""
        operation = {"op": "replace", "path": "active", "value": value}
        return self.call("PATCH", address(person), {"schemas": [PATCH], "Operations": [operation]}, **headers)

    def find(self, text: str) -> HttpResponse:
        return self.call("POST", "/scim/v2/Users/.search", {"schemas": [SEARCH], "filter": text})

    def send(self, *lines: str) -> HttpResponse:
        """Send a list of leavers."""
        return self.call("POST", "/feeds/leavers/", "\n".join(["email", *lines]).encode())


@dataclass
class Place:
    """An authority with two administrators, a school that it answers for, and the authority's software."""

    authority: Organisation
    school: Organisation
    administrator: User
    second: User
    software: Software


def place(as_owner: OwnerContext) -> Place:
    with as_owner():
        authority = factories.organisation(kind=OrganisationKind.AUTHORITY)
        school = factories.organisation(authority=authority)
        administrator, second = (factories.user(role=Role.ADMINISTRATOR, works_for=authority) for _ in range(2))
        system = personnel_system(authority, administrator, second)
    return Place(authority, school, administrator, second, software_of(system))


def personnel_system(organisation: Organisation, asked_by: User, accredited_by: User) -> ClientSystem:
    """A system that tells who has left. As the owner."""
    return factories.client_system(
        organisation, asked_by=asked_by, accredited_by=accredited_by, purpose=SystemPurpose.LEAVERS
    )


def software_of(system: ClientSystem) -> Software:
    """The software, with a token that it has just fetched."""
    return Software(factories.client_token(system), system)


def address(person: User) -> str:
    return f"/scim/v2/Users/{person.pk}"


def refused(response: HttpResponse, status: HTTPStatus) -> str:
    """The reason that a SCIM error of that status gives."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/scim+json"
    body = response.json()
    assert body["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert body["status"] == str(status.value)
    return str(body["detail"])
