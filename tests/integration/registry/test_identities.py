"""A new identity by the pages: asked for, approved, closed and made; and which is which, read by two together."""

import re

import pytest
from django.db import connection
from django.urls import reverse

from audit.events import Alert, EventKind
from audit.reasons import Reason
from registry.actions.finding import open_record
from registry.actions.recalling import recall
from registry.models import IdentityRequest
from registry.rules.numbers import shown
from registry.views.identities import NO_SUCH_RECORD, OTHER_NUMBER
from registry.views.steps import CHANGED
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.registry.people import HOME, AddChildren, Town, full_draft
from tests.integration.registry.severing import (
    LIST,
    WANTED,
    Desk,
    build_desk,
    make,
    names_of,
    number_of,
    open_given,
    sever,
    severed,
    waiting,
)
from tests.integration.registry.shielding import Office, build_office, file_shielded
from tests.integration.registry.visiting import Visitor, assert_plain_refusal, main_of, text_of
from tests.log import events

NEW_NAME = {"given_name": "Wren", "family_name": "Alderton"}
BORN = {"date_of_birth_day": "9", "date_of_birth_month": "4", "date_of_birth_year": "2017"}


@pytest.fixture
def office(town: Town, add: AddChildren) -> Office:
    (child,) = add(full_draft(town))
    with as_owner_here():
        return build_office(town, child)


@pytest.fixture
def desk(office: Office) -> Desk:
    return build_desk(office)


def request() -> IdentityRequest:
    with as_owner_here():
        return IdentityRequest.objects.latest("id")


def test_from_the_request_to_the_new_record_by_the_pages(desk: Desk) -> None:
    practitioner = Visitor(desk.office.town.social_worker)
    reference = practitioner.opened()
    asked = desk.ask()
    assert "You have asked for a new identity" in asked
    assert "What to tell the family" in asked
    for typed in ("Wren", "Alderton", "LA9 4AA", "Quiet Close"):
        assert typed not in asked.replace("New given name", "")
    assert "This child’s details are protected" in main_of(practitioner.get(reverse("record", args=[reference])))
    assert "1 new identity waits for you to approve it" in text_of(desk.second.get(reverse("home")))
    assert "Amina" not in main_of(desk.second.get(LIST))
    page = main_of(desk.second.get(desk.page_of(desk.second)))
    assert "Amina Hussain" in page
    assert "An adoption order was made" in page
    assert "Wren" not in page
    file_shielded()
    assert "The new identity is approved" in desk.approve()
    assert sever() == 1
    assert sever() == 0
    assert request().wanted is None
    (new,) = make()
    assert waiting() == 0
    steps = events(child_id=desk.child_id, kind__startswith="identity.")
    assert [each.kind for each in steps if each.kind != EventKind.IDENTITY_READ] == [
        EventKind.IDENTITY_ASKED,
        EventKind.IDENTITY_APPROVED,
        EventKind.IDENTITY_SEVERED,
    ]
    assert [each.kind for each in events(child_id=new)] == [EventKind.CHILD_ADDED]


def test_the_new_record_has_the_new_name_alone_and_is_protected(desk: Desk) -> None:
    new = severed(desk)
    assert names_of(new) == [("legal", "Wren", "Alderton")]
    with as_owner_here(), connection.cursor() as cursor:
        for table in ("childnumber", "guardian", "involvement"):
            cursor.execute(f"SELECT count(*) FROM registry_{table} WHERE child_id = %s", [new])
            assert cursor.fetchone() == (0,)
        cursor.execute("SELECT request_id, filed_at IS NULL FROM registry_shield WHERE child_id = %s", [new])
        assert cursor.fetchall() == [(None, False)]
    practitioner = Visitor(desk.office.town.social_worker)
    listed = text_of(practitioner.search(**NEW_NAME, **BORN))
    (reference,) = set(re.findall(r"/record/([^/]+)/reason/", listed))
    record = main_of(practitioner.give_reason(reference))
    assert "Wren Alderton" in record
    assert shown(number_of(new)) in record
    for old in ("Amina", "Hussain", "Malik", shown(desk.number), HOME, "LA9 4AA", "Kendal"):
        assert old not in record


def test_the_old_record_is_found_and_opened_by_nobody(desk: Desk) -> None:
    practitioner, other = Visitor(desk.office.town.social_worker), desk.office.town.actor("colleague")
    reference = practitioner.opened()
    open_record(actor=other, child_id=desk.child_id, reason=Reason.SAFEGUARDING)
    severed(desk)
    for typed in ({}, {"number": desk.number}, {"number": "9434765919"}):
        assert "/reason/" not in main_of(practitioner.search(**typed))
    for page in ("record", "open_record"):
        assert_plain_refusal(practitioner.get(reverse(page, args=[reference])), 404)
    assert_plain_refusal(practitioner.give_reason(reference), 404)
    assert recall(actor=other) == []
    for visitor in (desk.first, desk.second):
        # Of the two that are hidden, the list has the new one alone; and nothing of a request that is done.
        listed = text_of(visitor.get(f"{reverse('shields')}?show=all"))
        (child,) = set(re.findall(r'href="(/shields/[^"/?]+/)"', listed))
        assert "Wren Alderton" in main_of(visitor.get(child))
        assert "No new identity waits" in main_of(visitor.get(LIST))
        # The number leads to a page that says it is closed, and no name.
        closed = main_of(visitor.get(desk.page_of(visitor)))
        assert "This record is closed" in closed
        assert "Amina" not in closed


def test_a_refusal_destroys_the_name_and_keeps_the_child_hidden(desk: Desk) -> None:
    desk.ask()
    told = desk.step(desk.second, "refuse")
    assert "Choose why there should be no new identity now" in told
    refused = desk.step(desk.second, "refuse", why="no_order_seen")
    assert "The request is closed, and the new name is destroyed" in refused
    assert "I have not seen the order" in refused
    done = request()
    assert (done.outcome, done.wanted, done.decided_by_id) == ("refused", None, desk.office.approver.pk)
    assert desk.office.shield()
    assert sever() == 0
    assert "I have not seen the order" in main_of(desk.first.get(desk.page_of(desk.first)))
    assert "You have asked for a new identity" in desk.ask()


def test_who_asked_takes_it_back_and_does_not_approve_it(desk: Desk) -> None:
    desk.ask()
    page = text_of(desk.first.get(desk.page_of(desk.first)))
    assert "Take it back" in page
    assert "Approve it" not in page
    (refusing,) = set(re.findall(r'href="(/identities/[^"]+/\d+/refuse/)"', page))
    assert_plain_refusal(desk.first.get(refusing.replace("refuse", "approve")), 403)
    assert_plain_refusal(desk.first.post(refusing.replace("refuse", "approve"), seen="0"), 403)
    assert "The request is closed" in main_of(desk.first.fill(refusing, why="to_be_asked_anew"))


def test_two_tabs_and_two_people_at_once(desk: Desk) -> None:
    typed = {**WANTED, "authority": str(desk.office.town.authority.pk)}
    late = desk.page_of(desk.second)
    desk.ask()
    assert "A new identity was asked for already" in main_of(desk.second.follow(late, **typed))
    page = text_of(desk.second.get(late))
    (approving,) = set(re.findall(r'href="(/identities/[^"]+/\d+/approve/)"', page))
    shown_before = desk.second.get(approving)
    desk.step(desk.first, "refuse", why="to_be_asked_anew")
    assert CHANGED in text_of(desk.second.follow(approving, seen="0"))
    assert CHANGED in text_of(desk.second.browser.get(approving, follow=True))
    assert shown_before.status_code == 200


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"reason": "made up"}, "Choose why there is a new identity"),
        ({"given": ""}, "Enter the new given name"),
        ({"family": "4lderton"}, "New family name must only include letters"),
        ({"date_of_birth_month": "14"}, "Date of birth"),
        ({"date_of_birth_year": "1990"}, "no record is kept of anybody older"),
        ({"gender": ""}, "Choose the gender"),
        ({"authority": "999999"}, "Choose a council"),
        ({"town": ""}, "Enter the whole address, or leave all of it out"),
        ({"postcode": "LA9"}, "Enter a full postcode"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(desk: Desk, changes: dict[str, str], told: str) -> None:
    page = desk.ask(**changes)
    assert "There is a problem" in page
    assert told in page
    for name in ("given", "family", "lines"):
        if name not in changes:
            assert WANTED[name] in page
    with as_owner_here():
        assert not IdentityRequest.objects.exists()
    assert desk.office.shield() is None


def test_the_page_of_a_shield_leads_there_without_a_number(desk: Desk) -> None:
    desk.office.asked()
    shields = text_of(desk.first.get(reverse("shields")))
    (shield,) = set(re.findall(r'href="(/shields/[^"/?]+/)"', shields))
    (identity,) = set(re.findall(r'href="(/identities/[^"/]+/)"', text_of(desk.first.get(shield))))
    assert "Amina Hussain" in main_of(desk.first.get(identity))
    typed = {**WANTED, "authority": str(desk.office.town.authority.pk)}
    assert "You have asked for a new identity" in main_of(desk.first.fill(identity, **typed))
    assert not [each for each in events(kind=EventKind.IDENTITY_LISTED) if each.fields]


def test_a_number_of_another_council_or_of_nobody_is_none(desk: Desk, add: AddChildren) -> None:
    with as_owner_here():
        stranger = factories.user(role=factories.Role.ADMINISTRATOR)
    visitor = Visitor(stranger)
    for number in (desk.number, "12345678903"):
        assert NO_SUCH_RECORD in main_of(visitor.follow(LIST, number=number))
    assert "it has 11 digits" in main_of(visitor.follow(LIST, number="9434765919"))
    assert [each.fields[0][:6] for each in events(kind=EventKind.IDENTITY_LISTED) if each.fields] == [
        "asked.",
        "asked.",
    ]
    assert not events(kind=EventKind.IDENTITY_READ)


def test_two_people_read_which_is_which_once_each_and_auditors_know(desk: Desk) -> None:
    new = severed(desk)
    asked = main_of(desk.first.fill(desk.page_of(desk.first), reason="link_for_harm"))
    assert "Tell them the number of the closed record" in asked
    assert "Somebody asked for this already" in main_of(
        desk.second.fill(desk.page_of(desk.second), reason="link_by_order")
    )
    assert "Agree" not in main_of(desk.first.get(LIST))
    (giving,) = set(re.findall(r'href="(/identities/which/\d+/give/)"', text_of(desk.second.get(LIST))))
    assert_plain_refusal(desk.first.get(giving), 403)
    assert OTHER_NUMBER in main_of(desk.second.fill(giving, number="12345678903"))
    assert open_given() == 0
    assert "You have agreed" in main_of(desk.second.fill(giving, number=desk.number))
    reading = giving.replace("give/", "")
    assert "It is being opened" in main_of(desk.second.follow(reading))
    assert open_given() == 1
    assert open_given() == 0
    (alert,) = events(kind=EventKind.ALERT_RAISED, reason=Alert.ESCROW_OPENED)
    assert alert.authority_id == desk.office.town.authority.pk
    for visitor in (desk.second, desk.first):
        assert shown(number_of(new)) in main_of(visitor.follow(reading))
        assert "It was shown to you before" in main_of(visitor.follow(reading))
    with as_owner_here():
        third = factories.user(works_for=desk.office.town.authority, role=factories.Role.ADMINISTRATOR)
    assert_plain_refusal(Visitor(third).follow(reading), 404)


def test_a_link_is_refused_and_taken_back(desk: Desk) -> None:
    severed(desk)
    for visitor in (desk.first, desk.second):
        desk.first.fill(desk.page_of(desk.first), reason="link_for_harm")
        (refusing,) = set(re.findall(r'href="(/identities/which/\d+/refuse/)"', text_of(visitor.get(LIST))))
        assert "The request is closed. Nothing was opened" in main_of(visitor.fill(refusing))
        assert open_given() == 0
    assert "Nobody has asked" in main_of(desk.first.get(LIST))


def test_the_protection_does_not_end_while_a_new_identity_waits(desk: Desk) -> None:
    desk.ask()
    file_shielded()
    listed = text_of(desk.first.get(f"{reverse('shields')}?show=all"))
    (child,) = set(re.findall(r'href="(/shields/[^"/?]+/)"', listed))
    (asking,) = set(re.findall(r'href="(/shields/[^"]+/ask-lifting/)"', text_of(desk.first.get(child))))
    desk.first.fill(asking, why="risk_is_over")
    listed = text_of(desk.second.get(reverse("shields")))
    (child,) = set(re.findall(r'href="(/shields/[^"/?]+/)"', listed))
    (lifting,) = set(re.findall(r'href="(/shields/[^"]+/lift-shield/)"', text_of(desk.second.get(child))))
    assert_plain_refusal(desk.second.fill(lifting), 403)
    assert desk.office.shield()
