"""A system that speaks for its organisation fetches tokens where people sign in, with its proof and nothing else."""

import time
from http import HTTPStatus

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings

from access.door.clients import CLIENT, presented
from access.models import ClientSystem, SystemPurpose
from access.systems.actions.systems import revoke_system
from audit.events import EventKind
from tests import factories
from tests.conftest import OwnerContext
from tests.integration.access.systems_at_work import ALLOW, REVOKE, TOKEN, Software, World, code_of
from tests.log import events, last_event

OWN = {"grant_type": "client_credentials"}


@pytest.fixture
def world(as_owner: OwnerContext) -> World:
    with as_owner():
        return World()


@pytest.fixture
def system(world: World, as_owner: OwnerContext) -> ClientSystem:
    with as_owner():
        return factories.client_system(
            world.authority, asked_by=world.first, accredited_by=world.second, purpose=SystemPurpose.LEAVERS
        )


@pytest.fixture
def software(system: ClientSystem) -> Software:
    return Software(system)


def refused(answer: HttpResponse) -> tuple[int, str]:
    assert "access_token" not in answer.json()
    return answer.status_code, answer.json()["error"]


@pytest.mark.parametrize("purpose", [SystemPurpose.LEAVERS, SystemPurpose.FEED])
def test_token_for_itself_and_none_to_renew_it(world: World, as_owner: OwnerContext, purpose: SystemPurpose) -> None:
    with as_owner():
        system = factories.client_system(
            world.authority,
            asked_by=world.first,
            accredited_by=world.second,
            purpose=purpose,
            feed=1 if purpose == SystemPurpose.FEED else None,
        )
    answer = Software(system).sends(TOKEN, OWN)

    assert answer.status_code == HTTPStatus.OK
    assert answer["Cache-Control"] == "no-store"
    given = answer.json()
    assert (set(given), given["token_type"], given["expires_in"]) == (
        {"access_token", "token_type", "expires_in"},
        "Bearer",
        15 * 60,
    )
    client = presented(given["access_token"])
    assert client
    assert (client.system_id, client.purpose, client.standing) == (system.pk, purpose, "")
    event = last_event(kind=EventKind.SYSTEM_TOKEN_GIVEN)
    assert (event.process, event.actor_id, event.fields) == (
        f"system.{system.pk}",
        None,
        [str(world.authority.pk), str(system.pk)],
    )
    assert (event.organisation_id, event.authority_id) == (world.authority.pk, world.authority.pk)


def test_assertion_is_taken_once(software: Software) -> None:
    proof = software.proof()
    assert software.sends(TOKEN, OWN, proof).status_code == HTTPStatus.OK
    assert refused(software.sends(TOKEN, OWN, proof)) == (400, "invalid_client")
    assert len(events(kind=EventKind.SYSTEM_TOKEN_GIVEN)) == 1


def test_whoever_cannot_prove_it_gets_none(software: Software) -> None:
    for proof in (software.proof(aud="https://elsewhere.example.org"), software.proof(exp=int(time.time()) - 300), "x"):
        assert refused(software.sends(TOKEN, OWN, proof)) == (400, "invalid_client")
    secret = Client().post(
        TOKEN,
        f"grant_type=client_credentials&client_id={software.system.client_id}&client_secret=x",
        content_type="application/x-www-form-urlencoded",
    )
    assert refused(secret) == (400, "invalid_client")
    assert not events(kind=EventKind.SYSTEM_TOKEN_GIVEN)


def test_each_grant_is_for_its_purpose_alone(world: World, software: Software) -> None:
    people = Software(world.system)
    code = code_of(world.teacher, people)
    assert refused(people.sends(TOKEN, OWN)) == (400, "unauthorized_client")
    assert refused(software.redeems(code)) == (400, "unauthorized_client")
    assert refused(software.renews("contactpoint_refresh_" + "a" * 44)) == (400, "unauthorized_client")
    assert people.redeems(code).status_code == HTTPStatus.OK
    assert not events(kind=EventKind.SYSTEM_TOKEN_GIVEN)


def test_nobody_is_asked_to_let_it_act(world: World, software: Software) -> None:
    browser = factories.signed_in(world.teacher)
    for method in (browser.get, browser.post):
        shown = method(ALLOW + software.asks())
        assert shown.status_code == HTTPStatus.BAD_REQUEST
        assert "No system that people work in is known here" in shown.content.decode()
    assert not events(kind=EventKind.SYSTEM_ALLOWED)


def test_revoked_waiting_and_lapsed_systems_get_none(world: World, software: Software, as_owner: OwnerContext) -> None:
    with as_owner():
        waiting = factories.client_system(
            world.authority, asked_by=world.first, accredited_by=None, purpose=SystemPurpose.LEAVERS
        )
    assert refused(Software(waiting).sends(TOKEN, OWN)) == (400, "invalid_client")
    assert software.sends(TOKEN, OWN).status_code == HTTPStatus.OK
    revoke_system(actor=factories.actor_for(world.first), system_id=software.system.pk)
    assert refused(software.sends(TOKEN, OWN)) == (400, "invalid_client")


def test_given_back_it_opens_nothing(world: World, software: Software) -> None:
    first, second = (software.sends(TOKEN, OWN).json()["access_token"] for _ in range(2))
    assert software.sends(REVOKE, {"token": first, "token_type_hint": "access_token"}).status_code == HTTPStatus.OK

    assert presented(first) is None
    assert presented(second)
    assert last_event(kind=EventKind.SYSTEM_TOKEN_ENDED).process == f"system.{software.system.pk}"
    for again in (first, CLIENT + "a" * 43, "x"):
        assert software.sends(REVOKE, {"token": again}).status_code == HTTPStatus.OK
    assert len(events(kind=EventKind.SYSTEM_TOKEN_ENDED)) == 1


def test_none_but_its_own_is_given_back(world: World, software: Software, as_owner: OwnerContext) -> None:
    with as_owner():
        other = factories.client_system(
            world.authority, asked_by=world.first, accredited_by=world.second, purpose=SystemPurpose.LEAVERS
        )
    token = software.sends(TOKEN, OWN).json()["access_token"]
    for stranger in (Software(other), Software(world.system)):
        assert stranger.sends(REVOKE, {"token": token}).status_code == HTTPStatus.OK
    at_work = factories.token_in(world.system, world.teacher)
    assert software.sends(REVOKE, {"token": at_work}).status_code == HTTPStatus.OK

    assert presented(token)
    assert Client().get("/api/v1/me", headers={"Authorization": f"Bearer {at_work}"}).status_code == HTTPStatus.OK


def test_scopes_are_refused(software: Software) -> None:
    assert refused(software.sends(TOKEN, {**OWN, "scope": "all"})) == (400, "invalid_scope")


def test_metadata_tells_of_it() -> None:
    with override_settings(SERVES="sign_in"):
        told = Client().get("/.well-known/oauth-authorization-server").json()
    assert told["grant_types_supported"] == ["authorization_code", "refresh_token", "client_credentials"]
