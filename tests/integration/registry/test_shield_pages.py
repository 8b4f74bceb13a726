"""The pages on which a shield is asked for, decided, reviewed and lifted, as those who use them walk through them."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from access.models import Role
from audit.events import EventKind
from registry.actions.shields import URGENT as AT_ONCE
from registry.models import ShieldRequest
from registry.views.steps import CHANGED
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.registry.people import HOME, AddChildren, Town, full_draft
from tests.integration.registry.shielding import Office, build_office, file_shielded
from tests.integration.registry.visiting import Visitor, age_reasons, assert_plain_refusal, main_of, text_of
from tests.log import events

ASKED = {"urgent": "no", "reason": "refuge", "asker": "carer", "identity_check": "known_from_work"}
LIST = reverse("shields")
STEP = re.compile(r'href="(/shields/[^"]+/(?:request|shield)/\d+/([a-z-]+)/)"')


@pytest.fixture
def office(town: Town, add: AddChildren) -> Office:
    (child,) = add(full_draft(town))
    with as_owner_here():
        return build_office(town, child)


@pytest.fixture
def worker(office: Office) -> Visitor:
    return Visitor(office.town.social_worker)


def asks(visitor: Visitor, **answers: str) -> str:
    """Ask from the record's page, by its link. Returns a reference to the child."""
    reference = visitor.opened()
    address = reverse("ask_shield", args=[reference])
    assert address in text_of(visitor.give_reason(reference))
    visitor.fill(address, **(ASKED | answers))
    return reference


def page_of(visitor: Visitor) -> str:
    """The address of the only child in the list."""
    (address,) = set(re.findall(r'href="(/shields/[^"/?]+/)"', text_of(visitor.get(LIST))))
    return address


def steps(visitor: Visitor) -> dict[str, str]:
    """What the visitor can do on the child's page, by name."""
    return {name: address for address, name in STEP.findall(text_of(visitor.get(page_of(visitor))))}


def take(visitor: Visitor, step: str, **typed: str) -> str:
    """Take a step by its page; what is told then."""
    return main_of(visitor.fill(steps(visitor)[step], **typed))


def test_from_the_request_to_the_end_by_the_pages(office: Office, worker: Visitor) -> None:
    reference = asks(worker)
    told = main_of(worker.get(reverse("ask_shield", args=[reference])))
    assert "You asked for this on" in told
    assert "Until then the details still show" in told
    assert "What to tell the family" in told
    first, second = Visitor(office.decider), Visitor(office.approver)
    assert "1 request to protect a child’s details waits" in text_of(first.get(reverse("home")))
    listed = main_of(first.get(LIST))
    assert "Amina" not in listed
    shown = main_of(first.get(page_of(first)))
    for words in ("Amina Hussain", "refuge", "I know them from my work", office.town.social_worker.name.open()):
        assert words in shown
    assert HOME not in shown
    assert "Choose what you decide" in take(first, "decide-shield")
    assert "Now another administrator approves it" in take(first, "decide-shield", decision="protect")
    assert list(steps(first)) == ["return-shield"]
    assert "1 decision about protection waits for you" in text_of(second.get(reverse("home")))
    approving = main_of(second.get(steps(second)["approve-shield"]))
    assert "Protect the child’s details" in approving
    assert "in force" in take(second, "approve-shield")
    record = main_of(worker.get(reverse("record", args=[reference])))
    assert "This child’s details are protected" in record
    assert HOME not in record
    file_shielded()
    second.get(f"{LIST}?show=all")
    assert "Nothing is to be reviewed" in main_of(first.get(LIST))
    child = re.findall(r'href="(/shields/[^"/?]+/)"', text_of(first.get(f"{LIST}?show=all")))[0]
    links = {name: address for address, name in STEP.findall(text_of(first.get(child)))}
    assert list(links) == ["review-shield", "ask-lifting"]
    assert "stay protected" in main_of(first.fill(links["review-shield"], why="still_at_risk"))
    assert "You have asked for it" in main_of(first.fill(links["ask-lifting"], why="risk_is_over"))
    assert list(steps(first)) == ["refuse-lifting"]
    assert "The protection has ended" in take(second, "lift-shield")
    assert "This child’s details are protected" not in main_of(worker.get(reverse("record", args=[reference])))
    ended = main_of(first.get(child))
    assert "Earlier protection" in ended
    assert "The risk is over" in ended


def test_an_urgent_request_hides_with_the_press_of_the_button(office: Office, worker: Visitor) -> None:
    reference = asks(worker, urgent="yes", identity_check="not_checked_yet")
    told = main_of(worker.get(reverse("ask_shield", args=[reference])))
    assert "The details are hidden now" in told
    other = Visitor(office.town.colleague)
    file_shielded()
    assert "This child’s details are protected" in main_of(other.give_reason(other.reference()))
    asked = events(kind=EventKind.SHIELD_ASKED)[-1]
    assert (asked.reason, asked.fields) == ("refuge", ["carer", "not_checked_yet", AT_ONCE])
    listed = main_of(Visitor(office.decider).get(LIST))
    assert "Urgent, hidden now" in listed


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"urgent": ""}, "Choose whether the details must be hidden now"),
        ({"reason": "made up"}, "Choose why the details must not show"),
        ({"asker": ""}, "Choose who asks for it"),
        ({"identity_check": ""}, "Choose how you made sure who they are"),
        ({"identity_check": "nobody_asked"}, "Choose how you made sure who they are"),
        ({"identity_check": "not_checked_yet"}, "Check who they are first"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    office: Office, worker: Visitor, answers: dict[str, str], told: str
) -> None:
    address = reverse("ask_shield", args=[worker.opened()])
    page = worker.fill(address, **(ASKED | answers))
    assert page.status_code == 200
    shown = main_of(page)
    assert "There is a problem" in shown
    assert told in shown
    assert shown.count(" checked") == len(
        [1 for name in ASKED if answers.get(name, "sent") in ("sent", "not_checked_yet")]
    )
    with as_owner_here():
        assert not ShieldRequest.objects.exists()


def test_asking_of_ones_own_accord_wants_no_check(office: Office, worker: Visitor) -> None:
    asks(worker, asker="own_judgement", identity_check="")
    with as_owner_here():
        (asked,) = ShieldRequest.objects.all()
    assert asked.identity_check == "nobody_asked"


def test_two_tabs_ask_once_and_a_second_person_learns_nothing(office: Office, worker: Visitor) -> None:
    reference = asks(worker)
    again = worker.follow(reverse("ask_shield", args=[reference]), **ASKED)
    assert "You asked for this before" in main_of(again)
    other = Visitor(office.town.colleague)
    asked = main_of(other.get(reverse("ask_shield", args=[other.opened()])))
    assert "You asked for this" not in asked
    assert "Ask for protection" in asked


def test_who_asked_is_told_what_was_decided(office: Office, worker: Visitor) -> None:
    reference = asks(worker)
    first, second = Visitor(office.decider), Visitor(office.approver)
    take(first, "decide-shield", decision="no_risk_found")
    waiting = main_of(worker.get(reverse("ask_shield", args=[reference])))
    assert "It waits for a second person" in waiting
    assert "nobody would be at risk" not in waiting
    take(second, "approve-shield")
    told = main_of(worker.get(reverse("ask_shield", args=[reference])))
    assert "nobody would be at risk" in told
    assert "Ask for protection" in told
    other = Visitor(office.town.colleague)
    assert "was decided on" not in main_of(other.get(reverse("ask_shield", args=[other.opened()])))


def test_a_stale_tab_changes_nothing_and_says_so(office: Office, worker: Visitor) -> None:
    asks(worker)
    first, second = Visitor(office.decider), Visitor(office.approver)
    stale = steps(second)["decide-shield"]
    take(first, "decide-shield", decision="another_child")
    assert CHANGED in main_of(second.fill(stale, decision="protect"))
    assert CHANGED in main_of(second.follow(stale, decision="protect", seen="0"))
    with as_owner_here():
        (asked,) = ShieldRequest.objects.all()
    assert (asked.decision, asked.decided_by_id, asked.approved_by_id) == ("another_child", office.decider.pk, None)


def test_whoever_decided_cannot_approve_by_the_address(office: Office, worker: Visitor) -> None:
    asks(worker)
    first, second = Visitor(office.decider), Visitor(office.approver)
    take(first, "decide-shield", decision="protect")
    approve = steps(second)["approve-shield"]
    # References are good in one session; the decider makes their own address from the second's.
    own = re.sub(r"^/shields/[^/]+/", page_of(first), approve)
    assert_plain_refusal(first.get(own), 403)
    assert_plain_refusal(first.post(own, seen="1"), 403)
    assert office.shield() is None


def test_an_unknown_list_number_or_reference_is_told_plainly(office: Office, worker: Visitor) -> None:
    asks(worker)
    first = Visitor(office.decider)
    assert "There is no such list" in main_of(first.browser.get(f"{LIST}?show=made-up", follow=True))
    known = steps(first)["decide-shield"]
    assert_plain_refusal(first.get(re.sub(r"\d+/decide", "999999/decide", known)), 404)
    assert_plain_refusal(first.get(reverse("shield", args=["made-up"])), 404)
    with as_owner_here():
        stranger = factories.user(role=Role.ADMINISTRATOR)
    assert "No request waits" in main_of(Visitor(stranger).get(LIST))


def test_when_the_reason_ran_out_the_person_says_it_again_and_loses_nothing(office: Office, worker: Visitor) -> None:
    reference = worker.opened()
    age_reasons(worker, timedelta(minutes=31))
    asked = worker.follow(reverse("ask_shield", args=[reference]), **ASKED)
    assert "Why do you need to open this record?" in text_of(asked)
    (address,) = re.findall(
        r"/record/[^/]+/reason/[^\"]*answers[^\"]*", asked.request["PATH_INFO"] + "?" + asked.request["QUERY_STRING"]
    )
    form = worker.follow(address, reason="s11")
    assert main_of(form).count(" checked") == len(ASKED)
