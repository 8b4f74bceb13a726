"""Until when one stays signed in: each page says it, its script asks it, and only a press moves it on."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from access.models import Session, StopReason, User, VettingItem
from access.people.actions.deciding import suspend
from tests import ageing, factories
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.access import lives
from tests.integration.access.conftest import Wait
from tests.log import events

HOME, ASKING = reverse("home"), reverse("session")
COOKIE = settings.SESSION_COOKIE_NAME
IDLE, LONGEST = settings.SESSION_IDLE_SECONDS, settings.SESSION_COOKIE_AGE
SLACK = 5  # seconds that the test itself may take


@pytest.fixture
def browser(person: User) -> Client:
    return factories.signed_in(person)


def grow_older(browser: Client, seconds: float) -> None:
    with as_owner_here():
        ageing.grow_older(browser.cookies[COOKIE].value, timedelta(seconds=seconds))


def asked(browser: Client) -> dict[str, Any]:
    answer = browser.get(ASKING)
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


def ends_at(browser: Client) -> object:
    with as_owner_here():
        return Session.objects.get(key_fingerprint=browser.session.key_fingerprint).expires_at


def near(told: int, expected: float) -> bool:
    return expected - SLACK <= told <= expected


def test_asking_tells_both_limits(browser: Client) -> None:
    grow_older(browser, 100)
    told = asked(browser)

    assert told["standing"] == "live"
    assert near(told["seconds"], IDLE - 100)
    assert near(told["longest"], LONGEST - 100)


def test_asking_moves_nothing_on(browser: Client) -> None:
    grow_older(browser, IDLE - 60)
    before = ends_at(browser)
    for _ in range(3):
        assert near(asked(browser)["seconds"], 60)

    assert ends_at(browser) == before
    grow_older(browser, 61)
    assert asked(browser) == {"standing": "ended"}
    assert browser.get(HOME).status_code == 302


def test_any_page_moves_the_limit_on_and_asking_says_so(browser: Client) -> None:
    grow_older(browser, IDLE - 60)
    browser.get(HOME)

    assert near(asked(browser)["seconds"], IDLE)


def test_pressing_stay_moves_the_limit_on_and_is_no_event(browser: Client) -> None:
    grow_older(browser, IDLE - 60)
    before = len(events())
    stayed = browser.post(ASKING).json()

    assert near(stayed["seconds"], IDLE)
    assert near(asked(browser)["seconds"], IDLE)
    assert len(events()) == before


def test_pressing_stay_within_half_a_minute_counts_too(browser: Client) -> None:
    """Pages move the limit on in steps; a press is meant."""
    browser.get(HOME)
    grow_older(browser, 20)

    assert near(browser.post(ASKING).json()["seconds"], IDLE)


def test_nobody_stays_beyond_the_longest_limit(browser: Client) -> None:
    for _ in range(LONGEST // (IDLE - 60)):
        grow_older(browser, IDLE - 60)
        told = browser.post(ASKING).json()
        assert near(told["seconds"], min(IDLE, told["longest"]))

    grow_older(browser, told["longest"] + 1)
    assert browser.post(ASKING).json() == {"standing": "ended"}


def test_stay_from_another_site_is_refused(person: User) -> None:
    browser = factories.signed_in(person)
    browser.handler.enforce_csrf_checks = True
    grow_older(browser, IDLE - 60)
    before = ends_at(browser)

    refused = browser.post(ASKING, headers={"origin": "https://evil.example"})

    assert refused.status_code == 403
    assert ends_at(browser) == before


@pytest.mark.parametrize("method", ["get", "post"])
def test_stranger_learns_nothing_and_no_session_is_made(db: None, method: str) -> None:
    stranger = Client()
    answer = getattr(stranger, method)(ASKING)

    assert answer.json() == {"standing": "ended"}
    assert COOKIE not in answer.cookies
    with as_owner_here():
        assert not Session.objects.exists()


def test_somebody_between_password_and_code_is_not_signed_in(person: User) -> None:
    halfway = factories.with_password(person)
    assert asked(halfway) == {"standing": "ended"}
    assert halfway.post(ASKING).json() == {"standing": "ended"}


def test_lapse_shows_where_a_page_asks(browser: Client, person: User, as_owner: OwnerContext) -> None:
    with as_owner():
        VettingItem.objects.filter(user=person).delete()

    assert asked(browser)["standing"] == "stopped"


def test_suspension_shows_where_a_page_asks(as_owner: OwnerContext) -> None:
    with as_owner():
        council = lives.council()
        teacher = factories.user(works_for=council.school)
    browser = factories.signed_in(teacher)
    suspend(actor=council.first, user_id=teacher.pk, reason=StopReason.MISUSE)

    assert asked(browser) == {"standing": "ended"}


def test_another_session_of_the_browser_has_another_number(browser: Client, person: User, wait: Wait) -> None:
    """So that a page of the one is not left open in the other."""
    first = asked(browser)["id"]
    assert str(first) in re.findall(r'data-id="(\d+)"', browser.get(HOME).content.decode())
    browser.post(reverse("account_logout"))
    wait(timedelta(minutes=1))
    factories.signed_in(person, client=browser)

    assert asked(browser)["id"] != first


def test_foot_of_the_page_says_when_for_whoever_has_no_script(browser: Client) -> None:
    page = browser.get(HOME).content.decode()

    assert re.search(r"you are signed out at <span data-session-ends>\d\d:\d\d</span>, after 15 minutes", page)
    assert re.search(r"you are signed out at \d\d:\d\d, after 10 hours", page)
    assert 'http-equiv="refresh"' not in page


@pytest.mark.parametrize("name", ["help", "account_login"])
def test_pages_for_strangers_say_nothing_of_a_session(db: None, name: str) -> None:
    assert "data-session" not in Client().get(reverse(name)).content.decode()
