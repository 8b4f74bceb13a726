"""What is hidden of a shielded child is told by the API as little as by the pages: two worlds that differ in nothing
else are answered alike, to the number of rows behind each answer (tests/sweeps/test_paired_worlds.py).
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection, connections
from django.http import HttpResponse
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from access.models import User
from access.systems import tokens
from api.fhir.asked import BOXES
from api.fhir.ids import id_for
from api.fhir.patients import number_systems
from contactpoint.local.servers import Servers
from pages.form_fields import PARTS
from registry.references import refer_to
from registry.rules import numbers
from tests import factories, servers
from tests.conftest import as_owner_here
from tests.integration.api.asking import ENTRY, REASON, ROOT, system_of
from tests.integration.api.fhir.asking import BASE, FORM
from tests.sweeps.pairing import FIRST_HIDDEN, ONE, OTHER, Caller, World, build, copied
from tests.sweeps.pairing_asked import Answer, Asking, searches
from tests.sweeps.test_paired_worlds import differing

pytestmark = pytest.mark.timeout(1200)

Answers = dict[str, Answer]
BY_FHIR = {"FORM": "POST", "FHIR": "GET"}
TOLD_AT = "https://files.example.org/told"
UNLIMITED = {"system": 10**9, "person": 10**9}


class SystemAsking(Asking):
    """A system that asks in somebody's name."""

    def __init__(self, name: str, token: str, answers: Answers) -> None:
        super().__init__(Caller(name, None, "", None), answers)
        self._token = token

    def send(self, method: str, path: str, typed: Mapping[str, Any]) -> HttpResponse:
        root, body, kind = ROOT, json.dumps(typed).encode() if typed else b"", "application/json" if typed else ""
        if method in BY_FHIR:
            method, root, kind = BY_FHIR[method], BASE, FORM if typed else ""
            body = urlencode(typed).encode()
        told = {"Authorization": f"Bearer {self._token}", "If-Match": '"1"', "Idempotency-Key": str(len(self._answers))}
        told["X-Reason"] = "s11"
        return self._browser.generic(method, f"{root}{path}", body, content_type=kind, headers=told)


@pytest.fixture(scope="module")
def built(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[World, dict[str, str], str]]:
    """The world of which each is a copy, who asks by which token, and its database."""
    servers.make_keys()
    name = f"{servers.own_database()}_api_pair"
    shared = connection.settings_dict["NAME"]
    servers.clone(name)
    connection.features.supports_transactions = True
    connections.close_all()
    connection.settings_dict["NAME"] = name
    try:
        with django_db_blocker.unblock(), override_settings(API_RATES=UNLIMITED):
            world = build()
            town = world.town
            near = system_of(town.authority, telling_address=TOLD_AT)
            here = {"teacher of one": town.teacher, "social worker of one": town.social_worker}
            asking = {who: factories.token_in(near, person) for who, person in here.items()}
            (far,) = (each.actor for each in world.callers if each.name == "teacher elsewhere")
            assert far is not None
            there = system_of(world.elsewhere, telling_address=TOLD_AT)
            with as_owner_here():
                stranger = User.objects.select_related("organisation").get(pk=far.user_id)
            asking["teacher elsewhere"] = factories.token_in(there, stranger)
            yield world, asking, name
            connections.close_all()
    finally:
        connection.settings_dict["NAME"] = shared
        servers.drop(name)


def asked_of(world: World, by: Mapping[str, str]) -> Answers:
    answers: Answers = {}
    for name, token in by.items():
        look(world, SystemAsking(name, token, answers), token)
    return answers


def look(world: World, asking: SystemAsking, token: str) -> None:
    """Everything that a system can ask about the child."""
    for name, typed in searches(all_of_them=True).items():
        asking.ask(f"search by {name}", "POST", "/searches", as_sent(typed))
    bearer = tokens.presented(token)
    assert bearer is not None
    child = f"/children/{refer_to(bearer.actor(factories.SETTING_UP_REQUEST), world.child_id)}"
    asking.ask("open", "POST", f"{child}/openings", REASON)
    asking.ask("follow", "POST", f"{child}/following")
    asking.ask("follow again", "POST", f"{child}/following")
    asking.ask("record", "POST", f"{child}/involvements", ENTRY)
    asking.ask("record with the lead", "POST", f"{child}/involvements", ENTRY | {"lead": True})
    for number in (FIRST_HIDDEN, FIRST_HIDDEN + 3, 1):
        one = f"{child}/involvements/{number}"
        asking.ask(f"read {number}", "GET", one)
        asking.ask(f"correct {number}", "PUT", one, ENTRY)
        asking.ask(f"end {number}", "POST", f"{one}/end", {"ended_on": "2026-01-02"})
        asking.ask(f"withdraw {number}", "POST", f"{one}/withdraw", {"mistake": "twice"})
    asking.ask("recent", "GET", "/recent")
    asking.ask("me", "GET", "/me")
    look_by_fhir(world, asking, bearer)


def look_by_fhir(world: World, asking: SystemAsking, bearer: tokens.Bearer) -> None:
    """The same by FHIR."""
    for name, typed in searches(all_of_them=True).items():
        if form := as_a_form(typed):
            asking.ask(f"search by {name}, by FHIR", "FORM", "/Patient/_search", form)
    patient = f"/Patient/{id_for(bearer.actor(factories.SETTING_UP_REQUEST), world.child_id)}"
    asking.ask("read, by FHIR", "FHIR", patient)
    asking.ask("everything, by FHIR", "FHIR", f"{patient}/$everything")
    asking.ask("history, by FHIR", "FHIR", "/AuditEvent")


def as_a_form(typed: Mapping[str, str]) -> dict[str, str]:
    """What a form of a page is filled with, as parameters; nothing where they have none for it."""
    sent = as_sent(typed)
    if {"age", "house", "street"} & set(sent):
        return {}
    number = sent.pop("number", "")
    form = {name: sent[box] for name, box in BOXES.items() if box in sent}
    return form | ({"identifier": f"{number_systems()[numbers.kind(number)]}|{number}"} if number else {})


def as_sent(typed: Mapping[str, str]) -> dict[str, Any]:
    """What a form is filled with, as JSON."""
    sent: dict[str, Any] = {name: value for name, value in typed.items() if not name.startswith("date_of_birth")}
    if "age" in sent:
        sent["age"] = int(sent["age"])
    if boxes := [typed.get(f"date_of_birth_{part}", "") for part in reversed(PARTS)]:
        written = "-".join(part.zfill(2) for part in boxes if part)
        sent |= {"date_of_birth": written} if written else {}
    return sent


def test_nothing_tells_the_worlds_apart(
    built: tuple[World, dict[str, str], str], django_db_blocker: DjangoDbBlocker
) -> None:
    world, by, name = built
    answered = []
    for hidden in (ONE, OTHER):
        with copied(world, hidden, name, django_db_blocker):
            answered.append(asked_of(world, by))
    found = differing(*answered)
    assert not found, "\n".join(f"{what}\n    {why}" for what, why in found.items())
    assert {each.status for each in answered[0].values()} <= {200, 403, 404, 422}
    assert {each.status for what, each in answered[0].items() if "by FHIR" in what and "search" not in what} == {200}


def test_what_is_hidden_is_told_apart_where_it_shows(
    built: tuple[World, dict[str, str], str], django_db_blocker: DjangoDbBlocker
) -> None:
    """Were the child not shielded, the worlds would be told apart: the comparison sees it."""
    world, by, name = built
    answered = []
    for hidden in (ONE, OTHER):
        with copied(world, hidden, name, django_db_blocker, shielded=False):
            answered.append(asked_of(world, {"teacher elsewhere": by["teacher elsewhere"]}))
    found = {what.partition(": ")[2] for what in differing(*answered)}
    told_apart = {"open", "search by NHS number of one", "search by former name of one"}
    assert told_apart <= found
    assert {"read, by FHIR", "everything, by FHIR", "search by NHS number of one, by FHIR"} <= found
