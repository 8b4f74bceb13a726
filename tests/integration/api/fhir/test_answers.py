"""What the service says of itself, and each refusal as an outcome."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory

from access.models import Role, User, UserState, VettingItem
from access.systems import tokens
from api.callers import request_id_of
from api.fhir.asked import PARAMETERS, READ
from api.fhir.outcomes import ISSUES, OF_PARAMETERS, SPINE_WORDS
from api.fhir.parsing import FhirRenderer
from api.problems import Code, Wrong, problem
from audit.events import EventKind
from registry.actions import finding
from tests import factories
from tests.conftest import OwnerContext
from tests.integration.api.asking import system_of
from tests.integration.api.fhir.asking import AMINA, BASE, FhirAsking, refused, resource
from tests.integration.registry.people import Town
from tests.log import events

# Every operation for systems: the method, and the address below the base.
OPERATIONS = {
    "search": ("POST", "/Patient/_search"),
    "search by an address": ("GET", "/Patient"),
    "read": ("GET", "/Patient/{patient}"),
    "everything": ("GET", "/Patient/{patient}/$everything"),
    "history": ("GET", "/AuditEvent"),
}
NO_STORE = {"Cache-Control": "no-store"}  # which middleware adds
DONE = {"search by an address": 405}


def ask(asking: FhirAsking, name: str, patient: str) -> Any:
    method, path = OPERATIONS[name]
    body = b"given=Amina&family=Hussain&birthdate=2017-04-09" if method == "POST" else b""
    return asking.send(method, path.format(patient=patient), body, **{"X-Reason": "s11"})


def test_statement_says_where_people_sign_in_and_what_can_be_asked(db: None, settings: Any) -> None:
    settings.SIGN_IN_ADDRESS = "https://sign-in.example"
    statement = resource(Client().get(f"{BASE}/metadata"))
    assert statement["fhirVersion"] == "4.0.1"
    assert statement["format"] == ["application/fhir+json"]
    (rest,) = statement["rest"]
    (uris,) = rest["security"]["extension"]
    assert uris["url"] == "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
    assert {each["url"]: each["valueUri"] for each in uris["extension"]} == {
        "authorize": "https://sign-in.example/oauth/authorize",
        "token": "https://sign-in.example/oauth/token",
        "revoke": "https://sign-in.example/oauth/revoke",
    }
    patient, audit_event = rest["resource"]
    assert {each["name"] for each in patient["searchParam"]} == set(PARAMETERS) == set(READ) - {"_format"}
    assert [each["code"] for each in patient["interaction"]] == ["read", "search-type"]
    assert audit_event["type"] == "AuditEvent"


def test_statement_is_read_with_a_format_and_by_nobody_changed(db: None) -> None:
    resource(Client().get(f"{BASE}/metadata?_format=json", headers={"Accept": "application/fhir+xml"}))
    refused(Client().post(f"{BASE}/metadata"), 405, "method_not_allowed")


def test_every_problem_is_an_outcome_with_the_same_status() -> None:
    assert set(ISSUES) == set(Code)
    used = {each.spine for each in (*ISSUES.values(), *OF_PARAMETERS.values())}
    assert used - {""} == set(SPINE_WORDS)
    request = RequestFactory().get(f"{BASE}/Patient/1")
    for code in Code:
        (issue,) = refused(problem(request, code, headers=NO_STORE), code.kind.status, code)
        assert issue["details"]["text"] == code.kind.title
        assert issue["diagnostics"]
        wrongs = [Wrong("shape", "One", parameter="family"), Wrong("required", "Two")]
        first, second = refused(problem(request, code, errors=wrongs, headers=NO_STORE), code.kind.status, code)
        assert (first["diagnostics"], first["location"]) == ("One", ["http.family"])
        assert (second["diagnostics"], second["code"], "location" in second) == ("Two", "required", False)
    outcome = json.loads(problem(request, Code.FAILED).content)
    assert outcome["id"] == str(request_id_of(request))


def test_what_fhir_does_not_know_is_not_sent() -> None:
    with pytest.raises(ValueError, match="nickname"):
        FhirRenderer().render({"resourceType": "Patient", "nickname": "Mina"})
    with pytest.raises(ValueError, match="birthDate"):
        FhirRenderer().render({"resourceType": "Patient", "birthDate": "9 April"})


def test_what_is_not_there_is_an_outcome_too(teacher: FhirAsking) -> None:
    for path in ("", "/", "/Observation", "/Patient/1/_history", "/Patient/$everything/1", "/metadata/"):
        refused(teacher.send("GET", path), 404, "not_found", "RESOURCE_NOT_FOUND")
    refused(teacher.send("GET", "/AuditEvent", Host="elsewhere.example"), 400, "malformed")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("name", OPERATIONS)
def test_nothing_is_changed(teacher: FhirAsking, name: str, method: str) -> None:
    answer = teacher.send(method, OPERATIONS[name][1].format(patient=teacher.id_of()))
    assert answer.status_code == 405
    assert method not in answer["Allow"]


def no_token(asking: FhirAsking) -> None:
    asking.token = ""


def run_out(asking: FhirAsking) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE access_session SET expires_at = now() - interval '1 second' WHERE system_id IS NOT NULL")


def lapsed(asking: FhirAsking) -> None:
    VettingItem.objects.filter(user=asking.person).delete()


def joining(asking: FhirAsking) -> None:
    User.objects.filter(pk=asking.person.pk).update(state=UserState.JOINING)


def in_role(role: Role) -> Callable[[FhirAsking], None]:
    return lambda asking: User.objects.filter(pk=asking.person.pk).update(role=role) and None


HAPPENS: dict[str, tuple[Callable[[FhirAsking], None], int, str]] = {
    "no token": (no_token, 401, "no_token"),
    "a token that has run out": (run_out, 401, "invalid_token"),
    "lapsed": (lapsed, 403, "not_vetted"),
    "joining": (joining, 403, "not_vetted"),
    **{role.value: (in_role(role), 401, "system_elsewhere") for role in Role if role != Role.PRACTITIONER},
}


@pytest.mark.parametrize("who", HAPPENS)
def test_nobody_but_a_vetted_practitioner_is_answered(teacher: FhirAsking, as_owner: OwnerContext, who: str) -> None:
    patient = teacher.id_of()
    happens, status, code = HAPPENS[who]
    with as_owner():
        happens(teacher)
    before = len(events(kind__startswith="child."))
    for name in OPERATIONS:
        answer = ask(teacher, name, patient)
        refused(answer, status, code, "ACCESS_DENIED")
        assert ("WWW-Authenticate" in answer) == (status == 401)
    assert len(events(kind__startswith="child.")) == before


@pytest.mark.parametrize("name", OPERATIONS)
def test_practitioner_is_answered(teacher: FhirAsking, town: Town, name: str) -> None:
    patient = teacher.id_of()
    resource(ask(teacher, name, patient), DONE.get(name, 200))
    stranger = FhirAsking(system_of(town.authority), town.colleague)
    expected = 404 if "{patient}" in OPERATIONS[name][1] else DONE.get(name, 200)
    resource(ask(stranger, name, patient), expected)


def test_token_in_an_address_is_refused(teacher: FhirAsking) -> None:
    answer = teacher.send("GET", f"/AuditEvent?before={teacher.token}")
    refused(answer, 400, "token_in_address", "ACCESS_DENIED")
    assert teacher.token not in answer.content.decode()


def test_cookie_counts_for_nothing(teacher: FhirAsking) -> None:
    browser = factories.signed_in(teacher.person)
    refused(browser.get(f"{BASE}/AuditEvent"), 401, "no_token")


def test_requests_are_counted_with_all_others(teacher: FhirAsking, settings: Any) -> None:
    settings.API_RATES = {"system": 10, "person": 2}
    teacher.get("/me")
    resource(teacher.send("GET", "/AuditEvent"))
    answer = teacher.send("GET", "/AuditEvent")
    refused(answer, 429, "too_many_requests", "TOO_MANY_REQUESTS")
    assert 1 <= int(answer["Retry-After"]) <= 60


def test_session_that_ends_meanwhile(teacher: FhirAsking, as_owner: OwnerContext, monkeypatch: Any) -> None:
    def end_and_search(**asked: Any) -> object:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM access_session WHERE system_id IS NOT NULL")
        return finding.search(**asked)

    monkeypatch.setattr("api.fhir.views.search", end_and_search)
    refused(teacher.search(), 401, "session_ended", "ACCESS_DENIED")


@pytest.mark.parametrize(
    ("error", "expected"), [(RuntimeError("Amina"), (500, "failed")), (OperationalError("Amina"), (503, "unavailable"))]
)
def test_our_own_mistake_is_an_outcome_and_says_nothing(
    teacher: FhirAsking, monkeypatch: Any, error: Exception, expected: tuple[int, str]
) -> None:
    def fail(**_: object) -> None:
        raise error

    monkeypatch.setattr("api.fhir.views.search", fail)
    answer = teacher.search()
    refused(answer, *expected)
    assert "Amina" not in answer.content.decode()


def test_nothing_that_was_typed_is_repeated(teacher: FhirAsking) -> None:
    wrongs = (
        {"family": "Xanthippe7"},
        {**AMINA, "birthdate": "Xanthippe"},
        {**AMINA, "gender": "Xanthippe"},
        {**AMINA, "address-postalcode": "Xanthippe"},
        {"identifier": "Xanthippe|Xanthippe"},
        {**AMINA, "_max-results": "Xanthippe"},
        {**AMINA, "unheard-of": "Xanthippe"},
    )
    answers = [teacher.search(each) for each in wrongs]
    answers += [teacher.read("Xanthippe"), teacher.read(teacher.id_of(), "Xanthippe")]
    answers += [teacher.send("GET", "/Patient?family=Xanthippe"), teacher.send("GET", "/AuditEvent?before=Xanthippe")]
    for answer in answers:
        assert answer.status_code in (404, 405, 422)
        assert "xanthippe" not in answer.content.decode().lower()
    assert not events(kind=EventKind.CHILD_OPENED)


def test_made_up_tokens_are_refused(teacher: FhirAsking) -> None:
    for shown in ("Bearer made-up", f"Bearer {tokens.new_access_token()}", "Basic dGVzdDp0ZXN0"):
        answer = teacher.send("GET", "/AuditEvent", Authorization=shown)
        refused(answer, 401, "invalid_token" if shown.startswith("Bearer") else "no_token")
