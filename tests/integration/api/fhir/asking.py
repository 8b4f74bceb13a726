"""A system that asks by FHIR: a form, a header with the reason, and resources that the library reads again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from fhir.resources.R4B import get_fhir_model_class

from tests.integration.api.asking import Asking

BASE = "/api/fhir/R4"
FORM = "application/x-www-form-urlencoded"
AMINA = {"given": "Amina", "family": "Hussain", "birthdate": "eq2017-04-09"}
SPINE = "https://fhir.nhs.uk/R4/CodeSystem/Spine-ErrorOrWarningCode"
NHS = "https://fhir.nhs.uk/Id/nhs-number"
OURS = f"http://testserver{BASE}"

Resource = dict[str, Any]


@dataclass
class FhirAsking(Asking):
    """One person's session in a system that speaks FHIR."""

    def send(self, method: str, path: str, body: bytes = b"", **headers: str) -> HttpResponse:
        told = {"Authorization": f"Bearer {self.token}"} | headers
        kind = told.pop("Content-Type", FORM if body else "")
        return self.browser.generic(method, f"{BASE}{path}", body, content_type=kind, headers=told)

    def search(self, asked: Mapping[str, str | list[str]] | None = None) -> HttpResponse:
        """What is answered to a search."""
        return self.send("POST", "/Patient/_search", urlencode(asked or AMINA, doseq=True).encode())

    def found(self, asked: Mapping[str, str | list[str]] | None = None) -> list[Resource]:
        """The entries of a search that was answered."""
        bundle = resource(self.search(asked))
        assert bundle["type"] == "searchset"
        entries: list[Resource] = bundle.get("entry", [])
        assert bundle["total"] == len(entries)
        return entries

    def id_of(self, asked: Mapping[str, str | list[str]] | None = None, place: int = 0) -> str:
        """The id of the place-th child found."""
        return str(self.found(asked)[place]["resource"]["id"])

    def read(self, patient: str, reason: str = "s11") -> HttpResponse:
        return self.send("GET", f"/Patient/{patient}", **({"X-Reason": reason} if reason else {}))

    def everything(self, patient: str, reason: str = "s11") -> HttpResponse:
        return self.send("GET", f"/Patient/{patient}/$everything", **({"X-Reason": reason} if reason else {}))


def resource(response: HttpResponse, status: int = 200) -> Resource:
    """What was answered, which FHIR must know."""
    assert response.status_code == status, response.content.decode()
    assert response["Content-Type"] == "application/fhir+json"
    assert response["Cache-Control"] == "no-store"
    read = json.loads(response.content)
    assert isinstance(read, dict)
    again = get_fhir_model_class(read["resourceType"]).model_validate_json(response.content)
    assert json.loads(again.model_dump_json()) == read
    return read


def refused(response: HttpResponse, status: int, code: str, spine: str = "") -> list[Resource]:
    """The issues of the outcome, which must be that one."""
    outcome = resource(response, status)
    assert outcome["resourceType"] == "OperationOutcome"
    issues: list[Resource] = outcome["issue"]
    assert issues
    for issue in issues:
        codings = {each["system"]: each["code"] for each in issue["details"]["coding"]}
        assert codings["http://testserver/api/"] == code
        if spine:
            assert codings[SPINE] == spine
    return issues


def wrong_in(response: HttpResponse) -> dict[str, str]:
    """Of a request that was not as it must be: by parameter, what the NHS calls what is wrong with it."""
    return {
        each.get("location", ["http."])[0].removeprefix("http."): each["details"]["coding"][1]["code"]
        for each in refused(response, 422, "invalid")
    }


def extensions(of: Resource, name: str) -> list[Resource]:
    """The extensions of that name."""
    return [each for each in of.get("extension", []) if each["url"] == f"{OURS}/StructureDefinition/{name}"]


def told(bundle: Resource, kind: str) -> list[Resource]:
    """The resources of that kind in a Bundle."""
    return [each["resource"] for each in bundle["entry"] if each["resource"]["resourceType"] == kind]
