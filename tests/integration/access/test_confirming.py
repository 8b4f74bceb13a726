"""A dangerous step asks for a second factor of the last five minutes, and loses nothing that was typed."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from access.door.confirming import KEPT, NOT_YET
from access.models import User
from audit.events import EventKind
from tests import ageing, factories
from tests.acting_servers import signing_in
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.access import dangerous
from tests.integration.access.conftest import Wait, let_confirmation_run_out
from tests.log import events

pytestmark = pytest.mark.urls("tests.integration.access.dangerous")

STEP = "/dangerous/?of=4"
FIFTEEN_MINUTES = timedelta(minutes=15)
EMPTY = b"GET of the dangerous step"


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
    assert asked.url == f"{reverse('confirm')}?next={quote(STEP, safe='')}"
    page = browser.get(asked.url).url
    assert page == f"{reverse('mfa_reauthenticate')}?next={quote(STEP, safe='')}"
    back = browser.post(page, {"code": factories.code_for(person)})
    assert back.url == STEP
    return browser.get(back.url)


def test_just_signed_in_is_recent_enough(browser: Client) -> None:
    assert browser.post(STEP, {"reason": "left"}).status_code == 200
    assert dangerous.done == [{"reason": ["left"]}]


def test_page_is_asked_for_again_after_five_minutes(browser: Client, person: User, wait: Wait) -> None:
    let_confirmation_run_out(browser, wait)

    assert confirm(browser, browser.get(STEP), person).content == EMPTY


def test_what_was_sent_fills_the_form_and_waits_for_a_press(browser: Client, person: User, wait: Wait) -> None:
    let_confirmation_run_out(browser, wait)
    sent = {"reason": "left", "day": ["1", "2"], "words": '"><b>'}

    asked = browser.post(STEP, sent)
    assert dangerous.done == []
    page = confirm(browser, asked, person)

    assert dangerous.done == [], "a code alone does nothing"
    assert page.content == EMPTY + b", filled in: reason=left&day=1&day=2&words=%22%3E%3Cb%3E"
    assert NOT_YET in browser.get(reverse("help")).content.decode()
    browser.post(STEP, sent)
    assert dangerous.done == [{"reason": ["left"], "day": ["1", "2"], "words": ['"><b>']}]


def test_what_was_sent_comes_back_once(browser: Client, person: User, wait: Wait) -> None:
    let_confirmation_run_out(browser, wait)
    assert b"left" in confirm(browser, browser.post(STEP, {"reason": "left"}), person).content

    assert browser.get(STEP).content == EMPTY


def test_what_was_sent_waits_for_its_own_page(browser: Client, person: User, wait: Wait) -> None:
    let_confirmation_run_out(browser, wait)
    asked = browser.post(STEP, {"reason": "left"})
    browser.post(browser.get(asked.url).url, {"code": factories.code_for(person)})

    assert browser.get("/dangerous/?of=5").content == EMPTY
    assert b"left" in browser.get(STEP).content


def test_what_was_sent_is_forgotten_after_fifteen_minutes(browser: Client, person: User, wait: Wait) -> None:
    let_confirmation_run_out(browser, wait)
    asked = browser.post(STEP, {"reason": "left"})
    browser.post(browser.get(asked.url).url, {"code": factories.code_for(person)})
    wait(FIFTEEN_MINUTES + timedelta(minutes=1))
    with as_owner_here():  # the database's clock goes on as well
        ageing.confirmed_longer_ago(browser.cookies[settings.SESSION_COOKIE_NAME].value, -FIFTEEN_MINUTES)

    assert browser.get(STEP).content == EMPTY
    assert KEPT not in browser.session


@pytest.mark.parametrize("too_much", [{"words": "x" * 9000}, {"file": SimpleUploadedFile("a.txt", b"x")}])
def test_too_much_to_keep_is_said_to_be_lost(
    browser: Client, person: User, wait: Wait, too_much: dict[str, object]
) -> None:
    let_confirmation_run_out(browser, wait)
    page = confirm(browser, browser.post(STEP, too_much), person)

    assert page.content == EMPTY
    assert "Nothing was saved" in browser.get(reverse("help")).content.decode()


def test_password_does_not_confirm(browser: Client, wait: Wait) -> None:
    let_confirmation_run_out(browser, wait)
    asked = browser.get(STEP)
    browser.post(reverse("account_reauthenticate"), {"password": factories.PASSWORD})

    assert browser.get(STEP).url == asked.url
    assert reverse("account_reauthenticate") not in browser.get(asked.url, follow=True).content.decode()


def test_wrong_code_does_not_confirm_and_is_recorded(browser: Client, wait: Wait) -> None:
    let_confirmation_run_out(browser, wait)
    asked = browser.post(STEP, {"reason": "left"})

    assert browser.post(browser.get(asked.url).url, {"code": "000000"}).status_code == 200

    assert browser.get(STEP).url == asked.url
    assert dangerous.done == []
    assert len(events(kind=EventKind.SECOND_FACTOR_FAILED)) == 1


def test_passkey_alone_is_asked_for_as_a_passkey(browser: Client, person: User, wait: Wait) -> None:
    with signing_in():
        Authenticator.objects.filter(user=person).update(type=Authenticator.Type.WEBAUTHN)
    let_confirmation_run_out(browser, wait)

    assert browser.get(browser.get(STEP).url).url.startswith(reverse("mfa_reauthenticate_webauthn"))


def test_refused_person_is_refused_and_not_asked(browser: Client, wait: Wait) -> None:
    let_confirmation_run_out(browser, wait)

    assert browser.get("/dangerous/auditors/").status_code == 403


def test_stranger_is_asked_to_sign_in(as_owner: OwnerContext) -> None:
    response = Client().post(STEP, {"reason": "left"})

    assert response.url.startswith(reverse("account_login"))
    assert dangerous.done == []
