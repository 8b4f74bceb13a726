"""OAuth 2.1 through the pages: a practitioner lets a system act for them, and it comes for its tokens."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from access.models import Role, Standing, User
from access.systems import tokens
from access.systems.selectors import REFUSED, STATES
from access.systems.views import oauth
from api import admission
from audit.events import EventKind
from database.pages import Kind, Page
from tests import factories
from tests.conftest import OwnerContext
from tests.integration.access.systems_at_work import (
    ALLOW,
    AUTHORIZE,
    ISSUER,
    REVOKE,
    TOKEN,
    Software,
    World,
    answer_of,
    code_of,
)
from tests.log import last_event


@pytest.fixture
def world(as_owner: OwnerContext) -> World:
    with as_owner():
        return World()


@pytest.fixture
def software(world: World) -> Software:
    return Software(world.system)


def test_somebody_is_led_on_asked_and_led_back(world: World, software: Software) -> None:
    browser = factories.signed_in(world.teacher)
    first = browser.get(AUTHORIZE + software.asks()).content.decode()
    assert 'http-equiv="refresh"' in first
    asked = browser.get(ALLOW + software.asks())
    assert "Let Case files act for you?" in asked.content.decode()
    assert f"a system of {world.authority.name}" in asked.content.decode()
    assert "https://files.example.org" in asked["Content-Security-Policy"]
    answer = answer_of(browser, software)
    assert answer["state"] == "a-state"
    assert answer["iss"] == ISSUER
    event = last_event(kind=EventKind.SYSTEM_ALLOWED)
    assert event.actor_id == world.teacher.pk
    assert event.fields == [str(world.authority.pk), str(world.system.pk)]


def test_nobody_signed_in_signs_in_first(software: Software) -> None:
    assert Client().get(AUTHORIZE + software.asks()).status_code == 200
    led = Client().get(ALLOW + software.asks())
    assert led.status_code == 302
    assert reverse("account_login") in led["Location"]


def test_code_becomes_tokens_once(world: World, software: Software) -> None:
    code = code_of(world.teacher, software)
    issued = software.redeems(code)
    assert issued.status_code == 200, issued.content
    assert issued["Cache-Control"] == "no-store"
    given = issued.json()
    assert given["token_type"] == "Bearer"
    assert 0 < given["expires_in"] <= 900
    bearer = tokens.presented(given["access_token"])
    assert bearer is not None
    assert bearer.user == world.teacher
    assert last_event(kind=EventKind.SIGNED_IN).fields == ["system", str(world.system.pk)]
    again = software.redeems(code)
    assert again.status_code == 400
    assert again.json()["error"] == "invalid_grant"
    assert tokens.presented(given["access_token"]) is None
    _is_noted(world)


def test_refresh_token_is_good_once(world: World, software: Software) -> None:
    given = software.redeems(code_of(world.teacher, software)).json()
    renewed = software.renews(given["refresh_token"]).json()
    assert tokens.presented(given["access_token"]) is None
    assert tokens.presented(renewed["access_token"]) is not None
    assert software.renews(given["refresh_token"]).json()["error"] == "invalid_grant"
    assert tokens.presented(renewed["access_token"]) is None
    _is_noted(world)


def _is_noted(world: World) -> None:
    """That two had what was good once is in the log, about whom it concerns."""
    noted = last_event(kind=EventKind.SIGN_IN_FAILED)
    assert noted.user_id == world.teacher.pk
    assert noted.authority_id == world.authority.pk
    assert noted.fields == ["system", str(world.system.pk), "used_twice"]


def test_refresh_token_is_not_spent_on_what_is_asked_wrongly(world: World, software: Software) -> None:
    given = software.redeems(code_of(world.teacher, software)).json()
    values = {"grant_type": "refresh_token", "refresh_token": given["refresh_token"]}
    assert software.sends(TOKEN, {**values, "scope": "all"}).json()["error"] == "invalid_scope"
    assert software.sends(TOKEN, {**values, "scope": ""}).status_code == 200


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_it_signs_its_person_out(world: World, software: Software, which: str) -> None:
    given = software.redeems(code_of(world.teacher, software)).json()
    assert software.sends(REVOKE, {"token": given[which]}).status_code == 200
    assert tokens.presented(given["access_token"]) is None
    assert last_event(kind=EventKind.SIGNED_OUT).actor_id == world.teacher.pk
    assert software.sends(REVOKE, {"token": given[which]}).status_code == 200, "as RFC 7009 wants it"


def test_its_person_may_say_no(world: World, software: Software) -> None:
    answer = answer_of(factories.signed_in(world.teacher), software, "no")
    assert answer["error"] == "access_denied"
    assert answer["state"] == "a-state"


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_id": "nobody"},
        {"client_id": ""},
        {"client_id": "\x00" * 22},
        {"redirect_uri": "https://files.example.org/signed-in/"},
        {"redirect_uri": 'https://evil.example.org/"<script>'},
        {"redirect_uri": "http://files.example.org/signed-in"},
    ],
)
def test_nobody_is_led_to_an_address_that_is_not_the_systems(
    world: World, software: Software, wrong: dict[str, str]
) -> None:
    for browser, page in ((Client(), AUTHORIZE), (factories.signed_in(world.teacher), ALLOW)):
        answered = browser.get(page + software.asks(**wrong))
        assert answered.status_code == 400
        assert "sent you" in answered.content.decode()
        assert "evil.example.org" not in answered.content.decode()


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "everything"}, "invalid_scope"),
    ],
)
def test_system_is_told_what_it_asked_wrongly(software: Software, wrong: dict[str, str], error: str) -> None:
    led = Client().get(AUTHORIZE + software.asks(**wrong))
    assert led.status_code == 302
    assert led["Location"].startswith(factories.SYSTEM_ADDRESS + "?")
    assert parse_qs(urlsplit(led["Location"]).query)["error"] == [error]
    assert parse_qs(urlsplit(led["Location"]).query)["iss"] == [ISSUER]


def test_verifier_must_be_the_right_one(world: World, software: Software) -> None:
    code = code_of(world.teacher, software)
    for wrong in ("x" * 64, "", "short"):
        assert software.redeems(code, code_verifier=wrong).status_code == 400
    assert software.redeems(code).status_code == 200


def test_code_is_of_one_address_and_one_system(world: World, software: Software, as_owner: OwnerContext) -> None:
    with as_owner():
        other = factories.client_system(world.authority, asked_by=world.first, accredited_by=world.second)
    code = code_of(world.teacher, software)
    assert software.redeems(code, redirect_uri="https://other.example.org/").json()["error"] == "invalid_grant"
    stolen = Software(other, verifier=software.verifier)
    assert stolen.redeems(code).json()["error"] == "invalid_grant"
    assert software.redeems(code).status_code == 200


def test_what_stands_in_a_form_of_a_browser_counts_for_nothing(world: World, software: Software) -> None:
    browser = factories.signed_in(world.teacher)
    sent = {"allow": "yes", "client_id": "A" * 22, "redirect_uri": "https://evil.example.org/", "response_type": "x"}
    led = browser.post(ALLOW + software.asks(), sent)
    assert led["Location"].startswith(factories.SYSTEM_ADDRESS + "?code=")


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.MEDIATOR])
def test_practitioners_alone_let_one_act(world: World, software: Software, as_owner: OwnerContext, role: Role) -> None:
    with as_owner():
        person = factories.user(role=role, works_for=world.authority)
    refused = factories.signed_in(person).post(ALLOW + software.asks(), {"allow": "yes"})
    assert refused.status_code == 403
    assert "practitioners alone" in refused.content.decode()


def test_address_can_be_left_out_when_the_code_is_redeemed(world: World, software: Software) -> None:
    values = {"grant_type": "authorization_code", "code_verifier": software.verifier}
    assert software.sends(TOKEN, {**values, "code": code_of(world.teacher, software)}).status_code == 200


def test_nobody_is_led_to_an_address_that_nobody_accredited(world: World, as_owner: OwnerContext) -> None:
    with as_owner():
        waiting = factories.client_system(world.authority, asked_by=world.first, accredited_by=None)
    for wrong in ({}, {"scope": "all"}):
        told = Client().get(AUTHORIZE + Software(waiting).asks(**wrong))
        assert told.status_code == 403
        assert "a second administrator has to agree" in told.content.decode()


def test_standings_are_those_of_the_database() -> None:
    told = Page("access", Kind.FUNCTION, "access_system_standing").in_force.read_text()
    assert {*re.findall(r"(?:THEN|ELSE) '([a-z]*)'", told)} == {*Standing}
    assert {*oauth.STANDINGS, Standing.GOOD} == {*Standing}
    assert {*admission.STANDINGS, Standing.GOOD} == {*Standing}
    assert {*STATES} - {REFUSED} == {*Standing} - {Standing.ELSEWHERE}


def test_people_of_other_councils_are_told(software: Software, as_owner: OwnerContext) -> None:
    with as_owner():
        person = factories.user()
    refused = factories.signed_in(person).get(ALLOW + software.asks())
    assert refused.status_code == 403
    assert "people of another organisation" in refused.content.decode()


def test_whoever_lapsed_since_begins_nothing(world: World, software: Software, as_owner: OwnerContext) -> None:
    code = code_of(world.teacher, software)
    with as_owner():
        User.objects.filter(pk=world.teacher.pk).update(valid_until=factories.today() - timedelta(days=1))
    assert software.redeems(code).json()["error"] == "invalid_grant"


def test_what_this_server_can_do(software: Software) -> None:
    told = Client().get(reverse("oauth_metadata")).json()
    assert told["issuer"] == ISSUER
    assert told["token_endpoint"] == ISSUER + TOKEN
    assert told["authorization_endpoint"] == ISSUER + AUTHORIZE
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
