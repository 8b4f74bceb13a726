"""Sessions: what a stolen table tells, when a session ends, and that nobody can be given one from outside."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from access.door.sessions import SessionStore
from access.models import Session, User
from access.tasks import delete_ended_sessions
from audit.actors import Actor
from audit.errors import NoLiveSessionError
from audit.events import EventKind
from audit.recorder import About, record
from tests import ageing, factories
from tests.acting import acting_as
from tests.acting_servers import signing_in
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.access.conftest import Wait
from tests.log import events

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


def grow_older(visitor: Client, by: timedelta) -> None:
    """Let the browser's session have begun so much earlier, and its last request have come so long ago."""
    with as_owner_here():
        ageing.grow_older(key_of(visitor), by)


def row_as_text() -> str:
    """Everything that the sessions table holds, as a thief would read it."""
    with as_owner_here(), connection.cursor() as cursor:
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
    with as_owner_here():
        assert [session.user_id for session in Session.objects.all()] == [person.pk]


def test_session_ends_when_idle(visitor: Client) -> None:
    grow_older(visitor, IDLE - timedelta(minutes=1))
    assert is_signed_in(visitor)
    grow_older(visitor, IDLE + timedelta(minutes=1))
    assert not is_signed_in(visitor)


def test_session_ends_at_the_absolute_limit_however_busy(visitor: Client) -> None:
    step = IDLE - timedelta(minutes=1)
    for _ in range(int(LONGEST / step)):
        grow_older(visitor, step)
        assert is_signed_in(visitor)

    grow_older(visitor, step)

    assert not is_signed_in(visitor)


def test_deleted_row_ends_the_session_on_the_next_request(person: User, visitor: Client) -> None:
    assert is_signed_in(visitor)

    with as_owner_here():
        Session.objects.filter(user=person).delete()

    assert visitor.get(HOME).url.startswith(reverse("account_login"))


def test_contents_moved_to_another_row_open_nothing(visitor: Client, as_owner: OwnerContext) -> None:
    with as_owner():
        other = factories.signed_in(factories.user())
    assert is_signed_in(visitor)

    with as_owner():
        mine, theirs = Session.objects.order_by("pk")
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


def test_nothing_from_before_the_sign_in_is_worth_anything_after(person: User) -> None:
    victim = factories.with_password(person)
    attacker = Client()
    for name, cookie in victim.cookies.items():
        attacker.cookies[name] = cookie.value

    victim.post(reverse("mfa_authenticate"), {"code": factories.code_for(person)})

    assert is_signed_in(victim)
    assert not is_signed_in(attacker)
    assert attacker.get(reverse("mfa_index")).url.startswith(reverse("account_login"))


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
    (event,) = events(kind=EventKind.USER_PASSWORD_CHANGED)
    assert (event.actor_id, event.user_id) == (person.pk, person.pk)


def test_clean_up_deletes_ended_sessions_and_no_others(visitor: Client, person: User, wait: Wait) -> None:
    wait(timedelta(minutes=1))
    ended = factories.signed_in(person)
    grow_older(ended, IDLE + timedelta(minutes=2))

    with acting_as("contactpoint_worker"):
        delete_ended_sessions()

    with as_owner_here():
        assert Session.objects.count() == 1
    assert is_signed_in(visitor)
    assert not is_signed_in(ended)


# ------------------------------------------------------------------------------- only through its own functions


@signing_in()
def test_key_that_is_taken_begins_no_session(db: None) -> None:
    taken = SessionStore()
    taken["kept"] = CANARY
    taken.create()

    with pytest.raises(CreateError):
        SessionStore(taken.session_key).save(must_create=True)
    assert SessionStore(taken.session_key)["kept"] == CANARY


@signing_in()
def test_session_that_ended_meanwhile_is_not_saved_back(db: None) -> None:
    store = SessionStore()
    store.create()
    SessionStore(store.session_key).delete()

    with pytest.raises(UpdateError):
        store.save()


@pytest.mark.parametrize("read", [Session.objects.count, Session.objects.first, SessionStore.clear_expired])
def test_web_role_lists_no_session(visitor: Client, read: Callable[[], object]) -> None:
    with pytest.raises(ProgrammingError, match="permission denied for table access_session"), transaction.atomic():
        read()
    assert is_signed_in(visitor)


def test_session_of_one_person_does_not_become_anothers(visitor: Client, person: User, as_owner: OwnerContext) -> None:
    with as_owner():
        other = factories.user()
    session = visitor.session
    stolen = Actor(
        user_id=other.pk,
        role=other.role,
        organisation_id=other.organisation_id,
        authority_id=other.organisation.authority_id,
        session_id=session.row_id,
        request_id=factories.SETTING_UP_REQUEST,
        session_key=session.key_fingerprint,
    )

    with signing_in(), pytest.raises(NoLiveSessionError), transaction.atomic():
        record(EventKind.SIGNED_IN, About(user_id=other.pk), actor=stolen)

    with as_owner():
        assert Session.objects.get().user_id == person.pk
