"""A dangerous step asks for a second factor of the last five minutes, and loses nothing that was typed."""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote

import pytest
from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from access.models import User
from audit.events import EventKind
from tests import factories
from tests.conftest import OwnerContext
from tests.integration.access import dangerous
from tests.integration.access.conftest import Wait
from tests.log import events

pytestmark = pytest.mark.urls("tests.integration.access.dangerous")

STEP = "/dangerous/?of=4"
FIVE_MINUTES = timedelta(minutes=5)
HIDDEN = re.compile(r'<input type="hidden" name="(?!csrf)([^"]*)" value="([^"]*)">')


@pytest.fixture(autouse=True)
def nothing_done() -> Iterator[None]:
    dangerous.done.clear()
    yield
    dangerous.done.clear()


@pytest.fixture
def browser(person: User) -> Client:
    return factories.signed_in(person)


def confirm(browser: Client, asked: HttpResponse, person: User) -> HttpResponse:
    """Give the code on the page that the answer leads to, as far as the page after it."""
    assert asked.url == f"{reverse('mfa_reauthenticate')}?next={quote(STEP, safe='')}"
    back = browser.post(asked.url, {"code": factories.code_for(person)})
    assert back.url == STEP
    return browser.get(back.url)


def test_just_signed_in_is_recent_enough(browser: Client) -> None:
    assert browser.post(STEP, {"reason": "left"}).status_code == 200
    assert dangerous.done == [{"reason": ["left"]}]


def test_page_is_asked_for_again_after_five_minutes(browser: Client, person: User, wait: Wait) -> None:
    wait(FIVE_MINUTES)

    assert confirm(browser, browser.get(STEP), person).content == b"GET of the dangerous step"


def test_what_was_sent_waits_for_the_code_and_for_a_press(browser: Client, person: User, wait: Wait) -> None:
    wait(FIVE_MINUTES)
    sent = {"reason": "left", "day": ["1", "2"], "words": '"><b>'}

    asked = browser.post(STEP, sent)
    assert dangerous.done == []
    page = confirm(browser, asked, person)

    assert dangerous.done == [], "a code alone does nothing"
    shown = page.content.decode()
    assert "Continue with what you began" in shown
    assert HIDDEN.findall(shown) == [
        ("reason", "left"),
        ("day", "1"),
        ("day", "2"),
        ("words", "&#34;&gt;&lt;b&gt;"),
    ]
    browser.post(STEP, sent)
    assert dangerous.done == [{"reason": ["left"], "day": ["1", "2"], "words": ['"><b>']}]


def test_what_was_sent_is_offered_once_and_there_alone(browser: Client, person: User, wait: Wait) -> None:
    wait(FIVE_MINUTES)
    browser.post(STEP, {"reason": "left"})
    confirm(browser, browser.get(STEP), person)

    assert browser.get(STEP).content == b"GET of the dangerous step"

    wait(FIVE_MINUTES)
    asked = browser.post(STEP, {"reason": "left"})
    browser.post(asked.url, {"code": factories.code_for(person)})
    assert browser.get("/dangerous/?of=5").content == b"GET of the dangerous step"
    assert browser.get(STEP).content == b"GET of the dangerous step"


@pytest.mark.parametrize("too_much", [{"words": "x" * 9000}, {"file": SimpleUploadedFile("a.txt", b"x")}])
def test_too_much_to_keep_is_said_to_be_lost(
    browser: Client, person: User, wait: Wait, too_much: dict[str, object]
) -> None:
    wait(FIVE_MINUTES)
    page = confirm(browser, browser.post(STEP, too_much), person)

    assert page.content == b"GET of the dangerous step"
    assert "Nothing was saved" in browser.get(reverse("help")).content.decode()


def test_password_does_not_confirm(browser: Client, wait: Wait) -> None:
    wait(FIVE_MINUTES)
    asked = browser.get(STEP)
    browser.post(reverse("account_reauthenticate"), {"password": factories.PASSWORD})

    assert browser.get(STEP).url == asked.url
    assert reverse("account_reauthenticate") not in browser.get(asked.url).content.decode()


def test_wrong_code_does_not_confirm_and_is_recorded(browser: Client, wait: Wait) -> None:
    wait(FIVE_MINUTES)
    asked = browser.post(STEP, {"reason": "left"})

    assert browser.post(asked.url, {"code": "000000"}).status_code == 200

    assert browser.get(STEP).url == asked.url
    assert dangerous.done == []
    assert len(events(kind=EventKind.SECOND_FACTOR_FAILED)) == 1


def test_passkey_alone_is_asked_for_as_a_passkey(browser: Client, person: User, wait: Wait) -> None:
    Authenticator.objects.filter(user=person).update(type=Authenticator.Type.WEBAUTHN)
    wait(FIVE_MINUTES)

    assert browser.get(STEP).url.startswith(reverse("mfa_reauthenticate_webauthn"))


def test_refused_person_is_refused_and_not_asked(browser: Client, wait: Wait) -> None:
    wait(FIVE_MINUTES)

    assert browser.get("/dangerous/auditors/").status_code == 403


def test_stranger_is_asked_to_sign_in(as_owner: OwnerContext) -> None:
    response = Client().post(STEP, {"reason": "left"})

    assert response.url.startswith(reverse("account_login"))
    assert dangerous.done == []
