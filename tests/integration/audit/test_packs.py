"""The evidence pack that an auditor downloads: checked without us, of their own log alone, and its making recorded."""

from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from audit.events import EventKind
from audit.models import Event, LogKey
from review.policies import MOST_PACKED
from tests.integration.audit import test_proof_pages
from tests.integration.audit.sealing import keys
from tests.integration.audit.test_proof_pages import Place
from transparency import pack
from transparency.cli import main

place, visitor = test_proof_pages.place, test_proof_pages.visitor  # the fixtures


def packed(visitor: Client, *events: object) -> HttpResponse:
    return visitor.post(reverse("pack"), {"event": events})


def newest_event(place: Place) -> Event:
    with place.acting_as("owner"):
        found = Event.objects.order_by("-id").first()
    assert found
    return found


def test_pack_can_be_checked_without_us_and_not_one_byte_of_it_changed(
    place: Place, visitor: Client, tmp_path: Path
) -> None:
    first, second = place.opened(place.teacher), place.opened(place.teacher)
    place.seal()

    answer = packed(visitor, second, first, first)

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == f'attachment; filename="evidence-{first}-{second}.zip"'
    assert [each.event.id for each in pack.check(answer.content, keys())] == [first, second]
    file = tmp_path / "evidence.zip"
    file.write_bytes(answer.content)
    assert main(["pack", "--key", "\n".join(map(str, keys())), str(file)]) == 0
    touched = bytearray(answer.content)
    touched[len(touched) // 2] ^= 1
    file.write_bytes(touched)
    assert main(["pack", "--key", "\n".join(map(str, keys())), str(file)]) == 1


def test_same_events_make_the_same_pack_while_nothing_is_sealed(place: Place, visitor: Client) -> None:
    event = place.opened(place.teacher)
    place.seal()
    assert packed(visitor, event).content == packed(visitor, event).content


def test_making_it_is_an_event_that_names_each(place: Place, visitor: Client) -> None:
    first, second = place.opened(place.teacher), place.opened(place.teacher)
    place.seal()
    packed(visitor, first, second)
    event = newest_event(place)
    assert (event.kind, event.actor_id) == (EventKind.LOG_READ, place.auditor.pk)
    assert event.fields == ["pack.2", f"event.{first}", f"event.{second}"]
    page = visitor.post(reverse("log"), {"readings": "on", "apart": "on"}, follow=True).content.decode()
    assert "evidence pack of 2 events" in page


def test_event_of_another_authority_is_in_none_and_the_attempt_is_recorded(place: Place, visitor: Client) -> None:
    own, theirs = place.opened(place.teacher), place.opened(place.stranger)
    place.seal()
    assert packed(visitor, own, theirs).status_code == 404
    assert newest_event(place).kind == EventKind.ACCESS_REFUSED


def test_event_that_waits_for_its_seal_is_said_to(place: Place, visitor: Client) -> None:
    sealed = place.opened(place.teacher)
    place.seal()
    waiting = place.opened(place.teacher)
    answer = visitor.post(reverse("pack"), {"event": [sealed, waiting]}, follow=True)
    assert "still waits for its seal" in answer.content.decode()


def test_nothing_chosen_or_too_much_is_said_to_be(place: Place, visitor: Client) -> None:
    event = place.opened(place.teacher)
    place.seal()
    none = visitor.post(reverse("pack"), follow=True)
    assert "Tick at least one event" in none.content.decode()
    many = visitor.post(reverse("pack"), {"event": range(event, event + MOST_PACKED + 1)}, follow=True)
    assert f"at most {MOST_PACKED} events" in many.content.decode()


@pytest.mark.parametrize("junk", ["x", "-1", "1.5", "", "\0", str(2**63), "9" * 400, "\u0661"])
def test_what_is_no_event_is_not_found(place: Place, visitor: Client, junk: str) -> None:
    assert packed(visitor, junk).status_code == 404


def test_sequencer_tells_its_key_once(place: Place) -> None:
    for _ in range(2):
        place.opened(place.teacher)
        place.seal()
    with place.acting_as("sequencer"):
        told = list(LogKey.objects.values_list("key", flat=True))
    assert told == [str(keys()[-1])]
