"""The Python client against the service as in earnest: all that it can do, in the name of one practitioner."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from contactpoint_client import NotSignedInError, ProblemError, Registry, Session, System
from joserfc.jwk import ECKey
from pytest_django.plugin import DjangoDbBlocker

from access.models import Organisation
from contactpoint.local import state
from registry.demonstration import systems
from registry.demonstration.users import COUNCIL
from tests import factories
from tests.browser.children import Children
from tests.browser.conftest import Join
from tests.browser.database import service_database
from tests.browser.people import Person
from tests.service import Service

LetAct = Callable[[Person], Session]


@pytest.fixture
def let_act(service: Service, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> LetAct:
    """`let_act(person)` is what they let the demonstration's system do."""
    with service_database(django_db_blocker):
        made = systems.make(Organisation.objects.get(directory_code=COUNCIL), tmp_path / "system.json")
    known = systems.known(tmp_path / "system.json")
    key = ECKey.import_key(known["key"])
    system = System(made.client_id, key, known["algorithm"], service.sign_in_address, known["comes_back"])
    example = _example("demonstration_token")

    def let(person: Person) -> Session:
        begun = system.send_to_sign_in()
        user = {"email": person.email, "password": person.password, "totp_secret": person.secret}
        return system.take_back(begun, example.let_it_act(user, begun.address))

    return let


def test_client_does_all_that_the_api_offers(service: Service, let_act: LetAct, join: Join, children: Children) -> None:
    person = join()
    session = let_act(person)
    registry = Registry(service.address, session)
    me, lists = registry.me(), registry.lists()
    assert me["name"] == person.name
    assert me["organisation"]["name"] == person.organisation
    known = children.one(lambda each: not each.child.shielded)
    found = registry.search(given_name=known.given, family_name=known.family, date_of_birth=known.born.isoformat())
    match = next(each for each in found["matches"] if each["name"] == known.name)
    record = registry.open(match["child"], reason=lists["reasons"][0]["code"])
    assert record["name"] == known.name
    assert record["may_record"]
    assert known.name in {each["name"] for each in registry.recent()["children"]}

    service_code = me["services"][0]["code"]
    entry = {"practitioner": "Sandy Field", "telephone": "0161 496 0000", "lead": False}
    today = factories.today().isoformat()
    first = {"service": service_code, "started_on": today, **entry}
    kept = registry.record_involvement(match["child"], key="the-first", **first)
    assert registry.record_involvement(match["child"], key="the-first", **first) == kept
    with pytest.raises(ProblemError) as other:
        registry.record_involvement(match["child"], key="the-first", **(first | {"practitioner": "Somebody Else"}))
    assert other.value.code == "key_reused"
    read, version = registry.read_involvement(match["child"], kept["id"])
    assert read["practitioner"] == "Sandy Field"
    registry.correct_involvement(
        match["child"], kept["id"], version=version, **(first | {"practitioner": "Sandy Marsh"})
    )
    with pytest.raises(ProblemError) as stale:
        registry.end_involvement(match["child"], kept["id"], version=version, ended_on=today)
    assert stale.value.status == 412
    _, version = registry.read_involvement(match["child"], kept["id"])
    registry.end_involvement(match["child"], kept["id"], version=version, ended_on=today)
    _, version = registry.read_involvement(match["child"], kept["id"])
    registry.withdraw_involvement(match["child"], kept["id"], version=version, mistake=lists["mistakes"][0]["code"])
    with pytest.raises(ProblemError) as gone:
        registry.read_involvement(match["child"], kept["id"])
    assert gone.value.code == "not_found"

    with pytest.raises(ProblemError) as wrong:
        registry.search(given_name="O")
    assert wrong.value.errors
    token = session.token
    session.leave()
    with pytest.raises(NotSignedInError):
        registry.me()
    assert token.startswith("contactpoint_access_")


def test_tokens_are_renewed_before_they_run_out(
    service: Service, let_act: LetAct, join: Join, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = let_act(join())
    before = session.token
    assert session.token == before
    monkeypatch.setattr("contactpoint_client.system.EARLY_SECONDS", 3600)
    assert session.token != before
    Registry(service.address, session).me()


def _example(name: str) -> ModuleType:
    file = state.PROJECT / "clients" / "python" / "examples" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
