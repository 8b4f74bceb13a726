"""The pages on which somebody is let see a protected record by name, as those who use them walk through them."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from registry.actions.leaves import NOBODY, SAME_PERSON
from registry.models import LeaveRequest
from registry.views.leaves import NOT_PROTECTED
from registry.views.steps import CHANGED
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.registry.emergencies import Refuge, build_refuge
from tests.integration.registry.people import HOME, Town
from tests.integration.registry.shielding import file_shielded
from tests.integration.registry.visiting import Visitor, assert_plain_refusal, main_of, text_of

STEP = re.compile(r'href="(/shields/[^"]+/leave/\d+/([a-z-]+)/)"')


@pytest.fixture
def refuge(town: Town) -> Refuge:
    with as_owner_here():
        made = build_refuge(town)
    file_shielded()
    return made


def page_of(visitor: Visitor) -> str:
    """The address of the only protected child."""
    (address,) = set(re.findall(r'href="(/shields/[^"/?]+/)"', text_of(visitor.get(f"{reverse('shields')}?show=all"))))
    return address


def ask_of(visitor: Visitor) -> str:
    (address,) = re.findall(r'href="(/shields/[^"]+/leave/new/)"', text_of(visitor.get(page_of(visitor))))
    return address


def steps(visitor: Visitor) -> dict[str, str]:
    return {name: address for address, name in STEP.findall(text_of(visitor.get(page_of(visitor))))}


def asked(refuge: Refuge, **changes: str) -> dict[str, str]:
    until = refuge.shield.review_on
    day = {"until_day": str(until.day), "until_month": str(until.month), "until_year": str(until.year)}
    return {"email": refuge.officer.email.open()} | day | changes


def test_from_asking_to_taking_away_by_the_pages(refuge: Refuge) -> None:
    first, second, officer = Visitor(refuge.first), Visitor(refuge.second), Visitor(refuge.officer)
    assert "must name the same person" in main_of(first.fill(ask_of(first), **asked(refuge)))
    assert list(steps(first)) == ["refuse"]
    shown = main_of(second.get(page_of(second)))
    # Of somebody of another authority no name is told, but where they work, which can be rung.
    assert refuge.officer.name.open() not in shown
    assert refuge.officer.organisation.name in shown
    assert "1 decision about protection waits for you" in text_of(second.get(reverse("home")))
    assert "Who may still see a record" in main_of(second.get(reverse("shields")))
    give = steps(second)["give"]
    assert SAME_PERSON in main_of(second.fill(give, email=refuge.town.teacher.email.open()))
    assert "They can see the record now" in main_of(second.fill(give, email=refuge.officer.email.open()))
    reference = officer.reference()
    record = main_of(officer.give_reason(reference))
    for words in (HOME, "You may see them until", "Tell nobody where the child lives", "Farah Hussain"):
        assert words in record
    assert "data-print" not in record
    assert "Record your organisation" not in record
    assert "May see it" in main_of(first.get(page_of(first)))
    assert "They no longer see the record" in main_of(first.fill(steps(first)["take"]))
    assert HOME not in main_of(officer.get(reverse("record", args=[reference])))
    assert "Taken away" in main_of(first.get(page_of(first)))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"email": ""}, "Enter the e-mail address by which they sign in"),
        ({"email": "nobody"}, "This is not an e-mail address"),
        ({"email": "nobody.here@example.org"}, NOBODY),
        ({"until_year": "2001"}, "must be today or later"),
        ({"until_year": "2101"}, "or earlier"),
        ({"until_day": "", "until_month": "", "until_year": ""}, "Enter the last day on which they may see it"),
    ],
)
def test_what_is_wrong_is_said_beside_its_box_and_nothing_typed_is_lost(
    refuge: Refuge, changes: dict[str, str], told: str
) -> None:
    first = Visitor(refuge.first)
    sent = asked(refuge, **changes)
    page = first.post(ask_of(first), **sent)
    assert page.status_code == 200
    shown = main_of(page)
    assert "There is a problem" in shown
    assert told in shown
    assert all(f'value="{value}"' in shown for value in sent.values() if value)
    with as_owner_here():
        assert not LeaveRequest.objects.exists()


def test_asked_for_twice_a_stale_tab_and_a_shield_that_is_gone_are_told_plainly(refuge: Refuge) -> None:
    first, second = Visitor(refuge.first), Visitor(refuge.second)
    ask = ask_of(first)
    first.fill(ask, **asked(refuge))
    assert "may see the record already, or that waits" in main_of(first.follow(ask, **asked(refuge)))
    refuse = steps(second)["refuse"]
    give = steps(second)["give"]
    assert "It is refused" in main_of(second.fill(refuse))
    assert CHANGED in main_of(second.follow(give, email=refuge.officer.email.open(), seen="0"))
    assert CHANGED in main_of(second.browser.get(give, follow=True))
    with as_owner_here():
        LeaveRequest.objects.all().delete()
        shield = refuge.shield
        shield.lift_asked_by, shield.lifted_by, shield.lift_asked_at = refuge.first, refuge.second, timezone.now()
        shield.ended_on, shield.lift_reason = factories.today(), "risk_is_over"
        shield.save()
    assert NOT_PROTECTED in main_of(first.browser.get(ask, follow=True))


def test_whoever_asked_cannot_give_it_by_the_address(refuge: Refuge) -> None:
    first, second = Visitor(refuge.first), Visitor(refuge.second)
    first.fill(ask_of(first), **asked(refuge))
    give = steps(second)["give"]
    own = re.sub(r"^/shields/[^/]+/", page_of(first), give)
    assert_plain_refusal(first.get(own), 403)
    assert_plain_refusal(first.post(own, seen="0", email=refuge.officer.email.open()), 403)
    assert_plain_refusal(second.get(re.sub(r"/leave/\d+/", "/leave/999999/", give)), 404)
    assert_plain_refusal(Visitor(refuge.chiefs[0]).get(own), 404)
