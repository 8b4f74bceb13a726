"""Whoever guesses passwords or codes is stopped, and nobody else."""

import time

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_client_cache_keys
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.test import Client, RequestFactory, override_settings

from access.models import User
from audit.events import EventKind, Outcome
from tests import factories
from tests.conftest import OwnerContext
from tests.integration.access.signing_in import CODE, LOGIN, is_signed_in, post_password
from tests.log import events


def _tried_by(person: User) -> HttpRequest:
    request = RequestFactory().post(LOGIN, {"login": person.email.open()})
    AxesProxyHandler.update_request(request)
    return request


def test_fifth_wrong_password_locks_the_account_at_this_address(person: User) -> None:
    browser = Client()
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        assert post_password(browser, person.email.open(), "another password").status_code == 200

    fifth = post_password(browser, person.email.open(), "another password")
    right = post_password(browser, person.email.open(), factories.PASSWORD)

    for response in (fifth, right):
        assert response.status_code == 429
        assert "Wait 15 minutes, then try again" in response.content.decode()
    event, *_later = events(kind=EventKind.SIGN_IN_LOCKED)
    assert (event.user_id, event.process, event.outcome) == (person.pk, "sign-in", Outcome.NOT_PERMITTED)


def test_lock_out_spares_other_accounts_and_other_addresses(person: User, as_owner: OwnerContext) -> None:
    with as_owner():
        colleague = factories.user(works_for=person.organisation)
    for _ in range(settings.AXES_FAILURE_LIMIT):
        post_password(Client(), person.email.open(), "another password")

    assert post_password(Client(), colleague.email.open(), factories.PASSWORD).url == CODE
    assert post_password(Client(), person.email.open(), factories.PASSWORD, REMOTE_ADDR="192.0.2.7").url == CODE
    assert post_password(Client(), person.email.open(), factories.PASSWORD).status_code == 429


def test_success_forgets_earlier_failures(person: User) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        post_password(Client(), person.email.open(), "another password")
    factories.signed_in(person)

    assert post_password(Client(), person.email.open(), "another password").status_code == 200


def test_guessing_one_account_from_many_addresses_is_stopped(person: User) -> None:
    for number in range(60):
        post_password(Client(), person.email.open(), "another password", REMOTE_ADDR=f"192.0.2.{number}")

    response = post_password(Client(), person.email.open(), factories.PASSWORD, REMOTE_ADDR="192.0.2.99")

    assert "Too many attempts" in response.content.decode()


def test_one_keyboard_does_not_lock_somebody_out_elsewhere(person: User) -> None:
    """However long they go on: what axes refuses is not counted for the account."""
    for _ in range(100):
        post_password(Client(), person.email.open(), "another password")

    assert post_password(Client(), person.email.open(), factories.PASSWORD, REMOTE_ADDR="192.0.2.7").url == CODE


def test_lock_out_ends_by_itself_however_much_is_tried_meanwhile(person: User) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT):
        post_password(Client(), person.email.open(), "another password")
    (key,) = get_client_cache_keys(_tried_by(person))
    cache.touch(key, 1)

    post_password(Client(), person.email.open(), "another password")
    time.sleep(1.1)

    assert post_password(Client(), person.email.open(), factories.PASSWORD).url == CODE


@override_settings(TRUSTED_PROXIES=1)
def test_behind_a_proxy_visitors_are_told_apart_by_what_it_saw(person: User) -> None:
    for number in range(settings.AXES_FAILURE_LIMIT):
        spoofed = {"x-forwarded-for": f"192.0.2.{number}, 198.51.100.1"}
        post_password(Client(), person.email.open(), "another password", headers=spoofed)

    here, elsewhere = {"x-forwarded-for": "198.51.100.1"}, {"x-forwarded-for": "198.51.100.2"}
    assert post_password(Client(), person.email.open(), factories.PASSWORD, headers=here).status_code == 429
    assert post_password(Client(), person.email.open(), factories.PASSWORD, headers=elsewhere).url == CODE


def test_without_a_proxy_a_visitor_cannot_choose_their_address(person: User) -> None:
    for number in range(settings.AXES_FAILURE_LIMIT):
        chosen = {"x-forwarded-for": f"192.0.2.{number}"}
        post_password(Client(), person.email.open(), "another password", headers=chosen)

    chosen = {"x-forwarded-for": "192.0.2.77"}
    assert post_password(Client(), person.email.open(), factories.PASSWORD, headers=chosen).status_code == 429


def test_guessing_codes_is_stopped(person: User) -> None:
    browser = factories.with_password(person)
    for _ in range(20):
        browser.post(CODE, {"code": "000000"})

    browser.post(CODE, {"code": factories.code_for(person)})

    assert not is_signed_in(browser)
