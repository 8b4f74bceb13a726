"""The cookie by which a browser is known again: who gets one, for whom it counts, and that nobody makes one up."""

import base64
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.cookies import Morsel

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from django.utils import timezone

from access.models import User
from access.sign_in import known_devices
from encryption import keyring, seal
from encryption.holders import held_by
from encryption.keys import Purpose
from tests import factories
from tests.acting_servers import signing_in
from tests.conftest import OwnerContext
from tests.integration.access.conftest import Enter, Wait
from tests.integration.access.test_guessing import guess_from_everywhere, is_heard

COOKIE = settings.DEVICE_COOKIE_NAME
HALF_A_YEAR = timedelta(seconds=settings.DEVICE_COOKIE_AGE)


def cookie_of(browser: Client) -> "Morsel[str]":
    return browser.cookies[COOKIE]


def with_cookie(value: str) -> Client:
    browser = Client(REMOTE_ADDR="192.0.2.99")
    browser.cookies[COOKIE] = value
    return browser


@signing_in()
def device_in(browser: Client, person: User) -> str | None:
    """The name by which the browser is known for the person."""
    return known_devices.device_of(showing(browser), person.email_fingerprint)


def showing(browser: Client) -> HttpRequest:
    request = RequestFactory().post("/")
    request.COOKIES = {COOKIE: cookie_of(browser).value}
    return request


@pytest.fixture
def another(person: User, as_owner: OwnerContext) -> User:
    with as_owner():
        return factories.user(works_for=person.organisation)


def test_browser_is_known_after_both_factors_and_not_before(person: User) -> None:
    assert COOKIE not in factories.with_password(person).cookies

    cookie = cookie_of(factories.signed_in(person))

    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Strict", "/", "")
    assert cookie["max-age"] == HALF_A_YEAR.total_seconds()


def test_browser_of_somebody_without_a_second_factor_is_not_known(as_owner: OwnerContext) -> None:
    """Who is joining is signed in by password alone, to set one up."""
    with as_owner():
        joining = factories.user(authenticator=False)

    browser = factories.with_password(joining)

    assert browser.get(browser.get(reverse("my_access")).url).url.startswith(reverse("mfa_activate_totp"))
    assert COOKIE not in browser.cookies


@override_settings(SESSION_COOKIE_SECURE=True)
def test_cookie_is_for_secure_connections_where_the_sessions_is(person: User) -> None:
    assert cookie_of(factories.signed_in(person))["secure"]


def test_browser_stays_known_after_signing_out_and_keeps_its_name(person: User, known_to: Enter, enter: Enter) -> None:
    browser = known_to(person)
    before = device_in(browser, person)

    enter(person, browser)

    assert before is not None
    assert device_in(browser, person) == before


def test_several_people_share_a_computer(person: User, another: User, known_to: Enter) -> None:
    shared = known_to(person)
    known_to(another, shared)
    guess_from_everywhere(person)
    guess_from_everywhere(another)

    assert is_heard(person, shared)
    assert is_heard(another, shared)


@signing_in()
def test_cookie_holds_the_last_people_and_no_more() -> None:
    accounts = [secrets.token_hex(16) for _ in range(known_devices.MOST_PEOPLE + 1)]
    request = RequestFactory().get("/")
    for account in accounts:
        response = HttpResponse()
        known_devices.remember(request, response, account)
        request.COOKIES = {COOKIE: response.cookies[COOKIE].value}

    known = [known_devices.device_of(request, account) is not None for account in accounts]
    assert known == [False] + [True] * known_devices.MOST_PEOPLE
    assert len(request.COOKIES[COOKIE]) < 1_000


def _of_another(person: User, another: User, known_to: Enter) -> str:
    return cookie_of(known_to(another)).value


def _made_up(person: User, another: User, known_to: Enter) -> str:
    return secrets.token_urlsafe(49)


def _changed(person: User, another: User, known_to: Enter) -> str:
    theirs = cookie_of(known_to(person)).value
    return theirs[:-5] + ("A" if theirs[-5] != "A" else "B") + theirs[-4:]


def _many(person: User, another: User, known_to: Enter) -> str:
    return ".".join([secrets.token_urlsafe(49)] * known_devices.MOST_PEOPLE + [cookie_of(known_to(person)).value])


def _garbage(person: User, another: User, known_to: Enter) -> str:
    return "\x00é." + "=" * 50 + ".." + "A" * 10_000


def _with_the_web_processs_keys(person: User, another: User, known_to: Enter) -> str:
    """One voucher for each of its keys, which the process that signs people in has as well."""
    days = (timezone.now() - datetime.fromtimestamp(0, tz=UTC)).days
    voucher = known_devices._VOUCHER.pack(secrets.token_bytes(known_devices._NAME_BYTES), days)
    keys = [keyring.current().sealing_key(purpose) for purpose in sorted(held_by("web") - {Purpose.CHILD})]
    made = [seal.seal(voucher, known_devices._place(person.email_fingerprint), key) for key in keys]
    return ".".join(base64.urlsafe_b64encode(each).decode().rstrip("=") for each in made[-known_devices.MOST_PEOPLE :])


@pytest.mark.parametrize("forge", [_of_another, _with_the_web_processs_keys, _made_up, _changed, _many, _garbage])
def test_nobody_gets_a_budget_by_a_cookie_that_is_not_hers(
    person: User, another: User, forge: Callable[[User, User, Enter], str], known_to: Enter
) -> None:
    forged = forge(person, another, known_to)
    guess_from_everywhere(person)

    assert not is_heard(person, with_cookie(forged))


def test_her_own_cookie_moved_to_another_browser_counts_as_hers(person: User, known_to: Enter) -> None:
    """Whoever stole it guesses in that browser's place, and locks it alone out."""
    value = cookie_of(known_to(person)).value
    guess_from_everywhere(person)

    assert is_heard(person, with_cookie(value))


def test_browser_is_forgotten_after_half_a_year(person: User, wait: Wait, known_to: Enter) -> None:
    browser = known_to(person)
    wait(HALF_A_YEAR - timedelta(days=2))
    assert device_in(browser, person)

    wait(timedelta(days=3))

    assert device_in(browser, person) is None


def test_cookie_tells_nothing_of_whose_it_is(person: User, known_to: Enter) -> None:
    value = cookie_of(known_to(person)).value

    assert not [each for each in (str(person.email_fingerprint), person.email.open()) if each in value]
