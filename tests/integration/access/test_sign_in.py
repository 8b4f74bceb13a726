"""Signing in: password, then a second factor, and what happens to those who have only one or guess."""

import re
from datetime import timedelta

import pytest
from allauth.mfa import app_settings as second_factor
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from access.models import Role, Session, User
from audit.events import EventKind, Outcome
from tests import factories
from tests.acting_servers import signing_in
from tests.authenticator import code_of
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.access.conftest import Wait
from tests.integration.access.signing_in import CODE, HOME, LOGIN, WRONG_CODE, is_signed_in, post_password
from tests.log import events, last_event

MISMATCH = "Enter the correct e-mail address and password"
OFF_SITE = ["https://evil.example/", "//evil.example/", r"/\evil.example/", "javascript:alert(1)", "https:evil.example"]


def sessions_of(person: User) -> list[int]:
    with as_owner_here():
        return list(Session.objects.filter(user=person).values_list("pk", flat=True))


def neutral(response: HttpResponse) -> str:
    """The page without what differs from one request to the next."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
    return re.sub(r'value="[^"]*@example.org"', "", page)


def test_sign_in_takes_password_then_code(person: User) -> None:
    browser = Client()
    assert browser.get(LOGIN).status_code == 200

    response = post_password(browser, person.email.open(), factories.PASSWORD)
    assert response.url == CODE
    assert not is_signed_in(browser)

    assert browser.get(CODE).status_code == 200
    assert browser.post(CODE, {"code": factories.code_for(person)}).url == HOME
    assert is_signed_in(browser)


def test_sign_in_is_recorded_once_with_its_session(person: User) -> None:
    factories.signed_in(person)

    (event,) = events(kind=EventKind.SIGNED_IN)
    assert (event.actor_id, event.user_id, event.role) == (person.pk, person.pk, Role.PRACTITIONER)
    assert (event.organisation_id, event.authority_id) == (person.organisation_id, person.organisation.authority_id)
    assert [event.session_id] == sessions_of(person)
    assert event.outcome == Outcome.DONE


def test_email_address_may_be_typed_in_capitals_and_with_spaces(person: User) -> None:
    assert post_password(Client(), f"  {person.email.open().upper()} ", factories.PASSWORD).url == CODE


def test_wrong_password_is_refused_and_recorded(person: User) -> None:
    response = post_password(Client(), person.email.open(), "another password")

    assert response.status_code == 200
    assert MISMATCH in response.content.decode()
    event = last_event()
    assert (event.kind, event.outcome) == (EventKind.SIGN_IN_FAILED, Outcome.WRONG_PASSWORD)
    assert (event.actor_id, event.process, event.user_id) == (None, "sign-in", person.pk)
    assert event.authority_id == person.organisation.authority_id


def test_unknown_address_looks_like_a_wrong_password(person: User) -> None:
    wrong_password = post_password(Client(), person.email.open(), "another password")
    unknown = post_password(Client(), "nobody@example.org", "another password")

    assert unknown.status_code == wrong_password.status_code
    assert neutral(unknown) == neutral(wrong_password)
    event = last_event()
    assert (event.kind, event.outcome, event.user_id) == (EventKind.SIGN_IN_FAILED, Outcome.WRONG_PASSWORD, None)


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("login", "", "Enter your e-mail address"),
        ("login", "no address", "Enter an e-mail address in the correct format"),
        ("login", "nul\0byte@example.org", "Null characters are not allowed"),
        ("login", f"{'a' * 500}@example.org", "must be 254 characters or fewer"),
        ("password", "", "Enter your password"),
        ("password", "nul\0byte", "Null characters are not allowed"),
    ],
)
def test_bad_input_gets_a_message(person: User, field: str, typed: str, message: str) -> None:
    answers = {"login": person.email.open(), "password": factories.PASSWORD, field: typed}

    response = Client().post(LOGIN, answers)

    assert response.status_code == 200
    assert message in response.content.decode()


def test_wrong_code_is_refused_and_recorded(person: User) -> None:
    browser = factories.with_password(person)

    response = browser.post(CODE, {"code": "000000"})

    assert response.status_code == 200
    assert WRONG_CODE in response.content.decode()
    assert not is_signed_in(browser)
    (event,) = events(kind=EventKind.SECOND_FACTOR_FAILED)
    assert (event.outcome, event.user_id, event.actor_id) == (Outcome.WRONG_CODE, person.pk, None)
    assert event.authority_id == person.organisation.authority_id


def test_code_works_once(person: User) -> None:
    shown = factories.code_for(person)
    assert factories.with_password(person).post(CODE, {"code": shown}).url == HOME

    replayed = factories.with_password(person).post(CODE, {"code": shown})

    assert replayed.status_code == 200
    assert WRONG_CODE in replayed.content.decode()


def test_code_is_remembered_as_used_for_as_long_as_it_holds(person: User, wait: Wait) -> None:
    """allauth remembers it for one period, which is how long it holds only while no earlier or later one is taken."""
    assert second_factor.TOTP_TOLERANCE == 0
    code = factories.code_for(person)
    assert factories.with_password(person).post(CODE, {"code": code}).status_code == 302

    wait(timedelta(seconds=second_factor.TOTP_PERIOD))

    assert factories.with_password(person).post(CODE, {"code": code}).status_code == 200


def test_code_of_somebody_else_is_refused(person: User, as_owner: OwnerContext) -> None:
    with as_owner():
        other = factories.user()

    response = factories.with_password(person).post(CODE, {"code": factories.code_for(other)})

    assert response.status_code == 200
    assert WRONG_CODE in response.content.decode()


def test_code_page_without_password_leads_to_sign_in(person: User) -> None:
    response = Client().post(CODE, {"code": factories.code_for(person)})

    assert response.url.startswith(LOGIN)


def test_recovery_code_works_once(person: User, as_owner: OwnerContext) -> None:
    with signing_in():
        recovery_code = RecoveryCodes.activate(person).get_unused_codes()[0]

    first = factories.with_password(person).post(CODE, {"code": recovery_code})
    second = factories.with_password(person).post(CODE, {"code": recovery_code})

    assert first.url == HOME
    assert second.status_code == 200
    assert WRONG_CODE in second.content.decode()


@pytest.mark.usefixtures("own_database")
def test_person_without_authenticator_sets_one_up_and_goes_on(as_owner: OwnerContext) -> None:
    with as_owner():
        person = factories.user(authenticator=False)
    browser = factories.with_password(person)

    sent = browser.get(browser.get(reverse("my_access")).url)
    assert sent.url.startswith(reverse("mfa_activate_totp"))
    asked_again = browser.get(sent.url)
    browser.post(asked_again.url, {"password": factories.PASSWORD})
    assert browser.get(sent.url).status_code == 200
    with signing_in():
        secret = factories.where_signing_in(browser)["mfa.totp.secret"]
    shown = code_of(secret)
    browser.post(sent.url, {"code": shown})

    (event,) = events(kind=EventKind.SECOND_FACTOR_ADDED, fields=["totp"])
    assert (event.actor_id, event.user_id) == (person.pk, person.pk)
    confirm = browser.get(browser.get(reverse("my_access")).url)
    assert confirm.url.startswith(reverse("mfa_reauthenticate"))
    assert browser.post(confirm.url, {"code": shown}).url == reverse("my_access")
    assert browser.get(reverse("my_access")).status_code == 200


def test_only_second_step_cannot_be_removed(person: User) -> None:
    """Recovery codes alone are none: used up, they would leave a password that could set up anything."""
    with signing_in():
        RecoveryCodes.activate(person)

    response = factories.signed_in(person).post(reverse("mfa_deactivate_totp"))

    assert "This is your only second step" in response.content.decode()
    with signing_in():
        assert person.authenticator_set.filter(type=Authenticator.Type.TOTP).exists()


def test_sign_out_ends_the_session_row_and_is_recorded(person: User) -> None:
    browser = factories.signed_in(person)
    (session,) = sessions_of(person)
    assert browser.get(reverse("account_logout")).status_code == 200, "a link alone must sign nobody out"
    assert sessions_of(person) == [session]

    assert browser.post(reverse("account_logout")).url == LOGIN

    assert sessions_of(person) == []
    assert not is_signed_in(browser)
    (event,) = events(kind=EventKind.SIGNED_OUT)
    assert (event.actor_id, event.user_id, event.session_id) == (person.pk, person.pk, session)


def test_replayed_sign_in_form_changes_nothing(person: User) -> None:
    browser = factories.signed_in(person)

    again = post_password(browser, person.email.open(), factories.PASSWORD)

    assert again.url == HOME
    assert is_signed_in(browser)
    assert len(events(kind=EventKind.SIGNED_IN)) == 1
    assert len(sessions_of(person)) == 1


@pytest.mark.parametrize("address", OFF_SITE)
def test_next_after_sign_in_stays_here(person: User, address: str) -> None:
    browser = Client()
    answers = {"login": person.email.open(), "password": factories.PASSWORD, "next": address}
    assert browser.post(LOGIN, answers).url == CODE

    assert browser.post(CODE, {"code": factories.code_for(person)}).url == HOME


@pytest.mark.parametrize("address", OFF_SITE)
def test_next_after_sign_out_stays_here(person: User, address: str) -> None:
    assert factories.signed_in(person).post(reverse("account_logout"), {"next": address}).url == LOGIN


@pytest.mark.parametrize("address", OFF_SITE)
def test_next_after_confirming_again_stays_here(person: User, wait: Wait, address: str) -> None:
    browser = factories.signed_in(person)
    wait(timedelta(minutes=1))

    response = browser.post(reverse("mfa_reauthenticate"), {"code": factories.code_for(person), "next": address})

    assert response.status_code == 302
    assert "evil" not in response.url


def test_next_leads_to_the_page_that_was_asked_for(person: User) -> None:
    browser = Client()
    sent = browser.get(reverse("my_access"))
    answers = {"login": person.email.open(), "password": factories.PASSWORD, "next": reverse("my_access")}
    assert browser.post(sent.url, answers).status_code == 302

    assert browser.post(CODE, {"code": factories.code_for(person)}).url == reverse("my_access")


def test_no_event_of_signing_in_holds_a_name_or_an_address(person: User) -> None:
    post_password(Client(), person.email.open(), "a secret nobody should see")
    browser = factories.with_password(person)
    browser.post(CODE, {"code": "000000"})
    browser.post(CODE, {"code": factories.code_for(person)})
    browser.post(reverse("account_logout"))

    told = str([vars(event) for event in events()])

    assert len(events()) >= 4
    for value in (person.email.open(), person.name.open(), "a secret", factories.PASSWORD, person.email_fingerprint):
        assert value not in told


def test_second_factor_secrets_are_sealed_at_rest(person: User, as_owner: OwnerContext) -> None:
    shown = factories.code_for(person)
    with signing_in():
        codes = RecoveryCodes.activate(person)
        app = person.authenticator_set.get(type="totp")
        unused = codes.get_unused_codes()
        assert TOTP(app).validate_code(shown)
    seed, secret = codes.instance.data["seed"], app.data["secret"]

    assert not any(code in str(codes.instance.data) for code in unused)
    for sealed in (seed, secret):
        assert re.fullmatch(r"[A-Za-z0-9+/=]{60,}", sealed), "what is at rest is a sealed value, base64"
