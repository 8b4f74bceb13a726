"""The pages on which a connection is asked for, followed and made, as those who use them walk through them."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from access.models import Role, User
from registry.models import ConnectionRequest
from registry.views import state
from registry.views.steps import CHANGED
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.registry.connecting import Desk, build_desk
from tests.integration.registry.people import AddChildren, Town, full_draft
from tests.integration.registry.visiting import (
    Visitor,
    age_reasons,
    assert_plain_refusal,
    hidden,
    main_of,
    rows_of,
    text_of,
)
from tests.log import events

ASKED = {"reason": "safety_worry", "soon": "within_days", "telephone": "0161 496 0777"}
LIST, OWN = reverse("connections"), reverse("my_connections")
LINK = "Ask the team to make the connection"


@pytest.fixture
def desk(town: Town, add: AddChildren) -> Desk:
    (child,) = add(full_draft(town))
    with as_owner_here():
        return build_desk(town, child)


@pytest.fixture
def worker(desk: Desk) -> Visitor:
    return Visitor(desk.town.social_worker)


def asks(visitor: Visitor, **answers: str) -> str:
    """Ask from the record's page, by its link. Returns a reference to the child."""
    reference = visitor.opened()
    address = reverse("ask_connection", args=[reference])
    record = main_of(visitor.get(reverse("record", args=[reference])))
    assert address in record
    visitor.fill(address, **(ASKED | answers))
    return reference


def record_of(visitor: Visitor, reference: str) -> str:
    return main_of(visitor.get(reverse("record", args=[reference])))


def asking(visitor: Visitor, reference: str) -> str:
    return main_of(visitor.get(reverse("ask_connection", args=[reference])))


def page_of(visitor: Visitor) -> str:
    """The address of the only child in the list."""
    (address,) = set(re.findall(r'href="(/connections/[^"/?]+/)"', text_of(visitor.get(LIST))))
    return address


def steps(visitor: Visitor) -> dict[str, str]:
    """What the visitor can do on the child's page, by name."""
    found = re.findall(r'href="(/connections/[^"]+/\d+/([a-z-]+)/)"', text_of(visitor.get(page_of(visitor))))
    return {name: address for address, name in found}


def test_from_the_record_to_the_end_by_the_pages(desk: Desk, worker: Visitor) -> None:
    reference = asks(worker)
    assert "Waiting for the management team" in asking(worker, reference)
    assert "Waiting for the management team" in record_of(worker, reference)
    assert LINK not in record_of(worker, reference)
    assert "Waiting for the management team" in main_of(worker.get(OWN))
    assert "Amina" not in main_of(worker.get(OWN))
    team = Visitor(desk.first)
    assert "1 connection asked for waits" in text_of(team.get(reverse("home")))
    listed = main_of(team.get(LIST))
    assert "In the next days" in listed
    for hidden_there in ("Amina", "0777", "Wanda"):
        assert hidden_there not in listed
    page = page_of(team)
    shown = main_of(team.get(page))
    for words in ("Amina Hussain", "Wanda Secret", desk.town.clinic.name, "0161 496 0777", "Mental health"):
        assert words in shown
    assert desk.town.social_worker.name.open() in shown
    for other in (desk.town.school.name, desk.town.practice.name, "Sam Okoro", "Hidden Lane", "Farah", "Malik"):
        assert other not in shown
    links = steps(team)
    assert list(links) == ["note-connection", "close-connection"]
    assert "Choose what you did" in main_of(team.fill(links["note-connection"]))
    assert "It is noted" in main_of(team.fill(links["note-connection"], step="left_message"))
    assert "Left a message" in main_of(team.get(page))
    assert "The management team is on it" in record_of(worker, reference)
    assert "Left a message" not in asking(worker, reference)
    second = Visitor(desk.second)
    assert "Begun" in main_of(second.get(LIST))
    closed = main_of(second.fill(steps(second)["close-connection"], outcome="will_ring"))
    assert "The request is closed" in closed
    assert "Wanda Secret" not in closed, "there is nobody to ring any more"
    assert "0777" not in closed
    for told in (record_of(worker, reference), asking(worker, reference), main_of(worker.get(OWN))):
        assert "You will be rung" in told
    assert "No request waits" in main_of(team.get(LIST))
    assert "Nothing waits for you" in main_of(team.get(reverse("home")))


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"reason": ""}, "Choose why you must speak to them"),
        ({"soon": "yesterday"}, "Choose how soon you need it"),
        ({"telephone": ""}, "Enter a telephone number"),
        ({"telephone": "ask at the desk"}, "Enter a telephone number, like"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(worker: Visitor, answers: dict[str, str], told: str) -> None:
    page = worker.fill(reverse("ask_connection", args=[worker.opened()]), **(ASKED | answers))
    assert page.status_code == 200
    shown = main_of(page)
    assert "There is a problem" in shown
    assert told in shown
    assert shown.count(" checked") == 2 - sum(name in answers for name in ("reason", "soon"))
    assert answers.get("telephone", "0161 496 0777") in shown
    with as_owner_here():
        assert not ConnectionRequest.objects.exists()


def test_two_tabs_ask_once(worker: Visitor) -> None:
    reference = asks(worker)
    again = worker.follow(reverse("ask_connection", args=[reference]), **ASKED | {"soon": "today"})
    assert "You asked for this before" in main_of(again)
    with as_owner_here():
        (one,) = ConnectionRequest.objects.all()
    assert one.soon == "within_days"


def test_when_the_reason_ran_out_the_person_says_it_again_and_loses_nothing(worker: Visitor) -> None:
    reference = worker.opened()
    age_reasons(worker, state.REASON_HOLDS + timedelta(minutes=1))
    asked = worker.follow(reverse("ask_connection", args=[reference]), **ASKED)
    ((address, _status),) = asked.redirect_chain
    form = main_of(worker.follow(address, reason="s11"))
    assert form.count(" checked") == 2
    assert "0161 496 0777" in form


def test_the_number_that_one_gave_before_stands_there(desk: Desk, worker: Visitor) -> None:
    with as_owner_here():
        person = User.objects.get(pk=desk.town.social_worker.pk)
        person.telephone = "+441614960555"
        person.save()
    assert 'value="0161 496 0555"' in asking(worker, worker.opened())


def test_a_stale_tab_changes_nothing_and_says_so(desk: Desk, worker: Visitor) -> None:
    asks(worker)
    first, second = Visitor(desk.first), Visitor(desk.second)
    stale = steps(first)["close-connection"]
    sent = hidden(first.get(stale)) | {"outcome": "service_declined"}
    second.fill(steps(second)["note-connection"], step="rang_service")
    assert CHANGED in main_of(first.follow(stale, **sent))
    second.fill(steps(second)["close-connection"], outcome="will_ring")
    assert CHANGED in main_of(first.browser.get(stale, follow=True))
    assert CHANGED in main_of(first.follow(stale, **sent | {"seen": "2"}))
    with as_owner_here():
        assert ConnectionRequest.objects.get().outcome == "will_ring"


@pytest.mark.parametrize("seen", ["", "made up", "-1"])
def test_a_step_whose_page_is_spoilt_is_told_plainly(desk: Desk, worker: Visitor, seen: str) -> None:
    asks(worker)
    team = Visitor(desk.first)
    page = team.post(steps(team)["note-connection"], step="rang_service", seen=seen)
    assert page.status_code == 200
    assert "This page is out of date" in main_of(page)


def test_what_is_not_there_is_not_found_and_what_is_not_theirs_too(desk: Desk, worker: Visitor) -> None:
    reference = asks(worker)
    team = Visitor(desk.first)
    known = steps(team)["close-connection"]
    for address in (re.sub(r"\d+/close", "999999/close", known), reverse("connection", args=["made-up"])):
        assert_plain_refusal(team.get(address), 404)
    with as_owner_here():
        stranger = Visitor(factories.user(role=Role.ADMINISTRATOR))
    assert "No request waits" in main_of(stranger.get(LIST))
    for address in (LIST, page_of(team)):
        assert_plain_refusal(worker.get(address), 403)
    for address in (OWN, reverse("ask_connection", args=[reference])):
        assert_plain_refusal(team.get(address), 403)


def test_late_ones_stand_on_top(desk: Desk, worker: Visitor) -> None:
    asks(worker, soon="within_weeks")
    asks(Visitor(desk.town.teacher), soon="today")
    asks(Visitor(desk.town.colleague), soon="within_days")
    team = Visitor(desk.first)

    def order() -> list[str]:
        return [
            next(soon for soon in ("Today", "In the next days", "It can wait") if soon in row)
            for row in rows_of(text_of(team.get(LIST)))
        ]

    assert order() == ["Today", "In the next days", "It can wait"]
    assert "Late" not in "".join(rows_of(text_of(team.get(LIST))))
    with as_owner_here():
        ConnectionRequest.objects.filter(soon="within_weeks").update(asked_at=timezone.now() - timedelta(days=15))
    assert order() == ["It can wait", "Today", "In the next days"]
    (late,) = (row for row in rows_of(text_of(team.get(LIST))) if "Late" in row)
    assert "It can wait" in late


def test_nobody_but_practitioners_is_led_there(desk: Desk) -> None:
    mediator = Visitor(desk.town.mediator)
    mediator.take_call(desk.town.colleague)
    reference = mediator.opened()
    record = record_of(mediator, reference)
    assert "A sensitive service is involved" in record
    assert LINK not in record
    assert_plain_refusal(mediator.get(reverse("ask_connection", args=[reference])), 403)
    therapist = Visitor(desk.town.therapist)
    assert LINK not in record_of(therapist, therapist.opened()), "they know which service it is"


def test_that_the_asking_page_is_shown_is_recorded(worker: Visitor, desk: Desk) -> None:
    reference = worker.opened()
    before = len(events(kind="child.shown"))
    asking(worker, reference)
    (shown,) = events(kind="child.shown")[before:]
    assert shown.child_id == desk.child.pk
