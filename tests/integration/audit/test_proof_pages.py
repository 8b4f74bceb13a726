"""What an auditor takes away to check elsewhere: whole, verifiable without us, and of their own authority's events."""

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from access.models import OrganisationKind, Role, User
from audit import outside, sequencer
from audit.events import EventKind
from audit.models import Checkpoint as SealedCheckpoint
from audit.models import Event
from audit.recorder import About, record
from contactpoint.local.servers import Servers
from tests import factories
from tests.integration.audit.sealing import acting_as, connected, keys, write
from tests.integration.audit.test_outside import House, age
from transparency.lines import parse
from transparency.note import Checkpoint, Note, verify
from transparency.publication import Directory
from transparency.tree import leaf_hash, verify_consistency, verify_inclusion


class Place:
    """A log on a server of its own, with Django connected as the web role, and an auditor."""

    def __init__(self, cluster: Servers, log: str) -> None:
        self.cluster, self.log = cluster, log
        with self.acting_as("owner"), transaction.atomic():
            council = factories.organisation(kind=OrganisationKind.AUTHORITY)
            self.auditor = factories.user(role=Role.AUDITOR, works_for=council)
            self.teacher = factories.user(works_for=factories.organisation(authority=council))
            self.stranger = factories.user()

    @contextmanager
    def acting_as(self, role: str) -> Iterator[None]:
        serves = role in ("owner", "web")  # which in the tests become the process that signs people in, and back
        own = self.cluster.database_address(role, self.log)
        with connected(acting_as(self.cluster, self.log, role) if serves else own):
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


# ---------------------------------------------------------------------------- who vouches, and where it is kept


def vouch(place: Place, house: House, publication: Directory) -> int:
    size = house.look(publication)
    with place.acting_as("sequencer"):
        outside.take_up_cosignatures()
    return size


def shown(visitor: Client) -> tuple[str, dict[str, list[str]]]:
    """What the page says above the list, and the last two cells of each line by its size."""
    page = unescape(visitor.get(reverse("checkpoints")).content.decode())
    above, _, table = page.partition("</table")[0].partition("<table")
    cells = [re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", f"<tr{row}")) for row in table.split("<tr")[2:]]
    lines = {}
    for row in cells:
        _, _, rest = row.partition("Events")
        size, _, rest = rest.partition("Root of the tree")
        _, _, rest = rest.partition("Kept outside")
        lines[size.strip()] = [each.strip() for each in rest.split("Vouched for")]
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", "", above)), lines


def test_page_says_that_no_witness_is_set_up(place: Place, visitor: Client) -> None:
    place.seal()
    said, _ = shown(visitor)
    assert "No witness is set up." in said


def test_page_shows_the_word_of_the_witness(
    place: Place, visitor: Client, house: House, publication: Directory
) -> None:
    first = place.seal()
    said, lines = shown(visitor)
    assert f"The witness {house.key.verifier.name} has not vouched for the log yet." in said
    assert lines[str(first)] == ["Yes", "Not yet"]

    place.opened(place.teacher)
    second = place.seal()
    assert vouch(place, house, publication) == second
    place.opened(place.teacher)
    third = place.seal()

    said, lines = shown(visitor)
    assert f"The witness {house.key.verifier.name} last vouched for the log on" in said
    assert f"up to {second:,} events" in said
    assert "It has not vouched for what came since" in said
    assert lines[str(first)] == ["Yes", "With a later one"]
    assert lines[str(second)][1].startswith(f"By {house.key.verifier.name}, ")
    assert lines[str(third)] == ["Yes", "Not yet"]

    vouch(place, house, publication)
    assert "It has not vouched for what came" not in shown(visitor)[0]


def test_page_says_since_when_a_witness_is_silent(
    place: Place, visitor: Client, house: House, publication: Directory, settings: Settings
) -> None:
    place.seal()
    vouch(place, house, publication)
    place.opened(place.teacher)
    place.seal()
    age(place.cluster, place.log, settings.AUDIT_UNWITNESSED_SECONDS + 1)
    said, _ = shown(visitor)
    assert "It has vouched for nothing that came since" in said
    assert "Ask whoever runs it" in said


def test_page_shows_a_word_only_if_it_is_the_witnesses(
    place: Place, visitor: Client, house: House, publication: Directory, tmp_path: Path, settings: Settings
) -> None:
    size = place.seal()
    vouch(place, house, publication)
    settings.WITNESS_KEYS = (House(tmp_path / "other").key.verifier,)
    said, lines = shown(visitor)
    assert "has not vouched for the log yet" in said
    assert lines[str(size)][1] == "Not yet"


def test_page_shows_what_lies_where_nobody_can_delete_it(place: Place, visitor: Client) -> None:
    first = place.seal()
    place.opened(place.teacher)
    second = place.seal()
    place.opened(place.teacher)
    third = place.seal()
    with place.acting_as("worker"):
        SealedCheckpoint.objects.filter(size=second).update(kept_until=timezone.now() + timedelta(days=1))
    _, lines = shown(visitor)
    assert [lines[str(size)][0] for size in (first, second, third)] == [*["Yes, where nobody can delete it"] * 2, "Yes"]
