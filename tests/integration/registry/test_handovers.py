"""A record that changes hands, by the pages: offered, taken over, declined, withdrawn; and what goes along."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.events import EventKind
from audit.reasons import ConnectionStep, Reason, ShieldDecision
from registry.actions import connections
from registry.actions.finding import open_record
from registry.actions.shields import list_shields, read_shield
from registry.models import Handover, ShieldRequest
from registry.views.handovers import NO_SUCH_RECORD
from registry.views.steps import CHANGED
from registry.worker import severing, watching
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry import connecting
from tests.integration.registry.handing import LIST, Border, build_border
from tests.integration.registry.people import HOME, AddChildren, Town, full_draft
from tests.integration.registry.severing import build_desk
from tests.integration.registry.shielding import URGENT, WANTED, build_office, file_shielded
from tests.integration.registry.visiting import Visitor, assert_plain_refusal, main_of, text_of
from tests.log import events


@pytest.fixture
def border(town: Town, add: AddChildren) -> Border:
    (child,) = add(full_draft(town))
    with as_owner_here():
        return build_border(town, child)


def test_from_the_offer_to_the_other_council_by_the_pages(border: Border) -> None:
    assert "The record is offered" in border.offer()
    assert border.authority() == border.town.authority.pk, "until it is accepted the old one answers"
    assert "1 record is offered to your council" in text_of(border.takes.get(reverse("home")))
    listed = main_of(border.takes.get(LIST))
    assert "Amina" not in listed
    assert border.town.authority.name in listed
    page = main_of(border.takes.get(border.offered()))
    assert "Amina Hussain" in page
    assert "The child has moved home" in page
    for hidden in ("Malik", HOME, "Hidden Lane", "Farah", border.town.school.name):
        assert hidden not in page
    assert "Your council answers for this record now" in border.step(border.takes, "accept")
    assert border.authority() == border.away.pk
    steps = [each for each in events(child_id=border.child.pk) if each.kind.startswith("handover.")]
    assert [each.kind for each in steps if each.kind != EventKind.HANDOVER_READ] == [
        EventKind.HANDOVER_OFFERED,
        EventKind.HANDOVER_ACCEPTED,
    ]
    offered, accepted = (each for each in steps if each.kind != EventKind.HANDOVER_READ)
    assert (offered.reason, offered.authority_id) == ("moved_home", border.town.authority.pk)
    assert (accepted.reason, accepted.authority_id) == ("moved_home", border.away.pk)
    for visitor in (border.gives, border.takes):
        assert "Nothing is offered to you" in main_of(visitor.get(LIST))
    assert NO_SUCH_RECORD in main_of(border.gives.follow(LIST, number=border.number))
    found = border.takes.browser.post(LIST, {"number": border.number})
    assert "Taken over on" in main_of(border.takes.get(found.headers["Location"]))


def test_the_record_opens_after_as_before(border: Border) -> None:
    border.offer()
    border.step(border.takes, "accept")
    read = open_record(actor=border.town.actor(), child_id=border.child.pk, reason=Reason.SAFEGUARDING)
    assert (read.identity.name, read.authority) == ("Amina Hussain", border.away)
    assert read.addresses
    assert read.current


def test_what_is_declined_stays_and_says_why(border: Border) -> None:
    border.offer()
    assert "Choose why you do not take it over" in border.step(border.takes, "decline")
    assert "The offer is declined" in border.step(border.takes, "decline", why="lives_elsewhere")
    assert border.authority() == border.town.authority.pk
    page = main_of(border.gives.get(border.page()))
    assert "Declined on" in page
    assert "The child does not live in our area" in page
    assert "Offer the record" in page
    assert "Nothing is offered to you" in main_of(border.takes.get(LIST))
    assert "The record is offered" in border.offer()


def test_what_is_withdrawn_is_not_there_for_the_other(border: Border) -> None:
    border.offer()
    address = border.offered()
    (waiting,) = {border.last().pk}
    assert "The offer is withdrawn" in border.step(border.gives, "withdraw")
    for step in ("", f"{waiting}/accept/", f"{waiting}/decline/"):
        assert_plain_refusal(border.takes.get(f"{address}{step}"), 404)
    assert border.authority() == border.town.authority.pk


def test_two_tabs_and_two_people_at_once(border: Border) -> None:
    border.offer()
    number = border.last().pk
    late = f"{border.offered()}{number}/accept/"
    border.takes.get(late)
    assert CHANGED in text_of(border.takes.follow(late, seen="1"))
    again = main_of(border.gives.follow(border.page(), to=str(border.away.pk), reason="looked_after"))
    assert "This record cannot be offered now" in again or "Withdraw the offer" in again
    assert border.last().pk == number
    border.step(border.gives, "withdraw")
    assert_plain_refusal(border.takes.follow(late, seen="0"), 404)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"to": ""}, "Choose a council"),
        ({"to": "999999"}, "Choose a council"),
        ({"reason": ""}, "Choose why"),
        ({"reason": "made up"}, "Choose why"),
    ],
)
def test_what_is_wrong_is_said(border: Border, changes: dict[str, str], told: str) -> None:
    page = border.offer(**changes)
    assert "There is a problem" in page
    assert told in page
    with as_owner_here():
        assert not Handover.objects.exists()


def test_ones_own_council_is_not_on_the_list(border: Border) -> None:
    page = main_of(border.gives.get(border.page()))
    assert f'value="{border.away.pk}"' in page
    assert f'value="{border.town.authority.pk}"' not in page


def test_a_number_of_another_council_of_a_closed_record_and_of_nobody_are_told_alike(
    border: Border, add: AddChildren
) -> None:
    (archived,) = add(full_draft(border.town, numbers=[]))
    with as_worker():
        number = archived.number.open()
        type(archived).objects.filter(pk=archived.pk).update(archived=True)
    pages = [main_of(border.takes.follow(LIST, number=border.number))]
    pages += [main_of(border.gives.follow(LIST, number=each)) for each in (number, "12345678903")]
    assert all(NO_SUCH_RECORD in page for page in pages)
    looked = [each for each in events(kind=EventKind.HANDOVER_LISTED) if each.fields]
    assert [each.fields[0][:6] for each in looked] == ["asked."] * 3
    assert not events(kind=EventKind.HANDOVER_READ)


def test_what_nobody_answers_in_ten_working_days_is_raised_on_both_lists(border: Border) -> None:
    border.offer()
    for visitor in (border.gives, border.takes):
        assert "Overdue" not in main_of(visitor.get(LIST)).replace("is overdue when", "")
    with as_owner_here():
        Handover.objects.update(offered_at=timezone.now() - timedelta(days=13))
    assert not any("govuk-tag--red" in main_of(each.get(LIST)) for each in (border.gives, border.takes))
    with as_owner_here():
        Handover.objects.update(offered_at=timezone.now() - timedelta(days=17))
    assert all("govuk-tag--red" in main_of(each.get(LIST)) for each in (border.gives, border.takes))
    assert "Overdue" in main_of(border.takes.get(border.offered()))


def test_only_administrators_have_the_pages(border: Border) -> None:
    border.offer()
    address = border.offered()
    for who in ("teacher", "social_worker"):
        visitor = Visitor(getattr(border.town, who))
        for page in (LIST, address):
            assert_plain_refusal(visitor.get(page), 403)


def test_a_shield_is_reviewed_by_the_new_council_and_asked_for_anew(border: Border, town: Town) -> None:
    with as_owner_here():
        office = build_office(town, border.child)
    asked = office.asked(URGENT)
    shield = office.shield()
    assert shield
    with as_owner_here():
        ShieldRequest.objects.filter(pk=asked.pk).update(
            decision=ShieldDecision.NO_RISK, decided_by=office.decider, decided_at=timezone.now(), steps=1
        )
        type(shield).objects.filter(pk=shield.pk).update(started_on=factories.today() - timedelta(days=9))
    file_shielded()
    border.offer()
    assert "Amina Hussain" in main_of(border.takes.get(border.offered()))
    border.step(border.takes, "accept")
    now = office.shield()
    assert now
    assert (now.authority_id, now.review_on, now.ended_on) == (border.away.pk, factories.today(), None)
    with as_owner_here():
        request = ShieldRequest.objects.get(pk=asked.pk)
    assert (request.authority_id, request.decision, request.decided_by_id) == (border.away.pk, "", None)
    actor = factories.actor_for(border.takes.person)
    waiting = list_shields(actor=actor)
    assert ([each.pk for each in waiting.requests], [each.pk for each in waiting.shields]) == ([asked.pk], [shield.pk])
    assert read_shield(actor=actor, child_id=border.child.pk).in_force
    old = list_shields(actor=factories.actor_for(office.decider))
    assert (old.requests, old.shields) == ([], [])
    with as_owner_here():
        ShieldRequest.objects.filter(pk=asked.pk).update(asked_at=timezone.now() - timedelta(days=9))
    with as_worker():
        assert watching.watch_shields() == 1
    (alert,) = events(kind=EventKind.ALERT_RAISED, reason="unconfirmed")
    assert alert.authority_id == border.away.pk


def test_an_ordinary_request_for_a_shield_waits_for_the_new_council(border: Border, town: Town) -> None:
    with as_owner_here():
        office = build_office(town, border.child)
    asked = office.asked(WANTED)
    border.offer()
    border.step(border.takes, "accept")
    assert office.shield() is None
    waiting = list_shields(actor=factories.actor_for(border.takes.person))
    assert [each.pk for each in waiting.requests] == [asked.pk]


def test_a_connection_that_is_asked_for_is_made_by_the_new_council(border: Border, town: Town) -> None:
    with as_owner_here():
        desk = connecting.build_desk(town, border.child)
    asked = desk.asked()
    border.offer()
    border.step(border.takes, "accept")
    actor = factories.actor_for(border.takes.person)
    assert [each.pk for each in connections.list_connections(actor=actor)] == [asked.pk]
    about = {"child_id": border.child.pk, "request_id": asked.pk}
    connections.note_step(actor=actor, **about, step=ConnectionStep.RANG, seen=0)
    assert connections.list_connections(actor=desk.maker()) == []


def test_a_new_identity_that_is_asked_for_keeps_the_record(border: Border, town: Town) -> None:
    border.offer()
    address = border.offered()
    number = border.last().pk
    with as_owner_here():
        desk = build_desk(build_office(town, border.child))
    desk.ask()
    assert "Nothing is offered to you" in main_of(border.takes.get(LIST))
    assert "is offered to your council" not in text_of(border.takes.get(reverse("home")))
    for step in ("", f"{number}/accept/"):
        assert_plain_refusal(border.takes.get(f"{address}{step}"), 404)
    assert "Offer 1" in main_of(border.gives.get(LIST)) or f"Offer {number}" in main_of(border.gives.get(LIST))
    border.step(border.gives, "withdraw")
    assert "This record cannot be offered now" in border.offer()
    file_shielded()
    desk.approve()
    with as_worker():
        assert severing.sever_approved() == 1
    assert NO_SUCH_RECORD in main_of(border.gives.follow(LIST, number=desk.number))


def test_the_offer_is_destroyed_with_the_record(border: Border) -> None:
    border.offer()
    with as_worker():
        type(border.child).objects.filter(pk=border.child.pk).update(archived=True)
        type(border.child).objects.filter(pk=border.child.pk)._raw_delete("default")
    with as_owner_here():
        assert not Handover.objects.exists()
