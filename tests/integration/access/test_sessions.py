"""Sessions: what a stolen table tells, when a session ends, and that nobody can be given one from outside."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.models import Session, User
from access.sessions import SessionStore
from access.tasks import delete_ended_sessions
from audit.events import EventKind
from audit.models import Event
from tests import factories
from tests.conftest import OwnerContext
from tests.integration.access.conftest import Wait

HOME = reverse("home")
IDLE = timedelta(seconds=settings.SESSION_IDLE_SECONDS)
LONGEST = timedelta(seconds=settings.SESSION_COOKIE_AGE)
CANARY = "Zyxwvut"


@pytest.fixture
def visitor(person: User) -> Client:
    return factories.signed_in(person)


def is_signed_in(visitor: Client) -> bool:
    return visitor.get(HOME).status_code == 200


def key_of(visitor: Client) -> str:
    return visitor.cookies[settings.SESSION_COOKIE_NAME].value


def row_as_text() -> str:
    """Everything that the sessions table holds, as a thief would read it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select string_agg(access_session::text, ' '), string_agg(contents::bytea, '') from access_session"
        )
        text, contents = cursor.fetchone()
    return text + bytes(contents).decode("latin-1")


def test_session_row_holds_neither_key_nor_contents(person: User, visitor: Client) -> None:
    visitor.post(reverse("search"), {"given_name": CANARY, "family_name": CANARY, "age": "7"})
    assert CANARY in str(SessionStore(key_of(visitor)).load()), "the canary was typed and is in the session"

    stored = row_as_text()

    for secret in (key_of(visitor), CANARY, person.email_fingerprint, "_auth_user_hash", "searches"):
        assert secret not in stored
        assert secret.encode().hex() not in stored


def test_session_names_its_user(person: User, visitor: Client) -> None:
    assert [session.user_id for session in Session.objects.all()] == [person.pk]


def test_session_ends_when_idle(visitor: Client, wait: Wait) -> None:
    wait(IDLE - timedelta(seconds=1))
    assert is_signed_in(visitor)
    wait(IDLE + timedelta(seconds=1))
    assert not is_signed_in(visitor)


def test_session_ends_at_the_absolute_limit_however_busy(visitor: Client, wait: Wait) -> None:
    step = IDLE - timedelta(minutes=1)
    for _ in range(int(LONGEST / step)):
        wait(step)
        assert is_signed_in(visitor)

    wait(step)

    assert not is_signed_in(visitor)


def test_deleted_row_ends_the_session_on_the_next_request(person: User, visitor: Client) -> None:
    assert is_signed_in(visitor)

    Session.objects.filter(user=person).delete()

    assert visitor.get(HOME).url.startswith(reverse("account_login"))


def test_contents_moved_to_another_row_open_nothing(visitor: Client, as_owner: OwnerContext) -> None:
    with as_owner():
        other = factories.signed_in(factories.user())
    mine, theirs = Session.objects.order_by("pk")
    assert is_signed_in(visitor)

    Session.objects.filter(pk=mine.pk).update(contents=theirs.contents)

    assert not is_signed_in(visitor)
    assert is_signed_in(other)


def test_planted_session_key_is_not_taken_over(person: User) -> None:
    victim = Client()
    victim.cookies[settings.SESSION_COOKIE_NAME] = "planted"
    factories.signed_in(person, client=victim)
    attacker = Client()
    attacker.cookies[settings.SESSION_COOKIE_NAME] = "planted"

    assert key_of(victim) != "planted"
    assert not is_signed_in(attacker)


def test_key_from_before_sign_in_is_worth_nothing_after(person: User) -> None:
    victim = factories.with_password(person)
    attacker = Client()
    attacker.cookies[settings.SESSION_COOKIE_NAME] = key_of(victim)

    victim.post(reverse("mfa_authenticate"), {"code": factories.code_for(person)})

    assert is_signed_in(victim)
    assert key_of(victim) != key_of(attacker)
    assert not is_signed_in(attacker)


def test_cookie_kept_past_sign_out_opens_nothing(visitor: Client) -> None:
    kept = key_of(visitor)
    visitor.post(reverse("account_logout"))
    visitor.cookies[settings.SESSION_COOKIE_NAME] = kept

    assert not is_signed_in(visitor)


def test_session_cookie_is_out_of_reach_of_scripts_and_other_sites(visitor: Client) -> None:
    cookie = visitor.cookies[settings.SESSION_COOKIE_NAME]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert not cookie["expires"], "it ends with the browser"


def test_password_change_ends_other_sessions_and_is_recorded(person: User, visitor: Client, wait: Wait) -> None:
    wait(timedelta(minutes=1))
    elsewhere = factories.signed_in(person)
    new = {"oldpassword": factories.PASSWORD, "password1": "quite another one", "password2": "quite another one"}

    assert visitor.post(reverse("account_change_password"), new).status_code == 302

    assert is_signed_in(visitor)
    assert not is_signed_in(elsewhere)
    event = Event.objects.get(kind=EventKind.USER_PASSWORD_CHANGED)
    assert (event.actor_id, event.user_id) == (person.pk, person.pk)


def test_clean_up_deletes_ended_sessions_and_no_others(visitor: Client, person: User, wait: Wait) -> None:
    wait(timedelta(minutes=1))
    ended = factories.signed_in(person)
    Session.objects.filter(pk=Session.objects.latest("pk").pk).update(expires_at=timezone.now())

    delete_ended_sessions()

    assert Session.objects.count() == 1
    assert is_signed_in(visitor)
    assert not is_signed_in(ended)
