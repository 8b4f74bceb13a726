"""The Python client against the service as in earnest: all that it can do, in the name of one practitioner."""

import importlib.util
import io
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from contactpoint_client import (
    Deliveries,
    NotSignedInError,
    ProblemError,
    Registry,
    Session,
    Software,
    System,
    Tokens,
    new_key,
)
from contactpoint_client.asked import Entry
from joserfc.jwk import ECKey
from pytest_django.plugin import DjangoDbBlocker

from access.models import Organisation, SystemPurpose
from contactpoint.local import state
from feeds.models import Supplier
from feeds.readers import Format
from registry.demonstration import systems
from registry.demonstration.users import COUNCIL
from registry.vocabulary import Source
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
    known = children.one(lambda each: not each.child.shielded)
    with Registry(service.address, session) as registry:
        me, lists = registry.me(), registry.lists()
        assert me["name"] == person.name
        assert me["organisation"]["name"] == person.organisation
        found = registry.search(given_name=known.given, family_name=known.family, date_of_birth=known.born.isoformat())
        match = next(each for each in found["matches"] if each["name"] == known.name)
        record = registry.open(match["child"], reason=lists["reasons"][0]["code"])
        assert record["name"] == known.name
        assert record["may_record"]
        assert known.name in {each["name"] for each in registry.recent()["children"]}
        _keep(registry, match["child"], service_code=me["services"][0]["code"], mistake=lists["mistakes"][0]["code"])
        with pytest.raises(ProblemError) as wrong:
            registry.search(given_name="O")
        assert wrong.value.errors
        token = session.token
        session.leave()
        with pytest.raises(NotSignedInError):
            registry.me()
        assert token.startswith("contactpoint_access_")


def test_software_delivers_a_feed_and_reads_how_far_it_is(
    service: Service, tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    with service_database(django_db_blocker):
        council = Organisation.objects.get(directory_code=COUNCIL)
        how = {"source": Source.LOCAL_AUTHORITY, "format": Format.TABLE}
        feed, _made = Supplier.objects.get_or_create(organisation=council, **how)
        made = systems.make(council, tmp_path / "software.json", SystemPurpose.FEED, feed.pk)
    known = systems.known(tmp_path / "software.json")
    software = Software(made.client_id, ECKey.import_key(known["key"]), known["algorithm"], service.sign_in_address)
    with Deliveries(service.address, software) as deliveries:
        batch = deliveries.send(io.BytesIO(b"no,such,columns\n"), kind="text/csv")
        assert deliveries.look(batch)["state"]["code"] in {"received", "refused"}
        with pytest.raises(ProblemError) as nothing:
            deliveries.look(batch + 1000)
    assert nothing.value.code == "not_found"


def _keep(registry: Registry, child: str, *, service_code: str, mistake: str) -> None:
    """Record an involvement, correct, end and withdraw it."""
    today, key = factories.today().isoformat(), new_key()
    entry: Entry = {
        "service": service_code,
        "practitioner": "Sandy Field",
        "telephone": "0161 496 0000",
        "started_on": today,
        "lead": False,
    }
    kept = registry.record_involvement(child, key=key, **entry)
    assert registry.record_involvement(child, key=key, **entry) == {"id": kept["id"], "version": None}
    other: Entry = {**entry, "practitioner": "Somebody Else"}
    with pytest.raises(ProblemError) as used:
        registry.record_involvement(child, key=key, **other)
    assert used.value.code == "key_reused"
    read, version = registry.read_involvement(child, kept["id"])
    assert read["practitioner"] == "Sandy Field"
    assert version == kept["version"]
    corrected = registry.correct_involvement(child, kept["id"], version=version, **other)
    with pytest.raises(ProblemError) as stale:
        registry.end_involvement(child, kept["id"], version=version, ended_on=today)
    assert stale.value.status == 412
    ended = registry.end_involvement(child, kept["id"], version=corrected["version"], ended_on=today)
    registry.withdraw_involvement(child, kept["id"], version=ended["version"], mistake=mistake)
    with pytest.raises(ProblemError) as gone:
        registry.read_involvement(child, kept["id"])
    assert gone.value.code == "not_found"


def test_tokens_are_renewed_before_they_run_out(
    service: Service, let_act: LetAct, join: Join, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = let_act(join())
    before = session.token
    assert session.token == before
    monkeypatch.setattr("contactpoint_client.system.EARLY_SECONDS", 3600)
    assert session.token != before
    with Registry(service.address, session) as registry:
        registry.me()


def test_session_that_was_kept_goes_on(service: Service, let_act: LetAct, join: Join) -> None:
    session = let_act(join())
    restored = Session.restored(session._system, json.loads(json.dumps(session.kept())))
    with Registry(service.address, restored) as registry:
        registry.me()


def test_request_goes_on_while_another_thread_renews(service: Service, let_act: LetAct, join: Join) -> None:
    session = let_act(join())
    first = session.kept()

    class Overtaken(Session):
        """What a thread has that read the token just before another renewed it."""

        @property
        def token(self) -> str:
            if self.kept() != first:
                return super().token
            self._tokens = self._system.issued({"grant_type": "refresh_token", "refresh_token": first["refresh_token"]})
            return first["access_token"]

    with Registry(service.address, Overtaken.restored(session._system, first)) as registry:
        assert registry.me()["name"]


def test_refresh_token_that_is_shown_twice_ends_the_session(service: Service, let_act: LetAct, join: Join) -> None:
    session = let_act(join())
    old: Tokens = {**session.kept(), "runs_out_at": 0}
    renewed = Session.restored(session._system, old)
    assert renewed.token
    with pytest.raises(NotSignedInError):
        assert Session.restored(session._system, old).token
    with Registry(service.address, renewed) as registry, pytest.raises(NotSignedInError):
        registry.me()


def test_system_that_nobody_accredited_is_no_reason_to_sign_in(service: Service, let_act: LetAct, join: Join) -> None:
    known = let_act(join())._system
    stranger = System("nobody-knows-it", known.key, known.algorithm, known.signs_in_at, known.comes_back)
    with pytest.raises(ProblemError) as refused:
        stranger.ask("token", {"grant_type": "refresh_token", "refresh_token": "whatever"})
    assert refused.value.code == "invalid_client"


def _example(name: str) -> ModuleType:
    file = state.PROJECT / "clients" / "python" / "examples" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
