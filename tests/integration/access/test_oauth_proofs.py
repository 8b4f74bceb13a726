"""What a system sends where it comes for its tokens: a form, and the proof that it is itself."""

import base64
import hmac
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from joserfc.jwk import ECKey

from access.systems.actions.systems import revoke_system
from access.systems.server import SERVER
from audit.events import EventKind
from tests import factories
from tests.conftest import OwnerContext
from tests.integration.access.systems_at_work import (
    AUTHORIZE,
    FORM,
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


def _now() -> int:
    return int(timezone.now().timestamp())


def _by_another_key(software: Software) -> str:
    return Software(software.system, key=ECKey.generate_key("P-256", parameters={"kid": "first"})).proof()


# What proves nothing, by what is wrong with it.
UNPROVED: dict[str, Callable[[Software], str]] = {
    "another key": _by_another_key,
    "the public key as a secret": _signed_with_the_public_key,
    "nothing signed": lambda software: "eyJhbGciOiJub25lIn0." + software.proof().split(".")[1] + ".",
    "run out": lambda software: software.proof(exp=_now() - 300),
    "for too long": lambda software: software.proof(exp=_now() + 3600),
    "for somebody else": lambda software: software.proof(aud="https://elsewhere.example.org"),
    "of somebody else": lambda software: software.proof(iss="somebody"),
    "without a number": lambda software: software.proof(jti=None),
    "no end": lambda software: software.proof(exp=None),
    "an end beyond all numbers": lambda software: software.proof(exp=10**400),
    "no whole number": lambda software: software.proof(exp=_now() + 60.5),
    "for others besides": lambda software: software.proof(aud=["https://evil.example.org", ISSUER]),
    "for the token address": lambda software: software.proof(aud=ISSUER + TOKEN),
    "nested": lambda _: _nested(),
    "long": lambda software: software.proof(more="x" * 4000),
    "no text": lambda _: "x",
}


@pytest.mark.parametrize("name", UNPROVED)
def test_system_must_prove_that_it_is_itself(world: World, software: Software, name: str) -> None:
    code = code_of(world.teacher, software)
    refused = software.redeems(code, UNPROVED[name](software))
    assert refused.status_code in (400, 401)
    assert refused.json()["error"] in ("invalid_client", "invalid_request")
    if name in ("another key", "nothing signed"):
        assert last_event(kind=EventKind.ACCESS_REFUSED).fields == ["system", str(world.system.pk), "unproved"]
    assert software.redeems(code).status_code == 200


def test_proof_is_taken_once(world: World, software: Software) -> None:
    proof, browser = software.proof(), factories.signed_in(world.teacher)
    codes = [answer_of(browser, software)["code"] for _ in range(2)]
    assert software.redeems(codes[0], proof).status_code == 200
    assert software.redeems(codes[1], proof).json()["error"] == "invalid_client"


def test_one_proof_is_not_for_another_name(world: World, software: Software) -> None:
    refused = software.redeems(code_of(world.teacher, software), client_id="A" * 22)
    assert refused.json()["error"] == "invalid_client"


def test_secret_is_no_proof(world: World, software: Software) -> None:
    code = code_of(world.teacher, software)
    body = {"grant_type": "authorization_code", "code": code, "client_id": software.system.client_id}
    for more in ({}, {"client_secret": "x"}):
        sent = Client().post(TOKEN, urlencode({**body, **more}), content_type=FORM)
        assert sent.json()["error"] == "invalid_client"


def test_revoked_system_is_told_of_and_proves_nothing(world: World, software: Software) -> None:
    code = code_of(world.teacher, software)
    actor = factories.actor_for(world.first)
    revoke_system(actor=actor, system_id=world.system.pk)
    assert "may not use the service any more" in Client().get(AUTHORIZE + software.asks()).content.decode()
    assert software.redeems(code).json()["error"] == "invalid_client"


@pytest.mark.parametrize("address", [TOKEN, REVOKE])
def test_what_is_sent_otherwise_is_refused(address: str, software: Software) -> None:
    assert Client().get(address).status_code == 405
    assert Client().post(address, "{}", content_type="application/json").json()["error"] == "invalid_request"
    twice = Client().post(address, "grant_type=a&grant_type=b", content_type=FORM)
    assert twice.json()["error"] == "invalid_request"
    many = "&".join(f"a{number}=b" for number in range(300))
    for body, query in (("a=" + "b" * 20_000, ""), (many, ""), ("a=b", "?grant_type=refresh_token")):
        assert Client().post(address + query, body, content_type=FORM).json()["error"] == "invalid_request"
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
        answer = Client(raise_request_exception=False).post(address, "grant_type=refresh_token", content_type=FORM)
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/json")
        assert set(answer.json()) == {"error", "error_description"}
        assert answer.json()["error"] == code
        assert "secret" not in answer.content.decode()
        assert answer.get("Retry-After") == ("60" if status == 503 else None)
    elsewhere = Client().post(address, headers={"Host": "elsewhere.example"})
    assert (elsewhere.status_code, elsewhere.json()["error"]) == (400, "invalid_request")
