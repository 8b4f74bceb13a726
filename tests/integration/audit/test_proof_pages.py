"""What an auditor takes away to check elsewhere: whole, verifiable without us, and of their own authority's events."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from access.models import OrganisationKind, Role, User
from audit import sequencer
from audit.events import EventKind
from audit.models import Event
from audit.recorder import About, record
from contactpoint.local.servers import Servers
from tests import factories
from tests.integration.audit.sealing import connected, keys, write
from transparency.lines import parse
from transparency.note import Checkpoint, Note, verify
from transparency.tree import leaf_hash, verify_consistency, verify_inclusion


class Place:
    """A log on a server of its own, with Django connected by the web role's own login, and an auditor."""

    def __init__(self, cluster: Servers, log: str) -> None:
        self.cluster, self.log = cluster, log
        with self.acting_as("owner"), transaction.atomic():
            council = factories.organisation(kind=OrganisationKind.AUTHORITY)
            self.auditor = factories.user(role=Role.AUDITOR, works_for=council)
            self.teacher = factories.user(works_for=factories.organisation(authority=council))
            self.stranger = factories.user()

    @contextmanager
    def acting_as(self, role: str) -> Iterator[None]:
        with connected(self.cluster.database_address(role, self.log)):
            yield

    def opened(self, person: User) -> int:
        actor = factories.actor_for(person)
        with transaction.atomic():
            return record(EventKind.CHILD_OPENED, About(child_id=4711, reason="s47"), actor=actor)

    def seal(self) -> int:
        """Returns how large the tree is."""
        with self.acting_as("sequencer"):
            sequencer.seal()
            return Event.objects.count()


@pytest.fixture
def place(cluster: Servers, log: str) -> Iterator[Place]:
    made = Place(cluster, log)
    with made.acting_as("web"):
        yield made


@pytest.fixture
def visitor(place: Place) -> Client:
    return factories.signed_in(place.auditor)


def hashes(lines: list[str]) -> list[bytes]:
    return [base64.b64decode(line) for line in lines]


def test_proof_of_an_event_can_be_checked_without_us(place: Place, visitor: Client) -> None:
    with place.acting_as("worker"):
        write(20, in_one=3)
    event = place.opened(place.teacher)
    size = place.seal()

    response = visitor.get(reverse("event_proof", args=[event]))

    assert response.status_code == 200
    assert f'filename="event-{event}.txt"' in response["Content-Disposition"]
    proof, _, note = response.content.decode().partition("\n\n")
    _header, extra, index, *path = proof.split("\n")
    line = base64.b64decode(extra.removeprefix("extra "))
    assert parse(line).id == event
    assert b"4711" in line
    assert verify(note, keys())
    signed = Checkpoint.parse(Note.parse(note).body)
    assert signed.size == size
    verify_inclusion(leaf_hash(line), int(index.removeprefix("index ")), signed.size, hashes(path), signed.root)


def test_page_of_an_event_offers_its_proof_once_it_is_sealed(place: Place, visitor: Client) -> None:
    event = place.opened(place.teacher)
    page = reverse("event", args=[event])
    proof = reverse("event_proof", args=[event])
    assert proof not in visitor.get(page).content.decode()
    place.seal()
    assert proof in visitor.get(page).content.decode()


def test_event_of_another_authority_has_no_proof_here(place: Place, visitor: Client) -> None:
    theirs = place.opened(place.stranger)
    place.seal()
    assert visitor.get(reverse("event_proof", args=[theirs])).status_code == 404


def test_proof_between_two_checkpoints_can_be_checked_without_us(place: Place, visitor: Client) -> None:
    older = place.seal()
    with place.acting_as("worker"):
        write(50, in_one=7)
    newer = place.seal()
    page = visitor.get(reverse("checkpoints")).content.decode()
    assert f">{older}<" in page
    assert f">{newer}<" in page

    response = visitor.get(reverse("checkpoints"), {"older": older, "newer": newer})

    body, signature, path, newer_body, newer_signature = response.content.decode().split("\n\n")
    notes = [f"{body}\n\n{signature}\n", f"{newer_body}\n\n{newer_signature}"]
    assert all(verify(note, keys()) for note in notes)
    one, other = (Checkpoint.parse(Note.parse(note).body) for note in notes)
    assert (one.size, other.size) == (older, newer)
    verify_consistency(older, one.root, newer, other.root, hashes(path.split("\n")))
