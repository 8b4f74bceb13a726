"""Where one is signed in: one's own sessions, each with its browser in words, and signing out there."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from access.door.sessions import SessionStore, all_of_same_person, end_named
from access.models import Session, User
from access.sign_in.actions.sessions import sign_out_elsewhere
from audit.events import EventKind
from audit.recorder import About, record
from tests import factories
from tests.acting_servers import signing_in
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.access.conftest import Wait
from tests.integration.access.test_sign_in import is_signed_in
from tests.log import events

PAGE = reverse("signed_in")
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1"
)


def in_browser(person: User, user_agent: str) -> Client:
    return factories.signed_in(person, client=Client(headers={"User-Agent": user_agent}))


def row_of(browser: Client) -> int:
    """The id of the browser's own session."""
    row_id = browser.session.row_id or _loaded(browser)
    assert row_id
    return row_id


def _loaded(browser: Client) -> int | None:
    store = SessionStore(browser.session.session_key)
    store.load()
    return store.row_id


@pytest.fixture
def here(person: User) -> Client:
    return in_browser(person, FIREFOX)


@pytest.fixture
def elsewhere(person: User, here: Client, wait: Wait) -> Client:
    """The same person on their telephone; a code of theirs works once, so a minute later."""
    wait(timedelta(minutes=1))
    return in_browser(person, IPHONE)


@pytest.fixture
def colleague(as_owner: OwnerContext, person: User) -> Client:
    with as_owner():
        return in_browser(factories.user(works_for=person.organisation), FIREFOX)


def test_page_names_each_browser_and_marks_this_one(here: Client, elsewhere: Client, colleague: Client) -> None:
    page = here.get(PAGE).content.decode()

    assert page.count("Firefox on Windows") == 1, "a colleague's is not listed"
    assert "Safari on an iPhone" in page
    assert page.index("This browser") < page.index("Safari on an iPhone")


def test_one_session_alone_offers_nothing_to_end(here: Client) -> None:
    assert 'name="session"' not in here.get(PAGE).content.decode()


def test_signing_out_there_ends_that_session_and_is_recorded(person: User, here: Client, elsewhere: Client) -> None:
    ended = row_of(elsewhere)

    response = here.post(PAGE, {"session": str(ended)}, follow=True)

    assert "You are signed out there" in response.content.decode()
    assert not is_signed_in(elsewhere)
    assert is_signed_in(here)
    (event,) = events(kind=EventKind.SESSION_ENDED)
    assert (event.actor_id, event.user_id, event.fields) == (person.pk, person.pk, [str(ended)])
    assert event.session_id == row_of(here)


def test_signing_out_everywhere_else_keeps_this_browser(
    person: User, here: Client, elsewhere: Client, wait: Wait
) -> None:
    wait(timedelta(minutes=1))
    third = in_browser(person, FIREFOX)

    response = here.post(PAGE, {"session": "others"}, follow=True)

    assert "You are signed out everywhere else" in response.content.decode()
    assert [is_signed_in(each) for each in (here, elsewhere, third)] == [True, False, False]
    assert len(events(kind=EventKind.SESSION_ENDED)) == 1


@pytest.mark.parametrize("which", ["", "nonsense", "-1", "0", "9" * 100, "²", "1\0"])
def test_session_that_is_not_there_is_said_to_be_ended(here: Client, elsewhere: Client, which: str) -> None:
    response = here.post(PAGE, {"session": which}, follow=True)

    assert "You were signed out there already" in response.content.decode()
    assert is_signed_in(elsewhere)
    assert events(kind=EventKind.SESSION_ENDED) == []


def test_nobody_ends_this_session_or_anothers_through_the_page(here: Client, colleague: Client) -> None:
    for target in (here, colleague):
        here.post(PAGE, {"session": str(row_of(target))})

    assert is_signed_in(here)
    assert is_signed_in(colleague)
    assert events(kind=EventKind.SESSION_ENDED) == []


def test_stale_tab_in_the_ended_browser_leads_to_sign_in(here: Client, elsewhere: Client) -> None:
    here.post(PAGE, {"session": "others"})

    assert elsewhere.post(PAGE, {"session": "others"}).url.startswith(reverse("account_login"))
    assert is_signed_in(here)


def test_ended_session_is_gone_with_its_event_or_not_at_all(person: User, here: Client, elsewhere: Client) -> None:
    key = SessionStore(here.session.session_key).key_fingerprint

    with signing_in(), transaction.atomic():
        assert end_named(key) == [], "no event, no end"

    assert is_signed_in(elsewhere)


def test_event_of_an_earlier_transaction_ends_nothing(own_database: str) -> None:
    with as_owner_here():
        person = factories.user()
    actor, other = factories.actor_for(person), factories.actor_for(person)
    with signing_in(), transaction.atomic():
        about = About(user_id=person.pk, fields=[str(other.session_id)])
        record(EventKind.SESSION_ENDED, about, actor=actor)

    with signing_in(), transaction.atomic():
        assert end_named(actor.session_key) == []

    with signing_in():
        assert sign_out_elsewhere(actor=actor) == 1
        assert [each.id for each in all_of_same_person(actor.session_key)] == [actor.session_id]


def test_event_that_names_anothers_session_ends_none(as_owner: OwnerContext, person: User) -> None:
    with as_owner():
        colleague = factories.user(works_for=person.organisation)
    actor, victim = factories.actor_for(person), factories.actor_for(colleague)

    with signing_in(), transaction.atomic():
        record(EventKind.SESSION_ENDED, About(user_id=person.pk, fields=[str(victim.session_id)]), actor=actor)
        assert end_named(actor.session_key) == []

    with signing_in():
        assert len(all_of_same_person(victim.session_key)) == 1


def test_made_up_key_lists_nothing(person: User, here: Client) -> None:
    with signing_in():
        assert all_of_same_person("0" * 32) == []


def test_session_before_sign_in_is_in_nobodys_list(person: User, here: Client) -> None:
    waiting = factories.with_password(person)

    assert "An unknown browser" not in here.get(PAGE).content.decode()
    assert settings.SESSION_COOKIE_NAME not in waiting.cookies


def test_browser_is_said_once(here: Client) -> None:
    store = SessionStore(here.session.session_key)
    store.load()

    with signing_in():
        store.note_device("Another browser")

    assert "Firefox on Windows" in here.get(PAGE).content.decode()


def test_browser_is_sealed_in_the_table(here: Client) -> None:
    with as_owner_here():
        (device,) = Session.objects.values_list("device", flat=True)

    assert b"Firefox" not in bytes(device)


def test_last_use_moves_on(here: Client) -> None:
    with as_owner_here():
        earlier = Session.objects.get().seen_at - timedelta(minutes=5)
        Session.objects.update(seen_at=earlier)
    store = SessionStore(here.session.session_key)
    store["touched"] = True

    store.save()

    with as_owner_here():
        assert Session.objects.get().seen_at > earlier
