"""Two processes that people meet: each answers for its own pages alone, and knows its own secrets alone."""

from urllib.parse import urlsplit

import pytest
from django.conf import LazySettings, settings
from django.contrib.messages import INFO
from django.contrib.messages.storage.session import SessionStorage
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from access.door.messages import Storage
from access.door.routes import policy_of
from access.door.serving import Server, server_of
from access.door.sessions import SessionStore as ServiceStore
from access.models import User
from access.rules.roles import Permission
from access.sign_in.sessions import SessionStore
from encryption.errors import EncryptionError
from tests import factories
from tests.acting_servers import signing_in
from tests.conftest import OwnerContext
from tests.sweeps.routes import all_routes

PAGE_OF_SIGN_IN, PAGE_OF_WEB = reverse("account_login"), reverse("help")
AT_WEB, AT_SIGN_IN = "https://registry.example", "https://sign-in.registry.example"


@pytest.fixture
def person(as_owner: OwnerContext) -> User:
    with as_owner():
        return factories.user()


@pytest.fixture
def alone(settings: LazySettings) -> LazySettings:
    """No process of the test passes for the other one."""
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if not each.startswith("tests.")]
    settings.SERVICE_ADDRESS, settings.SIGN_IN_ADDRESS = AT_WEB, AT_SIGN_IN
    return settings


def test_each_leads_to_the_other_ones_pages(alone: LazySettings, db: None) -> None:
    asked = f"{PAGE_OF_SIGN_IN}?next=%2Fhelp%2F"
    assert Client().get(asked).url == f"{AT_SIGN_IN}{asked}"
    with signing_in():
        assert Client().get(PAGE_OF_WEB).url == f"{AT_WEB}{PAGE_OF_WEB}"
        assert Client().get(asked).status_code == 200


@pytest.mark.parametrize("path", ["//evil.example/account/login/", "/account/login/%0d%0aX: y"])
def test_nobody_is_led_elsewhere(alone: LazySettings, db: None, path: str) -> None:
    response = Client().get(path)

    assert response.status_code in (302, 404)
    if response.status_code == 302:
        assert urlsplit(response.url).netloc == urlsplit(AT_SIGN_IN).netloc


def test_form_of_the_other_one_is_not_found(alone: LazySettings, person: User) -> None:
    sent = {"login": person.email.open(), "password": factories.PASSWORD}
    assert Client().post(PAGE_OF_SIGN_IN, sent).status_code == 404
    with signing_in():
        assert Client().post(reverse("search"), {}).status_code == 404


def test_whoever_signs_in_is_shown_no_child_and_no_list() -> None:
    """By what their routes ask: of what a role may do, nothing but taking a call."""
    served = [route for route in all_routes() if server_of(route.path) == Server.SIGN_IN]
    asked = [policy_of(route.view, route.name) for route in served]  # type: ignore[arg-type]

    assert {policy.permission for policy in asked if policy} == {None, Permission.CALL_TAKE}
    assert not [route.name for route in served if not route.view.__module__.startswith(("access.", "allauth."))]


def test_web_process_is_never_given_the_key_of_where_one_signs_in(person: User) -> None:
    browser = factories.signed_in(person)

    assert {settings.SESSION_COOKIE_NAME, settings.SIGN_IN_COOKIE_NAME} <= set(browser.cookies)
    own = browser.cookies[settings.SIGN_IN_COOKIE_NAME]
    assert (own["domain"], own["path"], own["httponly"], own["samesite"]) == ("", "/", True, "Strict")


def test_session_alone_opens_no_page_where_one_signs_in(person: User) -> None:
    """All that a web process holds of somebody who is at work."""
    browser, thief = factories.signed_in(person), Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = browser.cookies[settings.SESSION_COOKIE_NAME].value

    assert thief.get(reverse("home")).status_code == 200, "as the web process itself could"
    for page in ("mfa_index", "mfa_add_webauthn", "account_change_password", "signed_in"):
        assert thief.get(reverse(page)).url.startswith(PAGE_OF_SIGN_IN), page


def test_what_one_has_done_where_one_signs_in_opens_nothing_without_the_session(person: User) -> None:
    browser, other = factories.signed_in(person), Client()
    other.cookies[settings.SIGN_IN_COOKIE_NAME] = browser.cookies[settings.SIGN_IN_COOKIE_NAME].value

    assert other.get(reverse("mfa_index")).url.startswith(PAGE_OF_SIGN_IN)
    assert other.get(reverse("home")).url.startswith(PAGE_OF_SIGN_IN)


def test_signing_out_ends_both(person: User) -> None:
    browser = factories.signed_in(person)
    kept = browser.cookies[settings.SIGN_IN_COOKIE_NAME].value

    browser.post(reverse("account_logout"))

    browser.cookies[settings.SIGN_IN_COOKIE_NAME] = kept
    assert browser.get(reverse("mfa_index")).url.startswith(PAGE_OF_SIGN_IN)


def test_contents_where_one_signs_in_are_sealed_with_a_key_that_web_has_not_got(person: User) -> None:
    browser = factories.signed_in(person)
    key = browser.cookies[settings.SIGN_IN_COOKIE_NAME].value

    with signing_in():
        store = SessionStore(key)
        sealed = store._sealed({"password": "shown"})
    with pytest.raises(EncryptionError):
        store._sealed({"password": "shown"})
    assert b"shown" not in sealed


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT hash FROM access_password",
        "UPDATE access_password SET hash = 'argon2$made-up'",
        "SELECT data FROM mfa_authenticator",
        "DELETE FROM mfa_authenticator",
        "INSERT INTO mfa_authenticator (type, data, user_id, created_at) VALUES ('totp', '{}', 1, now())",
        "SELECT contents FROM access_signinsession",
        "SELECT access_session_begin('made-up', ''::bytea, now() + interval '1 hour')",
        "SELECT access_session_confirm('made-up')",
        "SELECT access_sign_in('made-up', '{\"kind\": \"sign_in.succeeded\"}')",
        "SELECT * FROM access_sessions_of('made-up')",
        "SELECT * FROM access_invitation_load('made-up')",
        "SELECT access_mediation_begin('made-up')",
    ],
)
def test_web_role_has_no_right_to(person: User, statement: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_page_where_passwords_are_typed_says_nothing_that_the_web_process_wrote(person: User) -> None:
    """It may plant the key of any live session in a browser: cookies are for both hosts."""
    browser, visitor = factories.signed_in(person), Client()
    store = ServiceStore(browser.cookies[settings.SESSION_COOKIE_NAME].value)
    store[Storage.session_key] = [(INFO, "We moved: enter your password at evil.example")]
    store.save()
    visitor.cookies[settings.SESSION_COOKIE_NAME] = browser.cookies[settings.SESSION_COOKIE_NAME].value

    assert "We moved" not in visitor.get(PAGE_OF_SIGN_IN).content.decode()


def test_what_the_web_process_wrote_is_words_and_no_markup(person: User) -> None:
    browser = factories.signed_in(person)
    store = ServiceStore(browser.cookies[settings.SESSION_COOKIE_NAME].value)
    store[Storage.session_key] = [(INFO, "<b>bold</b>")]
    store.save()

    page = browser.get(reverse("mfa_index")).content.decode()

    assert "&lt;b&gt;bold&lt;/b&gt;" in page
    assert "<b>bold</b>" not in page


def test_what_an_older_version_left_to_be_said_stops_no_page(person: User) -> None:
    browser = factories.signed_in(person)
    store = ServiceStore(browser.cookies[settings.SESSION_COOKIE_NAME].value)
    store[SessionStorage.session_key] = '[["__json_message",0,25,"Saved."]]'  # as Django writes it
    store.save()

    assert browser.get(reverse("mfa_index")).status_code == 200
    assert browser.get(reverse("home")).status_code == 200


def test_whoever_brings_no_session_is_nobody_whatever_showed_somebody_before(person: User) -> None:
    """Each function that shows somebody does so by itself, and no process keeps count of them."""
    actor = factories.actor_for(person)
    for shows in ("access_session_load", "access_show_reach"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {shows}(%s)", [actor.session_key])
        assert _shown() == person.pk
        Client().get(PAGE_OF_SIGN_IN)
        assert _shown() is None


def _shown() -> int | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM access_user")
        people = [person for (person,) in cursor.fetchall()]
    return people[0] if people else None
