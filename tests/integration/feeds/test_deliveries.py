"""What a supplier's software delivers: sealed as it comes, checked, let in as its feed says, and told of in numbers."""

import io
import json
from datetime import timedelta
from http import HTTPStatus
from unittest import mock

import pytest
from django.test import Client
from django.utils import timezone
from joserfc.jwk import ECKey
from pytest_django.fixtures import Settings as SettingsWrapper

from access.door import clients
from access.models import ClientSystem, Organisation, OrganisationKind, Role, SystemPurpose
from access.systems.actions.systems import revoke_system
from audit.errors import NoLiveSessionError
from audit.events import EventKind, Outcome
from feeds.models import Batch, BatchState, Chunk, Supplier
from feeds.sealed_stream import SealedStream
from registry.models import Child
from registry.vocabulary import Source
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.feeds.delivering import SEND, Deliverer, code_of, delivers
from tests.integration.feeds.pressing import page_of, press
from tests.integration.feeds.sending import AMINA, NOBODY, again, send, supplier, work, written
from tests.integration.registry.people import NHS_NUMBER, Town
from tests.integration.registry.visiting import Visitor, main_of, text_of
from tests.log import events, last_event

REFUSED = {**NOBODY, "key": "N2", "date_of_birth": "0023-01-01"}
KNOWN = AMINA | {"nhs_number": NHS_NUMBER}
ASK = "/systems/ask/"


@pytest.fixture
def software(town: Town, census: Supplier) -> Deliverer:
    return delivers(town, census)


def batches() -> list[Batch]:
    with as_worker():
        return list(Batch.objects.order_by("pk"))


def test_who_asks_too_often_is_told_when_to_come_back(software: Deliverer, settings: SettingsWrapper) -> None:
    settings.API_RATES = {**settings.API_RATES, "software": 2}
    answers = [software.look(1) for _ in range(3)]
    assert [each.status_code for each in answers] == [404, 404, 429]
    assert code_of(answers[2]) == (429, "too_many_requests")
    assert 1 <= int(answers[2]["Retry-After"]) <= 60


def test_from_the_file_to_the_records(child: Child, census: Supplier, software: Deliverer, keeper: Visitor) -> None:
    sent = software.send(KNOWN, NOBODY, REFUSED)
    (batch,) = batches()
    assert (sent.status_code, sent.json()) == (HTTPStatus.CREATED, {"batch": batch.pk})
    assert sent["Location"] == f"/api/v1/batches/{batch.pk}"
    assert (batch.supplier_id, batch.received_by_id, batch.system_id) == (census.pk, None, software.system.pk)
    received = last_event(kind=EventKind.BATCH_RECEIVED)
    assert (received.process, received.actor_id) == (f"system.{software.system.pk}", None)
    assert received.fields == [f"supplier.{census.pk}"]

    assert software.look(batch.pk).json()["state"]["code"] == "received"
    work()
    told = software.look(batch.pk).json()
    assert told["state"] == {"code": "checked", "label": "Checked: waiting for a decision"}
    assert told["rows"] == {
        "seen": 3,
        "expected": 3,
        "linked": 1,
        "unchanged": 0,
        "created": 1,
        "queued": 0,
        "refused": 1,
    }
    assert told["faults"] == [{"code": "date", "detail": "A date cannot be read, or cannot be so", "rows": 1}]
    assert (told["refusal"], told["unusual"]) == (None, True)
    assert last_event(kind=EventKind.BATCH_LISTED).process == f"system.{software.system.pk}"
    work()
    assert [each.state for each in batches()] == [BatchState.CHECKED], "a person lets it in"

    assert "delivered by Case files" in main_of(keeper.get(page_of(keeper)))
    press(keeper, "let-in")
    work()
    assert software.look(batch.pk).json()["state"]["code"] == "done"
    assert again(batch.pk).decided_by_id == keeper.person.pk


def test_nothing_that_is_told_is_of_a_child(child: Child, software: Deliverer) -> None:
    batch = software.send(KNOWN, NOBODY).json()["batch"]
    work()
    told = software.look(batch).content.decode()
    for each in (*KNOWN.values(), *NOBODY.values(), str(child.pk)):
        assert f'"{each}"' not in told
    assert set(json.loads(told)) == {
        *("batch", "state", "stands_still", "unusual", "size", "received_at", "finished_at", "rows", "faults"),
        "refusal",
    }


def test_what_is_refused_whole_says_why(software: Deliverer) -> None:
    batch = software.send_bytes(b"surname,born\nA,B\n").json()["batch"]
    work()
    told = software.look(batch).json()
    assert (told["state"]["code"], told["refusal"]["line"]) == ("refused", 1)
    assert told["refusal"]["detail"] == "A column is missing, is there twice, or is not known, on line 1."


def test_sealed_part_by_part_as_it_comes(software: Deliverer) -> None:
    content = written({**NOBODY, "key": f"N{number}"} for number in range(10_000))
    assert software.send_bytes(content).status_code == HTTPStatus.CREATED
    (batch,) = batches()
    with as_worker():
        stored = [(each.place, bytes(each.content)) for each in Chunk.objects.order_by("place")]
        assert SealedStream(batch.pk, iter(stored)).read() == content
    assert len(stored) >= 3
    assert all(b"Wisniewski" not in part and len(part) < 300_000 for _place, part in stored)


def test_what_is_no_file_leaves_nothing(software: Deliverer, settings: SettingsWrapper) -> None:
    settings.STREAMED_FILE_MAX_BYTES = 300_000
    assert code_of(software.send_bytes(b"", CONTENT_LENGTH="0")) == (400, "empty")
    assert code_of(software.send_bytes(b"")) == (415, "no_file"), "without a length it comes in pieces, or not at all"
    assert code_of(software.send_bytes(b"x" * 300_001)) == (413, "too_large")
    for form in ("multipart/form-data; boundary=x", "application/x-www-form-urlencoded"):
        assert code_of(software.send_bytes(b"x", form)) == (415, "no_file")
    settings.STREAMED_FILE_SECONDS = 0
    assert code_of(software.send_bytes(b"x" * 300_000)) == (400, "not_whole")
    assert batches() == []
    assert not events(kind=EventKind.BATCH_RECEIVED)


def test_a_line_that_breaks_off_leaves_nothing(software: Deliverer) -> None:
    content = written([NOBODY])
    cut = software.send_bytes(content, **{"wsgi.input": io.BytesIO(content[:-3])})
    assert code_of(cut) == (400, "not_whole")
    assert batches() == []
    assert software.send_bytes(content).status_code == HTTPStatus.CREATED


def test_sent_twice_it_is_taken_once(census: Supplier, software: Deliverer) -> None:
    assert software.send(NOBODY).status_code == HTTPStatus.CREATED
    assert code_of(software.send(NOBODY)) == (409, "sent_before")
    assert len(batches()) == 1
    assert len(events(kind=EventKind.BATCH_RECEIVED)) == 1


def test_a_feed_that_lets_itself_in_does_so_whoever_sent_it(town: Town) -> None:
    feed = supplier(town.authority, Source.PERSONAL_DEMOGRAPHICS, asks=False, usual_linked=0)
    software = delivers(town, feed)
    batch = software.send(NOBODY).json()["batch"]
    work()
    work()
    assert again(batch).state == BatchState.DONE
    assert again(batch).decided_by_id is None


# Who may not


def test_of_another_feed_nothing_is_there(town: Town, census: Supplier, software: Deliverer) -> None:
    """Not of the same authority either."""
    other = supplier(town.authority, Source.PERSONAL_DEMOGRAPHICS)
    theirs = send(other, NOBODY)
    own = software.send(NOBODY).json()["batch"]
    answers = [software.look(number) for number in (theirs.pk, own + 1000, 2**62)]
    assert [code_of(each) for each in answers] == [(404, "not_found")] * 3
    bodies = [each.json() | {"request_id": ""} for each in answers]
    assert bodies == bodies[:1] * 3
    assert code_of(delivers(town, other).look(own)) == (404, "not_found")


@pytest.mark.parametrize("whose", ["another council's", "nobody's"])
def test_feed_of_somebody_else_is_not_delivered(town: Town, whose: str) -> None:
    with as_owner_here():
        other = factories.organisation(kind=OrganisationKind.AUTHORITY)
    software = delivers(town, supplier(other) if whose == "another council's" else 2**40)
    assert code_of(software.send(NOBODY)) == (403, "not_permitted")
    assert batches() == []
    refused = last_event(kind=EventKind.ACCESS_REFUSED)
    assert (refused.process, refused.outcome) == (f"system.{software.system.pk}", Outcome.NOT_PERMITTED)


def test_feed_of_a_school_is_delivered_by_its_authority(town: Town) -> None:
    assert delivers(town, supplier(town.school)).send(NOBODY).status_code == HTTPStatus.CREATED


def test_from_a_supplier_who_is_stopped_nothing_is_taken(software: Deliverer) -> None:
    with as_worker():
        Supplier.objects.update(stopped_at=timezone.now())
    assert code_of(software.send(NOBODY)) == (403, "not_permitted")
    assert batches() == []


def test_revoked_a_second_ago(town: Town, software: Deliverer) -> None:
    batch = software.send(NOBODY).json()["batch"]
    actor = factories.actor_for(town.administrator)
    revoke_system(actor=actor, system_id=software.system.pk)
    assert code_of(software.look(batch)) == (401, "invalid_token")
    assert code_of(software.send(KNOWN)) == (401, "invalid_token")
    assert len(batches()) == 1


def test_revoked_while_it_is_refused(town: Town, software: Deliverer) -> None:
    """What was asked is answered as what is asked next."""
    actor = factories.actor_for(town.administrator)

    def revoke(*_: object) -> None:
        revoke_system(actor=actor, system_id=software.system.pk)
        raise NoLiveSessionError("no live token vouches for the event")

    with mock.patch.object(clients, "note_of", side_effect=revoke):
        assert code_of(software.look(2**40)) == (401, "invalid_token")
    assert last_event(kind=EventKind.ACCESS_REFUSED).outcome == Outcome.SESSION_ENDED
    assert code_of(software.look(2**40)) == (401, "invalid_token")


def test_organisation_that_lapses(town: Town, software: Deliverer) -> None:
    with as_owner_here():
        yesterday = factories.today() - timedelta(days=1)
        Organisation.objects.filter(pk=town.authority.pk).update(accredited_until=yesterday)
    for _ in range(2):
        answer = software.send(NOBODY)
        assert code_of(answer) == (401, "system_organisation")
        assert "invalid_token" in answer["WWW-Authenticate"]
    assert len(events(kind=EventKind.ACCESS_REFUSED)) == 1
    assert batches() == []


def test_system_that_tells_of_leavers_delivers_nothing(town: Town, census: Supplier) -> None:
    software = delivers(town, census, SystemPurpose.LEAVERS)
    assert code_of(software.send(NOBODY)) == (403, "not_permitted")
    assert batches() == []


def test_neither_a_practitioners_token_nor_a_cookie_delivers(town: Town, census: Supplier, keeper: Visitor) -> None:
    with as_owner_here():
        second = factories.user(role=Role.ADMINISTRATOR, works_for=town.authority)
        system = factories.client_system(town.authority, asked_by=town.administrator, accredited_by=second)
    at_work = Deliverer(system, factories.token_in(system, town.teacher))
    assert code_of(at_work.send(NOBODY)) == (401, "invalid_token")
    assert code_of(at_work.look(1)) == (401, "invalid_token")
    assert code_of(keeper.browser.post(SEND, written([NOBODY]), content_type="text/csv")) == (401, "no_token")
    assert code_of(Client().post(f"{SEND}?access_token={at_work.secret}")) == (400, "token_in_address")
    assert batches() == []


def test_other_methods_are_told_which(software: Deliverer) -> None:
    shown = {"Authorization": f"Bearer {software.secret}"}
    assert code_of(software.browser.get(SEND, headers=shown)) == (405, "method_not_allowed")
    assert code_of(software.browser.post(f"{SEND}/1", headers=shown)) == (405, "method_not_allowed")


# How one is asked for


def asked(keeper: Visitor, **other: object) -> str:
    values = {
        "name": "Census software",
        "purpose": "feed",
        "keys": json.dumps(ECKey.generate_key("P-256").as_dict(private=False)),
        "days": "90",
        **other,
    }
    if "There is" not in text_of(keeper.get(ASK)) and 'name="organisation"' in text_of(keeper.get(ASK)):
        values.setdefault("organisation", keeper.person.organisation.directory_code)
    return text_of(keeper.browser.post(ASK, values, follow=True))


def test_asked_for_with_its_feed_and_accredited(town: Town, census: Supplier, keeper: Visitor) -> None:
    assert "School census, " in text_of(keeper.get(ASK)).replace("&amp;", "&")
    page = asked(keeper, feed=str(census.pk))
    assert "You have asked for it" in page
    assert "It delivers a supplier’s feed" in page
    system = ClientSystem.objects.get()
    assert (system.purpose, system.feed, system.addresses) == (SystemPurpose.FEED, census.pk, [])
    with as_owner_here():
        second = Visitor(factories.user(role=Role.ADMINISTRATOR, works_for=town.authority))
    accredit = f"/systems/{system.pk}/accredit/"
    assert "It can then deliver this feed" in text_of(second.get(accredit))
    assert "is accredited until" in text_of(second.browser.post(accredit, follow=True))
    assert "It delivers a supplier’s feed" in text_of(second.get("/systems/"))
    software = Deliverer(system, factories.client_token(system))
    assert software.send(NOBODY).status_code == HTTPStatus.CREATED


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({}, "Choose the feed that it delivers"),
        ({"addresses": "https://files.example.org/back"}, "Leave the addresses out"),
        ({"purpose": "leavers", "feed": "own"}, "Choose no feed: it delivers none"),
        ({"purpose": "people", "feed": "own", "addresses": "https://files.example.org/back"}, "Choose no feed"),
        ({"feed": "stopped"}, "Select a valid choice"),
        ({"feed": "elsewhere"}, "Select a valid choice"),
        ({"feed": "own", "organisation": "school"}, "Choose a feed of this organisation"),
    ],
)
def test_what_does_not_go_together_is_said(
    town: Town, census: Supplier, keeper: Visitor, typed: dict[str, str], says: str
) -> None:
    with as_owner_here():
        other = factories.organisation(kind=OrganisationKind.AUTHORITY)
    stopped = supplier(town.authority, Source.PERSONAL_DEMOGRAPHICS, stopped_at=timezone.now())
    named = {"own": census, "stopped": stopped, "elsewhere": supplier(other)}
    values = dict(typed)
    if "feed" in values:
        values["feed"] = str(named[values["feed"]].pk)
    if "organisation" in values:
        values["organisation"] = town.school.directory_code
    page = asked(keeper, **values)
    assert "There is a problem" in page
    assert says in page
    assert not events(kind=EventKind.SYSTEM_ASKED)


def test_of_feeds_elsewhere_no_page_tells(town: Town, census: Supplier) -> None:
    with as_owner_here():
        stranger = Visitor(factories.user(role=Role.ADMINISTRATOR))
    assert town.authority.name not in text_of(stranger.get(ASK))
