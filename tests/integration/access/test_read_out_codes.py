"""The code that a colleague reads out over the telephone: whose, good once, and how often it may be wrong."""

import threading

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from access.models import Organisation, OrganisationKind, Role, User
from audit.events import EventKind, Outcome
from tests import factories
from tests.acting_servers import signing_in
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.access.telephone import (
    END,
    SEARCH,
    begun,
    code_page,
    give,
    recovery_codes,
    text_of,
    wrong_code,
)
from tests.integration.access.test_deciding_at_once import Press
from tests.log import events


@pytest.fixture
def browser(mediator: User) -> Client:
    return factories.signed_in(mediator)


def test_code_of_the_colleague_begins_a_call_that_names_both(browser: Client, mediator: User, colleague: User) -> None:
    response = give(browser, colleague, factories.code_for(colleague))

    assert response.url == SEARCH
    assert begun() == [(mediator.pk, colleague.pk)]
    page = text_of(browser.get(SEARCH))
    assert "You are looking up for <strong>Anna Brown-Okafor</strong>" in page
    assert "Anna Brown-Okafor" in text_of(browser.get(reverse("help"))), "every page says for whom"


def test_code_is_good_once_in_a_call_and_at_the_sign_in(browser: Client, colleague: User) -> None:
    code = factories.code_for(colleague)
    assert give(browser, colleague, code).status_code == 302
    browser.post(END)

    again = give(browser, colleague, code)

    assert "was used" in text_of(again)
    sent = factories.with_password(colleague).post(reverse("mfa_authenticate"), {"code": code})
    assert sent.status_code == 200, "the mediator heard the code, and could sign in with it"
    assert len(begun()) == 1


@signing_in()
def used_means(person: User) -> list[str]:
    used = Authenticator.objects.filter(user=person).exclude(last_used_at=None)
    return [means.type for means in used]


def test_means_that_was_read_out_of_was_used_and_no_wrong_code_uses_it(browser: Client, colleague: User) -> None:
    give(browser, colleague, wrong_code(colleague))
    assert used_means(colleague) == []

    give(browser, colleague, factories.code_for(colleague))

    assert used_means(colleague) == [Authenticator.Type.TOTP]


def test_spaces_in_a_code_that_is_read_out_do_no_harm(browser: Client, colleague: User) -> None:
    code = factories.code_for(colleague)
    assert give(browser, colleague, f" {code[:3]} {code[3:]} ").status_code == 302


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "٣٣٣٣٣٣", "1" * 30])
def test_what_cannot_be_a_code_is_not_tried(browser: Client, colleague: User, code: str) -> None:
    response = give(browser, colleague, code)

    assert response.status_code == 200
    assert "Enter the 6 digits that their authenticator app shows now" in text_of(response)
    assert events(kind=EventKind.SECOND_FACTOR_FAILED) == []


def test_wrong_code_is_recorded_about_the_colleague_by_the_mediator(
    browser: Client, mediator: User, colleague: User
) -> None:
    response = give(browser, colleague, wrong_code(colleague))

    assert "This code is not right any more" in text_of(response)
    (event,) = events(kind=EventKind.SECOND_FACTOR_FAILED)
    assert (event.actor_id, event.user_id, event.outcome) == (mediator.pk, colleague.pk, Outcome.WRONG_CODE)
    assert begun() == []


def test_code_of_the_mediator_is_no_code_of_the_colleague(browser: Client, mediator: User, colleague: User) -> None:
    assert give(browser, colleague, factories.code_for(mediator)).status_code == 200
    assert begun() == []


LIMITS = settings.ACCOUNT_RATE_LIMITS


def test_wrong_codes_close_what_is_read_out_in_that_name_and_not_the_sign_in(
    browser: Client, colleague: User, settings: object
) -> None:
    """Whoever rings in somebody's name must not lock them out."""
    settings.ACCOUNT_RATE_LIMITS = LIMITS | {"read_out_colleague": "2/h/key"}  # type: ignore[attr-defined]
    for _ in range(2):
        give(browser, colleague, wrong_code(colleague))

    refused = give(browser, colleague, factories.code_for(colleague))
    assert "Too many wrong codes for this person" in text_of(refused)
    assert begun() == []
    assert factories.signed_in(colleague)


def test_what_is_read_out_cannot_be_guessed_through_many_mediators(
    browser: Client, colleague: User, authority: Organisation, as_owner: OwnerContext, settings: object
) -> None:
    settings.ACCOUNT_RATE_LIMITS = LIMITS | {"read_out_colleague": "2/h/key"}  # type: ignore[attr-defined]
    with as_owner():
        others = [factories.user(role=Role.MEDIATOR, works_for=authority) for _ in range(2)]
    for other in others:
        give(factories.signed_in(other), colleague, wrong_code(colleague))

    assert "Too many wrong codes for this person" in text_of(give(browser, colleague, factories.code_for(colleague)))


def test_wrong_codes_of_all_colleagues_count_against_the_mediator(
    browser: Client, colleague: User, authority: Organisation, as_owner: OwnerContext, settings: object
) -> None:
    settings.ACCOUNT_RATE_LIMITS = LIMITS | {"read_out_failed": "2/h/key"}  # type: ignore[attr-defined]
    with as_owner():
        others = [factories.user(works_for=authority) for _ in range(2)]
    for other in others:
        give(browser, other, wrong_code(other))

    assert "too many wrong codes" in text_of(give(browser, colleague, factories.code_for(colleague)))
    assert begun() == []


def test_right_codes_are_not_counted(browser: Client, mediator: User, colleague: User, settings: object) -> None:
    settings.ACCOUNT_RATE_LIMITS = LIMITS | {"read_out_failed": "1/h/key", "read_out_colleague": "1/h/key"}  # type: ignore[attr-defined]
    assert give(browser, colleague, factories.code_for(colleague)).status_code == 302
    assert "This code is not right any more" in text_of(give(browser, colleague, wrong_code(colleague)))


def test_colleague_with_a_passkey_alone_reads_out_a_recovery_code_once(browser: Client, colleague: User) -> None:
    code, *_ = recovery_codes(colleague)
    page = code_page(browser, colleague)
    assert "signs in with a passkey, which cannot be read out" in text_of(browser.get(page))

    assert browser.post(page, {"code": code}).status_code == 302
    browser.post(END)
    assert "was used" in text_of(browser.post(page, {"code": code}))
    assert len(begun()) == 1


def test_recovery_code_is_not_asked_where_there_is_an_app(browser: Client, colleague: User) -> None:
    with signing_in():
        code, *_ = RecoveryCodes.activate(colleague).get_unused_codes()

    assert "Enter the 6 digits" in text_of(give(browser, colleague, code))


def test_colleague_with_nothing_to_read_out_is_told_what_to_do(browser: Client, colleague: User) -> None:
    with signing_in():
        Authenticator.objects.filter(user=colleague).delete()
    page = code_page(browser, colleague)

    for response in (browser.get(page), browser.post(page, {"code": "123456"})):
        assert "neither an authenticator app nor recovery codes" in text_of(response)


@pytest.mark.parametrize("means", ["app", "recovery code"])
def test_code_that_two_send_at_once_begins_one_call(own_database: str, means: str) -> None:
    """Two mediators who heard the same code, or one of them in two browsers."""
    with as_owner_here():
        council = factories.organisation(kind=OrganisationKind.AUTHORITY)
        mediators = [factories.user(role=Role.MEDIATOR, works_for=council) for _ in range(2)]
        colleague = factories.user(works_for=council)
    tabs = [(browser, code_page(browser, colleague)) for browser in map(factories.signed_in, mediators)]
    code = factories.code_for(colleague) if means == "app" else recovery_codes(colleague)[0]
    together = threading.Barrier(len(tabs))

    def send(browser: Client, page: str) -> HttpResponse:
        together.wait()
        return browser.post(page, {"code": code})

    pressed = [Press(lambda tab=tab: send(*tab)) for tab in tabs]  # type: ignore[misc]  # its default is the tab
    answers = [press.wait() for press in pressed]

    assert sorted(answer.status_code for answer in answers if isinstance(answer, HttpResponse)) == [200, 302]
    assert len(begun()) == 1
