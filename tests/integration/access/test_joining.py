"""Accepting an invitation through the pages, up to one's own checklist."""

from datetime import timedelta
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.models import Invitation, User, UserState
from access.people.actions.deciding import leave, rejoin
from access.people.actions.inviting import invite_again, withdraw
from audit.events import EventKind, Outcome
from tests import factories
from tests.acting_servers import signing_in
from tests.authenticator import code_of
from tests.conftest import OwnerContext
from tests.integration.access import lives
from tests.integration.access.lives import Council
from tests.log import events, last_event

CHOSEN = "orchard teapot lantern"
MY_ACCESS, ENROL = reverse("my_access"), reverse("mfa_activate_totp")


@pytest.fixture
def council(as_owner: OwnerContext) -> Council:
    with as_owner():
        return lives.council()


@pytest.fixture
def invited(council: Council) -> User:
    return lives.invited(council)


@pytest.fixture
def address(invited: User) -> str:
    return join_address()


def join_address() -> str:
    return reverse("join", args=[lives.mailed_secret()])


def choose(address: str, password: str = CHOSEN, again: str = "", *, browser: Client | None = None) -> HttpResponse:
    return (browser or Client()).post(address, {"password1": password, "password2": again or password})


def words(response: HttpResponse) -> str:
    return unescape(response.content.decode())


def enrol(browser: Client) -> HttpResponse:
    """Set up an authenticator app on the page that asks for it, and show a code of it. Returns where that leads."""
    browser.get(ENROL)
    with signing_in():
        secret = factories.where_signing_in(browser)["mfa.totp.secret"]
    shown = code_of(secret)
    codes = browser.post(ENROL, {"code": shown}).url
    return browser.post(browser.get(browser.get(codes).url).url, {"code": shown})


@pytest.mark.usefixtures("own_database")
def test_link_password_second_step_checklist(invited: User, address: str, council: Council) -> None:
    browser = Client()
    page = words(browser.get(address))
    assert f"You were invited by {council.school.name}" in page
    assert invited.name.open() not in page
    assert invited.email.open() not in page

    assert choose(address, browser=browser).url == MY_ACCESS
    assert browser.get(browser.get(MY_ACCESS).url).url.startswith(ENROL)
    assert enrol(browser).url == reverse("mfa_view_recovery_codes")

    checklist = words(browser.get(MY_ACCESS))
    assert "You cannot use the service yet" in checklist
    assert invited.name.open() in checklist
    assert lives.again(invited).state == UserState.JOINING
    with signing_in():
        assert lives.again(invited).check_password(CHOSEN)
    assert last_event(kind=EventKind.USER_JOINED).user_id == invited.pk


@pytest.mark.usefixtures("own_database")
def test_who_stopped_half_way_signs_in_and_goes_on(invited: User, address: str) -> None:
    choose(address)

    browser = factories.with_password(invited, password=CHOSEN)

    assert browser.get(browser.get(MY_ACCESS).url).url.startswith(ENROL)
    browser.get(ENROL)
    browser.post(reverse("account_reauthenticate"), {"password": CHOSEN})
    enrol(browser)
    assert browser.get(MY_ACCESS).status_code == 200


@pytest.mark.parametrize(
    ("password", "again", "says"),
    [
        ("", "", "Enter the password that you choose"),
        ("short", "short", "This password is too short"),
        ("pe#5gz29ptzmse", "pe#5gz29ptzmse", "This password is too common"),
        (CHOSEN, "orchard teapot", "The two passwords are not the same"),
        ("\0" * 12, "\0" * 12, "Null characters are not allowed"),
    ],
)
def test_refused_password_leaves_the_link_good(address: str, password: str, again: str, says: str) -> None:
    response = choose(address, password, again)

    assert response.status_code == 200
    assert says in words(response)
    assert choose(address).url == MY_ACCESS


def test_link_opened_by_a_mail_program_stays_good(address: str) -> None:
    Client().get(address)
    Client().head(address)

    assert choose(address).status_code == 302


def test_link_used_twice(address: str) -> None:
    choose(address)

    for response in (Client().get(address), choose(address)):
        assert response.status_code == 410
        assert "This link has been used" in words(response)
    event = last_event()
    assert (event.kind, event.outcome, event.process) == (EventKind.ACCESS_REFUSED, Outcome.WRONG_STATE, "invitation")


def test_link_replaced_by_a_newer_one(address: str, council: Council, invited: User) -> None:
    invite_again(actor=council.first, user_id=invited.pk)

    assert "A newer link was sent to you" in words(choose(address))
    assert choose(join_address()).url == MY_ACCESS


def test_link_run_out(address: str, invited: User, as_owner: OwnerContext) -> None:
    with as_owner():
        ago = timezone.now() - timedelta(days=15)
        Invitation.objects.filter(user=invited).update(sent_at=ago, expires_at=ago + timedelta(days=14))

    response = choose(address)

    assert (response.status_code, "This link has run out" in words(response)) == (410, True)


def test_link_of_an_invitation_taken_back(address: str, council: Council, invited: User) -> None:
    withdraw(actor=council.first, user_id=invited.pk)

    assert "This invitation was taken back" in words(choose(address))


@pytest.mark.parametrize("secret", ["made-up", "x" * 4000, "é", "%00", "🙂"])
def test_link_that_nobody_sent_is_no_event(db: None, secret: str) -> None:
    before = len(events())
    path = reverse("join", args=["x"]).replace("/x/", f"/{secret}/")
    for response in (Client().get(path), choose(path)):
        assert response.status_code == 404
        assert "This link is not complete" in words(response)
        assert "ask the administrator who invited you to send another link" in words(response)

    assert len(events()) == before


def test_somebody_else_signed_in_in_this_browser_uses_nothing_up(address: str, as_owner: OwnerContext) -> None:
    with as_owner():
        other = factories.user()
    browser = factories.signed_in(other)

    assert browser.get(address).status_code == 409
    assert choose(address, browser=browser).status_code == 409
    assert choose(address).status_code == 302


def test_address_is_told_to_nobody(address: str) -> None:
    for response in (Client().get(address), Client().get(reverse("join", args=["made-up"]))):
        assert response["Referrer-Policy"].endswith("strict-origin")
        assert 'name="referrer"' not in words(response)


def test_flood_is_held_up(address: str, settings: object) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"join": "2/m/ip"}  # type: ignore[attr-defined]
    browser = Client(REMOTE_ADDR="198.51.100.77")

    assert [browser.get(address).status_code for _ in range(3)] == [200, 200, 429]


def test_who_joins_again_shows_the_second_step_they_have(council: Council) -> None:
    """A link alone never stands in for a second factor that is there."""
    user = lives.active(council)
    leave(actor=council.second, user_id=user.pk)
    rejoin(actor=council.second, user_id=user.pk)

    browser = Client()
    assert choose(join_address(), browser=browser).url == reverse("mfa_authenticate")
    assert browser.get(MY_ACCESS).url.startswith(reverse("account_login"))
