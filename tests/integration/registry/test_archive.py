"""A record in the archive is read by two: asked for, given by another, answered by the worker, and read once."""

import re
from datetime import date, timedelta
from unittest import mock

import pytest
from django.urls import reverse
from django.utils import timezone
from structlog.testing import capture_logs

from access.models import Role
from access.rules.errors import NotFoundError, OwnCaseError, WrongStateError
from audit.actors import Actor
from audit.events import EventKind
from audit.reasons import ArchiveReason
from registry.actions import archive
from registry.actions.archive import SHOWN_BEFORE
from registry.actions.identities import OtherRecordError
from registry.models import ArchiveRequest, Child
from registry.record import Record
from registry.rules.numbers import shown
from registry.worker import archive as answering
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry.keeping import night
from tests.integration.registry.people import BORN, AddChildren, Town, full_draft
from tests.integration.registry.severing import build_desk, number_of, sever
from tests.integration.registry.shielding import build_office, file_shielded
from tests.integration.registry.visiting import Visitor, main_of
from tests.log import events

GROWN_UP = date(BORN.year + 18, BORN.month, BORN.day)
LIST = reverse("archive")


@pytest.fixture
def child(town: Town, add: AddChildren) -> Child:
    (made,) = add(full_draft(town))
    return made


@pytest.fixture
def first(town: Town) -> Actor:
    return town.actor("administrator")


@pytest.fixture
def second(town: Town) -> Actor:
    with as_owner_here():
        return factories.actor_for(factories.user(works_for=town.authority, role=Role.ADMINISTRATOR))


def answer() -> int:
    """As the worker does every two seconds."""
    with as_worker():
        return answering.answer_given()


def ask(actor: Actor, number: str, reason: ArchiveReason = ArchiveReason.ENQUIRY) -> int:
    archive.ask_archive(actor=actor, number=number, reason=reason)
    return archive.list_archive(actor=actor)[-1].id


def given(first: Actor, second: Actor, number: str, reason: ArchiveReason = ArchiveReason.ENQUIRY) -> int:
    """Asked for by one, given by the other, and answered."""
    number_of_request = ask(first, number, reason)
    archive.give_archive(actor=second, request_id=number_of_request, number=number, seen=0)
    assert answer() == 1
    return number_of_request


def found(actor: Actor) -> str:
    return archive.list_archive(actor=actor)[-1].found


def read(actor: Actor, request_id: int) -> Record:
    return archive.open_archived(actor=actor, request_id=request_id)


def test_asked_given_and_read_once_by_who_asked(town: Town, child: Child, first: Actor, second: Actor) -> None:
    number = number_of(child.pk)
    night(GROWN_UP)
    request = given(first, second, number)
    with pytest.raises(NotFoundError):
        read(second, request)
    record = read(first, request)
    assert (record.identity.name, record.identity.number) == ("Amina Hussain", shown(number))
    assert record.addresses[0].postal is not None
    assert {each.organisation for each in record.current} >= {town.school, town.practice}
    assert record.sensitive  # and not which
    assert town.clinic not in {each.organisation for each in (*record.current, *record.ended)}
    with pytest.raises(WrongStateError):
        read(first, request)
    opened = events(kind=EventKind.ARCHIVE_OPENED)
    assert {(each.child_id, each.actor_id, each.reason) for each in opened} == {
        (child.pk, first.user_id, ArchiveReason.ENQUIRY)
    }


def test_nobody_is_told_what_is_there_before_a_second_person_agrees(child: Child, first: Actor) -> None:
    number = number_of(child.pk)
    live, none = ask(first, number), ask(first, "12345678903")
    assert {each.found for each in archive.list_archive(actor=first)} == {""}
    assert answer() == 0
    for request in (live, none):
        with pytest.raises(NotFoundError):
            read(first, request)


def test_what_lives_is_not_in_the_archive(child: Child, first: Actor, second: Actor) -> None:
    request = given(first, second, number_of(child.pk))
    assert found(first) == "none"
    with pytest.raises(NotFoundError):
        read(first, request)


def test_given_by_another_who_knows_which_record_it_is(child: Child, first: Actor, second: Actor) -> None:
    number = number_of(child.pk)
    night(GROWN_UP)
    request = ask(first, number)
    with pytest.raises(WrongStateError):
        ask(second, number)
    with pytest.raises(OwnCaseError):
        archive.give_archive(actor=first, request_id=request, number=number, seen=0)
    with pytest.raises(OtherRecordError):
        archive.give_archive(actor=second, request_id=request, number="12345678903", seen=0)
    archive.refuse_archive(actor=first, request_id=request, seen=0)
    assert archive.list_archive(actor=first) == []
    (event,) = events(kind=EventKind.ARCHIVE_REFUSED)
    assert event.child_id is None


def test_of_another_authority_there_is_nothing(child: Child) -> None:
    number = number_of(child.pk)
    night(GROWN_UP)
    with as_owner_here():
        works_for = factories.user(role=Role.ADMINISTRATOR)
        strangers = [
            factories.actor_for(works_for),
            factories.actor_for(factories.user(works_for=works_for.organisation, role=Role.ADMINISTRATOR)),
        ]
    given(*strangers, number)
    assert found(strangers[0]) == "none"


def test_upkeep_in_the_first_year_and_no_longer(child: Child, first: Actor, second: Actor) -> None:
    number = number_of(child.pk)
    night(GROWN_UP)
    for reason in ArchiveReason:
        given(first, second, number, reason)
        assert found(first) == "there", reason
    later = timezone.now() + answering.FIRST_YEAR
    with mock.patch.object(answering.timezone, "now", return_value=later):
        for reason in ArchiveReason:
            given(first, second, number, reason)
            assert found(first) == ("too_late" if reason == ArchiveReason.UPKEEP else "there"), reason


def test_a_shielded_record_gives_no_more_than_it_did(town: Town, add: AddChildren, first: Actor, second: Actor) -> None:
    (child,) = add(full_draft(town, shielded_since=date(2026, 1, 5)))
    number = number_of(child.pk)
    night(GROWN_UP)
    request = given(first, second, number)
    with as_worker():
        (stored,) = ArchiveRequest.objects.filter(pk=request)
        told = stored.answer.open()
    record = read(first, request)
    assert record == Record(record.identity, authority=town.authority, shielded=True)
    assert record.identity.name == "Amina Hussain"
    assert '"addresses"' not in told
    assert told.count('"kind"') == 1, "the legal name alone"


def test_a_record_closed_for_a_new_identity_is_not_there(town: Town, child: Child, first: Actor, second: Actor) -> None:
    with as_owner_here():
        desk = build_desk(build_office(town, child))
    number = desk.number
    desk.ask()
    file_shielded()
    desk.approve()
    assert sever() == 1
    night(GROWN_UP)
    given(first, second, number)
    assert found(first) == "none"


def kept_of(request: int) -> str | None:
    """The copy that was made for a request, opened."""
    with as_worker():
        told: str | None = ArchiveRequest.objects.get(pk=request).answer.open()
        return told


def test_the_copy_is_gone_once_it_was_read(child: Child, first: Actor, second: Actor) -> None:
    number = number_of(child.pk)
    night(GROWN_UP)
    request = given(first, second, number)
    assert kept_of(request)
    assert read(first, request)
    assert kept_of(request) is None


def test_whose_page_failed_asks_anew_and_finds_no_copy_left(child: Child, first: Actor, second: Actor) -> None:
    number = number_of(child.pk)
    night(GROWN_UP)
    request = given(first, second, number)
    with mock.patch.object(archive, "record_of", side_effect=RuntimeError), pytest.raises(RuntimeError):
        read(first, request)
    assert kept_of(request) is None
    with pytest.raises(WrongStateError) as refused:
        read(first, request)
    assert refused.value.sentence == SHOWN_BEFORE
    assert read(first, given(first, second, number)).identity.name == "Amina Hussain"


def test_the_day_begins_with_the_answer(child: Child, first: Actor, second: Actor) -> None:
    """The worker may have been away."""
    number = number_of(child.pk)
    night(GROWN_UP)
    request = ask(first, number)
    archive.give_archive(actor=second, request_id=request, number=number, seen=0)
    with as_owner_here():
        ArchiveRequest.objects.filter(pk=request).update(decided_at=timezone.now() - timedelta(hours=25))
    assert [each.id for each in archive.list_archive(actor=first)] == [request]
    assert answer() == 1
    with as_worker():
        answering.forget_answers()
    assert read(first, request).identity.name == "Amina Hussain"


def test_what_was_given_is_gone_after_a_day(child: Child, first: Actor, second: Actor) -> None:
    number = number_of(child.pk)
    night(GROWN_UP)
    request = given(first, second, number)
    with as_worker():
        answering.forget_answers()
    assert kept_of(request)
    with as_owner_here():
        ArchiveRequest.objects.filter(pk=request).update(answered_at=timezone.now() - timedelta(hours=25))
    with pytest.raises(NotFoundError):
        read(first, request)
    with as_worker():
        answering.forget_answers()
    assert kept_of(request) is None


def test_what_was_asked_goes_with_the_record(child: Child, first: Actor, second: Actor) -> None:
    """Also what led to none, was refused, or waits: it names the record by its number."""
    number = number_of(child.pk)
    given(first, second, number)
    assert found(first) == "none"
    archive.refuse_archive(actor=first, request_id=ask(first, number), seen=0)
    night(GROWN_UP)
    given(first, second, number)
    ask(first, number)
    night(GROWN_UP.replace(year=GROWN_UP.year + 6))
    with as_owner_here():
        assert not ArchiveRequest.objects.exists()


def test_one_that_cannot_be_answered_keeps_no_other_from_it(
    town: Town, child: Child, add: AddChildren, first: Actor, second: Actor
) -> None:
    (other,) = add(full_draft(town, numbers=[]))
    numbers = [number_of(each.pk) for each in (child, other)]
    night(GROWN_UP)
    for number in numbers:
        request = ask(first, number)
        archive.give_archive(actor=second, request_id=request, number=number, seen=0)
    failing = mock.patch.object(answering, "_told", side_effect=[RuntimeError, {}])
    with failing, capture_logs() as logs:
        assert answer() == 1
    assert [each["event"] for each in logs] == ["archive.not_answered"]
    assert answer() == 1


def test_by_the_pages(town: Town, child: Child) -> None:
    number = number_of(child.pk)
    night(GROWN_UP)
    with as_owner_here():
        asks, agrees = (Visitor(factories.user(works_for=town.authority, role=Role.ADMINISTRATOR)) for _ in range(2))
    assert "Choose why you must read it" in main_of(asks.post(LIST, number=number))
    assert "You have asked for it" in main_of(asks.fill(LIST, number=number, reason="archive_review"))
    assert "Somebody asked" in main_of(agrees.fill(LIST, number=number, reason="archive_death"))
    waits = main_of(agrees.get(LIST))
    assert "Waits for you" in waits
    assert "1 request to read the archive waits" in main_of(agrees.get(reverse("home")))
    (address,) = set(re.findall(r'href="(/archive/\d+/give/)"', waits))
    assert asks.get(address).status_code == 403
    assert "This is not the number" in main_of(agrees.fill(address, number="12345678903"))
    assert "You have agreed" in main_of(agrees.fill(address, number=number))
    assert "it is being looked for" in main_of(asks.get(LIST))
    answer()
    reads = address.removesuffix("give/")
    assert "Read the record" not in main_of(agrees.get(LIST))
    assert "Read the record" in main_of(asks.get(LIST))
    assert agrees.post(reads).status_code == 404
    page = main_of(asks.post(reads))
    assert "Amina Hussain" in page
    assert "12 Hidden Lane" in page
    assert "Sources differ about the address" in page
    assert "Wanda Secret" not in page
    assert SHOWN_BEFORE in main_of(asks.browser.post(reads, follow=True))
    assert asks.get(address).status_code == 302
