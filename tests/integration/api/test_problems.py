"""Each code of a problem is met by some request, and no problem says more than it must."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings

from access.models import VettingItem
from access.systems import tokens
from api.problems import Code
from audit.events import EventKind, Outcome
from contactpoint import errors
from registry.vocabulary import Service
from tests.conftest import as_owner_here
from tests.integration.api.asking import AMINA, ENTRY, Asking, refused, told
from tests.integration.registry.people import AddChildren, Town, draft, involvement
from tests.log import events, last_event

ELSEWHERE = {
    *(Code.SYSTEM_WAITING, Code.SYSTEM_REVOKED, Code.SYSTEM_EXPIRED, Code.SYSTEM_ORGANISATION, Code.SYSTEM_ELSEWHERE),
    Code.TOO_MANY_MATCHES,
}  # tests/integration/api/test_admission.py and tests/integration/api/fhir/test_finding.py


@dataclass
class Place:
    """Who asks, where, and what may be put in the way."""

    teacher: Asking
    town: Town
    monkeypatch: pytest.MonkeyPatch

    def path(self, more: str = "") -> str:
        return f"/children/{self.teacher.child()}{more}"

    def send(self, body: bytes, **headers: str) -> HttpResponse:
        return self.teacher.ask("POST", "/searches", body, headers=headers)

    def kept(self) -> str:
        """The path of an involvement that was just recorded."""
        child = self.teacher.child()
        return f"/children/{child}/involvements/{told(self.teacher.record(child), 201)['id']}"

    def instead(self, name: str, does: Callable[..., Any]) -> None:
        self.monkeypatch.setattr(name, does)


@pytest.fixture
def place(teacher: Asking, town: Town, monkeypatch: pytest.MonkeyPatch) -> Place:
    return Place(teacher, town, monkeypatch)


def raised(error: Exception) -> Callable[..., None]:
    def _raise(**_: object) -> None:
        raise error

    return _raise


def session_ended(place: Place) -> HttpResponse:
    from registry.actions import finding

    def end_and_search(**asked: Any) -> object:
        with as_owner_here(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM access_session WHERE system_id IS NOT NULL")
        return finding.search(**asked)

    place.instead("api.views.searching.search", end_and_search)
    return place.teacher.find()


def not_vetted(place: Place) -> HttpResponse:
    with as_owner_here():
        VettingItem.objects.filter(user=place.teacher.person).delete()
    return place.teacher.get("/me")


def not_permitted(place: Place) -> HttpResponse:
    """Another organisation's involvement."""
    record = place.teacher.opened()
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute("SELECT min(id), max(id) FROM registry_involvement")
        first = cursor.fetchone()[0]
    return place.teacher.get(f"/children/{record['child']}/involvements/{first + 1}")


def lead_taken(place: Place) -> HttpResponse:
    return place.teacher.record(place.teacher.child(), lead=True)


def key_in_use(place: Place) -> HttpResponse:
    child = place.teacher.child()
    with place.monkeypatch.context() as context:
        context.setattr("api.views.involvements.record_involvement", raised(RuntimeError()))
        refused(place.teacher.record(child, key="k"), 500, "failed")
    return place.teacher.record(child, key="k")


def key_reused(place: Place) -> HttpResponse:
    child = place.teacher.child()
    told(place.teacher.record(child, key="k"), 201)
    return place.teacher.record(child, key="k", practitioner="Somebody Else")


def over_budget(place: Place) -> HttpResponse:
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute("UPDATE access_budget SET hourly = 0 WHERE measure = 'searches'")
    return place.teacher.find()


def too_many(place: Place) -> HttpResponse:
    with override_settings(API_RATES={"system": 0, "person": 0}):
        return place.teacher.get("/me")


def not_told(place: Place) -> HttpResponse:
    """A system that was accredited without an address at which it is told anything."""
    child = place.teacher.child()
    place.teacher.opened(child)
    return place.teacher.ask("POST", f"/children/{child}/following")


def failed(place: Place) -> HttpResponse:
    place.instead("api.views.searching.search", raised(RuntimeError("Amina")))
    return place.teacher.find()


def unavailable(place: Place) -> HttpResponse:
    place.instead("api.views.searching.search", raised(OperationalError("Amina")))
    return place.teacher.find()


MET: dict[Code, Callable[[Place], HttpResponse]] = {
    Code.TOKEN_IN_ADDRESS: lambda place: place.teacher.get(f"/me?t={place.teacher.token}"),
    Code.MALFORMED: lambda place: place.send(b"{"),
    Code.KEY_MISSING: lambda place: place.teacher.ask("POST", place.path("/involvements"), ENTRY),
    Code.NO_TOKEN: lambda place: place.teacher.get("/me", headers={"Authorization": ""}),
    Code.INVALID_TOKEN: lambda place: place.teacher.get(
        "/me", headers={"Authorization": f"Bearer {tokens.new_access_token()}"}
    ),
    Code.SESSION_ENDED: session_ended,
    Code.NOT_VETTED: not_vetted,
    Code.NOT_PERMITTED: not_permitted,
    Code.NOT_FOUND: lambda place: place.teacher.open("made-up"),
    Code.METHOD_NOT_ALLOWED: lambda place: place.teacher.ask("DELETE", "/me"),
    Code.LEAD_TAKEN: lead_taken,
    Code.KEY_IN_USE: key_in_use,
    Code.NOT_TOLD: not_told,
    Code.STALE: lambda place: place.teacher.ask("PUT", place.kept(), ENTRY, headers={"If-Match": '"7"'}),
    Code.TOO_LARGE: lambda place: place.send(b'{"given_name": "' + b"a" * 65_536 + b'"}'),
    Code.NOT_JSON: lambda place: place.send(b"given_name=Amina", **{"Content-Type": "text/plain"}),
    Code.INVALID: lambda place: place.teacher.find(given_name="Amina"),
    Code.KEY_REUSED: key_reused,
    Code.VERSION_MISSING: lambda place: place.teacher.ask("PUT", place.kept(), ENTRY),
    Code.OVER_BUDGET: over_budget,
    Code.TOO_MANY_REQUESTS: too_many,
    Code.FAILED: failed,
    Code.UNAVAILABLE: unavailable,
}


def test_every_code_is_met_by_some_request() -> None:
    assert set(MET) | ELSEWHERE == set(Code)


@pytest.mark.parametrize("code", MET)
def test_request_meets_the_problem_of_the_code(place: Place, code: Code) -> None:
    answer = MET[code](place)
    problem = refused(answer, code.kind.status, code)
    assert set(problem) == {"type", "title", "status", "detail", "code", "errors", "request_id"}
    assert problem["type"] == f"http://testserver/api/#{code}"
    assert problem["title"] == code.kind.title
    assert len(problem["request_id"]) == 36
    assert "Amina" not in answer.content.decode()
    assert ("Retry-After" in answer) == (code == Code.KEY_IN_USE or code.kind.status in (429, 503))
    assert ("WWW-Authenticate" in answer) == (code.kind.status == 401)
    if code != Code.TOKEN_IN_ADDRESS:
        assert place.teacher.token not in answer.content.decode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"Amina"',
        b'{"given_name": "Amina", "given_name": "Zora"}',
        b'{"age": NaN}',
        b'{"age": Infinity}',
        b'{"age": 1e999}',
        b'{"given_name": "\xff"}',
        b'{"given_name": "\\ud800"}',
        '\ufeff{"age": 7}'.encode(),
        b'{"age": ' + b"9" * 5_000 + b"}",
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
        b'{"given_name": "Amina"} {}',
        b"{'given_name': 'Amina'}",
        '{"given_name": "Amina"}'.encode("utf-16"),
    ],
    ids=lambda body: repr(body[:30]),
)
def test_body_that_could_be_read_in_two_ways_is_not_read(place: Place, body: bytes) -> None:
    answer = place.send(body)
    if body:
        refused(answer, 400, "malformed")
    else:
        refused(answer, 422, "invalid")
    assert not events(kind=EventKind.CHILD_SEARCHED)


@pytest.mark.parametrize("sent", ["text/plain", "application/x-www-form-urlencoded", "application/json5", "a", ""])
def test_other_kinds_of_bodies_are_not_read(place: Place, sent: str) -> None:
    refused(place.send(b'{"given_name": "Amina"}', **{"Content-Type": sent}), 415, "not_json")


def test_kind_of_body_may_name_its_characters(place: Place) -> None:
    told(place.teacher.ask("POST", "/searches", AMINA, headers={"Content-Type": "Application/JSON; charset=utf-8"}))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/searches"),
        ("HEAD", "/me"),
        ("OPTIONS", "/me"),
        ("PATCH", "/children/x/involvements/1"),
        ("PUT", "/me"),
    ],
)
def test_methods_are_those_that_are_documented(place: Place, method: str, path: str) -> None:
    answer = place.teacher.ask(method, path)
    assert answer.status_code == 405
    assert method not in answer["Allow"]


@pytest.mark.parametrize("path", ["/api/v1/", "/api/v2/me", "/api/v1/me/", "/api/v1/children", "/api/nowhere"])
def test_what_is_not_there_is_a_problem_too(place: Place, path: str) -> None:
    refused(place.teacher.browser.get(path), 404, "not_found")


def test_method_of_a_page_and_request_that_makes_no_sense_are_problems_too(place: Place) -> None:
    answer = place.teacher.browser.post("/api/")
    refused(answer, 405, "method_not_allowed")
    assert answer["Allow"] == "GET, HEAD"
    refused(place.teacher.get("/me", headers={"Host": "elsewhere.example"}), 400, "malformed")
    browser = Client(enforce_csrf_checks=True)
    refused(browser.post("/api/"), 403, "not_permitted")


@pytest.mark.parametrize(
    ("handler", "status", "code"),
    [
        (errors.bad_request, 400, "malformed"),
        (errors.refused, 403, "not_permitted"),
        (errors.stale_form, 403, "not_permitted"),
        (errors.not_found, 404, "not_found"),
        (errors.too_many, 429, "too_many_requests"),
        (errors.failed, 500, "failed"),
        (errors.unavailable, 503, "unavailable"),
    ],
)
def test_whatever_happens_below_the_api_is_a_problem(
    handler: Callable[[HttpRequest], HttpResponse], status: int, code: str
) -> None:
    refused(handler(RequestFactory().post("/api/v1/me")), status, code)
    page = handler(RequestFactory().post("/help/"))
    assert (page.status_code, page["Content-Type"]) == (status, "text/html; charset=utf-8")


def test_refusals_are_in_the_log_as_those_of_pages_are(place: Place) -> None:
    record = not_permitted(place)
    refused(record, 403, "not_permitted")
    event = last_event(kind=EventKind.ACCESS_REFUSED)
    assert event.outcome == Outcome.NOT_PERMITTED
    assert event.child_id is not None
    assert event.actor_id == place.teacher.person.pk


def test_over_budget_alerts_the_auditors(place: Place) -> None:
    answer = over_budget(place)
    problem = refused(answer, 429, "over_budget")
    assert problem["detail"].endswith("0 an hour.")
    assert 1 <= int(answer["Retry-After"]) <= 3600
    assert last_event(kind=EventKind.ACCESS_REFUSED).outcome == Outcome.OVER_BUDGET
    assert [each.reason or each.fields[0] for each in events(kind=EventKind.ALERT_RAISED)]


def test_limit_of_a_day_names_no_time_to_come_back(place: Place) -> None:
    """The next hour frees nothing of it: whoever tried again by the clock would make an alert an hour."""
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute("UPDATE access_budget SET daily = 0 WHERE measure = 'searches'")
    answer = place.teacher.find()
    problem = refused(answer, 429, "over_budget")
    assert problem["detail"].endswith("0 a day.")
    assert "Retry-After" not in answer


def test_sensitive_lead_is_named_by_no_word(place: Place, add: AddChildren) -> None:
    """Who has the lead is told as on the page: whom to ring, where the service may not be named."""
    town = place.town
    with as_owner_here():
        add(draft(town, given="Zora", involvements=((True, involvement(town.clinic, Service.MENTAL_HEALTH)),)))
    child = place.teacher.child(given_name="Zora", family_name="Hussain", date_of_birth="2017-04-09")
    problem = refused(place.teacher.record(child, lead=True), 409, "lead_taken")
    assert town.authority.name in problem["detail"]
    assert town.clinic.name not in problem["detail"]
