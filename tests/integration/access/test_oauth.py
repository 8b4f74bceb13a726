"""OAuth 2.1 through the pages: a practitioner lets a system act for them, and it comes for its tokens."""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import ECKey

from access.models import ClientSystem, OrganisationKind, Role, Standing, User
from access.systems import tokens
from access.systems.actions.systems import revoke_system
from access.systems.selectors import REFUSED, STATES
from access.systems.server import SERVER
from access.systems.views import oauth
from audit.events import EventKind
from database.pages import Kind, Page
from tests import factories
from tests.conftest import OwnerContext
from tests.log import last_event

AUTHORIZE, ALLOW, TOKEN, REVOKE = (
    reverse(name) for name in ("oauth_authorize", "oauth_allow", "oauth_token", "oauth_revoke")
)
ISSUER = "http://testserver"


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
        return Client().post(address, urlencode(body), content_type="application/x-www-form-urlencoded")

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


@pytest.fixture
def world(as_owner: OwnerContext) -> World:
    with as_owner():
        return World()


@pytest.fixture
def software(world: World) -> Software:
    return Software(world.system)


def _answer(browser: Client, software: Software, answer: str = "yes", **other: str) -> dict[str, str]:
    """What the system is told when its person comes back."""
    led = browser.post(ALLOW + software.asks(**other), {"allow": answer})
    assert led.status_code == 302, led.content.decode()
    back = urlsplit(led["Location"])
    assert f"{back.scheme}://{back.netloc}{back.path}" == factories.SYSTEM_ADDRESS
    return {name: value for name, (value,) in parse_qs(back.query).items()}


def _code(person: User, software: Software) -> str:
    return _answer(factories.signed_in(person), software)["code"]


def test_somebody_is_led_on_asked_and_led_back(world: World, software: Software) -> None:
    browser = factories.signed_in(world.teacher)
    first = browser.get(AUTHORIZE + software.asks()).content.decode()
    assert 'http-equiv="refresh"' in first
    asked = browser.get(ALLOW + software.asks())
    assert "Let Case files act for you?" in asked.content.decode()
    assert f"a system of {world.authority.name}" in asked.content.decode()
    assert "https://files.example.org" in asked["Content-Security-Policy"]
    answer = _answer(browser, software)
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
    code = _code(world.teacher, software)
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
    given = software.redeems(_code(world.teacher, software)).json()
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
    given = software.redeems(_code(world.teacher, software)).json()
    values = {"grant_type": "refresh_token", "refresh_token": given["refresh_token"]}
    assert software.sends(TOKEN, {**values, "scope": "all"}).json()["error"] == "invalid_scope"
    assert software.sends(TOKEN, {**values, "scope": ""}).status_code == 200


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_it_signs_its_person_out(world: World, software: Software, which: str) -> None:
    given = software.redeems(_code(world.teacher, software)).json()
    assert software.sends(REVOKE, {"token": given[which]}).status_code == 200
    assert tokens.presented(given["access_token"]) is None
    assert last_event(kind=EventKind.SIGNED_OUT).actor_id == world.teacher.pk
    assert software.sends(REVOKE, {"token": given[which]}).status_code == 200, "as RFC 7009 wants it"


def test_its_person_may_say_no(world: World, software: Software) -> None:
    answer = _answer(factories.signed_in(world.teacher), software, "no")
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
    code = _code(world.teacher, software)
    for wrong in ("x" * 64, "", "short"):
        assert software.redeems(code, code_verifier=wrong).status_code == 400
    assert software.redeems(code).status_code == 200


def test_code_is_of_one_address_and_one_system(world: World, software: Software, as_owner: OwnerContext) -> None:
    with as_owner():
        other = factories.client_system(world.authority, asked_by=world.first, accredited_by=world.second)
    code = _code(world.teacher, software)
    assert software.redeems(code, redirect_uri="https://other.example.org/").json()["error"] == "invalid_grant"
    stolen = Software(other, verifier=software.verifier)
    assert stolen.redeems(code).json()["error"] == "invalid_grant"
    assert software.redeems(code).status_code == 200


def _signed_with_the_public_key(software: Software) -> str:
    """By hand: the library does not take a public key for a secret."""
    said = software.proof().split(".")[1]
    header = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"first"}').decode().rstrip("=")
    digest = hmac.digest(software.key.as_pem(private=False), f"{header}.{said}".encode(), "sha256")
    return f"{header}.{said}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def _nested() -> str:
    """What a parser loses itself in."""
    deep = base64.urlsafe_b64encode(b"[" * 1200 + b"]" * 1200).decode().rstrip("=")
    return f"eyJhbGciOiJFUzI1NiJ9.{deep}.eHg"


def _unproved(software: Software) -> dict[str, str]:
    now = int(timezone.now().timestamp())
    other_key = ECKey.generate_key("P-256", parameters={"kid": "first"})
    return {
        "another key": Software(software.system, key=other_key).proof(),
        "the public key as a secret": _signed_with_the_public_key(software),
        "nothing signed": "eyJhbGciOiJub25lIn0." + software.proof().split(".")[1] + ".",
        "run out": software.proof(exp=now - 300),
        "for too long": software.proof(exp=now + 3600),
        "for somebody else": software.proof(aud="https://elsewhere.example.org"),
        "of somebody else": software.proof(iss="somebody"),
        "without a number": software.proof(jti=None),
        "no end": software.proof(exp=None),
        "an end beyond all numbers": software.proof(exp=10**400),
        "no whole number": software.proof(exp=now + 60.5),
        "for others besides": software.proof(aud=["https://evil.example.org", ISSUER]),
        "for the token address": software.proof(aud=ISSUER + TOKEN),
        "nested": _nested(),
        "long": software.proof(more="x" * 4000),
        "no text": "x",
    }


@pytest.mark.parametrize(
    "name",
    [
        "another key",
        "the public key as a secret",
        "nothing signed",
        "run out",
        "for too long",
        "for somebody else",
        "of somebody else",
        "without a number",
        "no end",
        "no text",
        "an end beyond all numbers",
        "no whole number",
        "for others besides",
        "for the token address",
        "nested",
        "long",
    ],
)
def test_system_must_prove_that_it_is_itself(world: World, software: Software, name: str) -> None:
    code = _code(world.teacher, software)
    refused = software.redeems(code, _unproved(software)[name])
    assert refused.status_code in (400, 401)
    assert refused.json()["error"] in ("invalid_client", "invalid_request")
    if name in ("another key", "nothing signed"):
        assert last_event(kind=EventKind.ACCESS_REFUSED).fields == ["system", str(world.system.pk), "unproved"]
    assert software.redeems(code).status_code == 200


def test_proof_is_taken_once(world: World, software: Software) -> None:
    proof, browser = software.proof(), factories.signed_in(world.teacher)
    codes = [_answer(browser, software)["code"] for _ in range(2)]
    assert software.redeems(codes[0], proof).status_code == 200
    assert software.redeems(codes[1], proof).json()["error"] == "invalid_client"


def test_one_proof_is_not_for_another_name(world: World, software: Software) -> None:
    refused = software.redeems(_code(world.teacher, software), client_id="A" * 22)
    assert refused.json()["error"] == "invalid_client"


def test_what_stands_in_a_form_of_a_browser_counts_for_nothing(world: World, software: Software) -> None:
    browser = factories.signed_in(world.teacher)
    sent = {"allow": "yes", "client_id": "A" * 22, "redirect_uri": "https://evil.example.org/", "response_type": "x"}
    led = browser.post(ALLOW + software.asks(), sent)
    assert led["Location"].startswith(factories.SYSTEM_ADDRESS + "?code=")


def test_secret_is_no_proof(world: World, software: Software) -> None:
    code = _code(world.teacher, software)
    body = {"grant_type": "authorization_code", "code": code, "client_id": software.system.client_id}
    for more in ({}, {"client_secret": "x"}):
        sent = Client().post(TOKEN, urlencode({**body, **more}), content_type="application/x-www-form-urlencoded")
        assert sent.json()["error"] == "invalid_client"


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.MEDIATOR])
def test_practitioners_alone_let_one_act(world: World, software: Software, as_owner: OwnerContext, role: Role) -> None:
    with as_owner():
        person = factories.user(role=role, works_for=world.authority)
    refused = factories.signed_in(person).post(ALLOW + software.asks(), {"allow": "yes"})
    assert refused.status_code == 403
    assert "practitioners alone" in refused.content.decode()


def test_address_can_be_left_out_when_the_code_is_redeemed(world: World, software: Software) -> None:
    values = {"grant_type": "authorization_code", "code_verifier": software.verifier}
    assert software.sends(TOKEN, {**values, "code": _code(world.teacher, software)}).status_code == 200


def test_nobody_is_led_to_an_address_that_nobody_accredited(world: World, as_owner: OwnerContext) -> None:
    with as_owner():
        waiting = factories.client_system(world.authority, asked_by=world.first, accredited_by=None)
    for wrong in ({}, {"scope": "all"}):
        told = Client().get(AUTHORIZE + Software(waiting).asks(**wrong))
        assert told.status_code == 403
        assert "a second administrator has to agree" in told.content.decode()


def test_revoked_system_is_told_of_and_proves_nothing(world: World, software: Software) -> None:
    code = _code(world.teacher, software)
    actor = factories.actor_for(world.first)
    revoke_system(actor=actor, system_id=world.system.pk)
    assert "may not use the service any more" in Client().get(AUTHORIZE + software.asks()).content.decode()
    assert software.redeems(code).json()["error"] == "invalid_client"


def test_standings_are_those_of_the_database() -> None:
    told = Page("access", Kind.FUNCTION, "access_system_standing").in_force.read_text()
    assert {*re.findall(r"(?:THEN|ELSE) '([a-z]*)'", told)} == {*Standing}
    assert {*oauth.STANDINGS, Standing.GOOD} == {*Standing}
    assert {*STATES} - {REFUSED} == {*Standing} - {Standing.ELSEWHERE}


def test_people_of_other_councils_are_told(software: Software, as_owner: OwnerContext) -> None:
    with as_owner():
        person = factories.user()
    refused = factories.signed_in(person).get(ALLOW + software.asks())
    assert refused.status_code == 403
    assert "people of another organisation" in refused.content.decode()


def test_whoever_lapsed_since_begins_nothing(world: World, software: Software, as_owner: OwnerContext) -> None:
    code = _code(world.teacher, software)
    with as_owner():
        User.objects.filter(pk=world.teacher.pk).update(valid_until=factories.today() - timedelta(days=1))
    assert software.redeems(code).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("address", [TOKEN, REVOKE])
def test_what_is_sent_otherwise_is_refused(address: str, software: Software) -> None:
    assert Client().get(address).status_code == 405
    assert Client().post(address, "{}", content_type="application/json").json()["error"] == "invalid_request"
    twice = Client().post(address, "grant_type=a&grant_type=b", content_type="application/x-www-form-urlencoded")
    assert twice.json()["error"] == "invalid_request"
    form = "application/x-www-form-urlencoded"
    many = "&".join(f"a{number}=b" for number in range(300))
    for body, query in (("a=" + "b" * 20_000, ""), (many, ""), ("a=b", "?grant_type=refresh_token")):
        assert Client().post(address + query, body, content_type=form).json()["error"] == "invalid_request"
    odd = software.sends(address, {"grant_type": 'a"é', "token": "x", "token_type_hint": 'x"é'})
    assert odd.status_code in (200, 400), odd.content


@pytest.mark.parametrize("address", [TOKEN, REVOKE])
def test_failure_of_ours_is_told_as_oauth_tells_errors(
    address: str, software: Software, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Software reads no page. 503 where a server does not answer, and when to come back."""
    for fails, status, code in (
        (RuntimeError("secret"), 500, "server_error"),
        (OperationalError("secret"), 503, "temporarily_unavailable"),
    ):

        def fail(*_: object, fails: Exception = fails) -> None:
            raise fails

        monkeypatch.setattr(SERVER, "create_token_response", fail)
        monkeypatch.setattr(SERVER, "create_endpoint_response", fail)
        form = "application/x-www-form-urlencoded"
        answer = Client(raise_request_exception=False).post(address, "grant_type=refresh_token", content_type=form)
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/json")
        assert set(answer.json()) == {"error", "error_description"}
        assert answer.json()["error"] == code
        assert "secret" not in answer.content.decode()
        assert answer.get("Retry-After") == ("60" if status == 503 else None)
    elsewhere = Client().post(address, headers={"Host": "elsewhere.example"})
    assert (elsewhere.status_code, elsewhere.json()["error"]) == (400, "invalid_request")


def test_what_this_server_can_do(software: Software) -> None:
    told = Client().get(reverse("oauth_metadata")).json()
    assert told["issuer"] == ISSUER
    assert told["token_endpoint"] == ISSUER + TOKEN
    assert told["authorization_endpoint"] == ISSUER + AUTHORIZE
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
