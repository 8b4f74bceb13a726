"""After a session that ended: one's own place, for nobody else, and what one sent too late is said to be lost."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from access.models import Session, User
from audit.events import EventKind
from tests import ageing, factories
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.access.conftest import Wait
from tests.log import events

LOGIN, HOME, SEARCH, MY_ACCESS = (reverse(name) for name in ("account_login", "home", "search", "my_access"))
CODE = reverse("mfa_authenticate")
COOKIE = settings.SESSION_COOKIE_NAME
IDLE = timedelta(seconds=settings.SESSION_IDLE_SECONDS)
HIDDEN = re.compile(r'<input type="hidden" name="(?!csrf)([^"]*)" value="([^"]*)">')
CANARY = "Zyxwvut"
TYPED = {"given_name": "Amina", "family_name": CANARY, "age": "7"}
LOST = "The form that you sent after that, about {}, was not saved and nothing in it was kept."


@pytest.fixture
def browser(person: User, wait: Wait) -> Client:
    """In which the person was signed in, until a moment ago; their authenticator shows another code by now."""
    return ended(person, wait)


def ended(person: User, wait: Wait) -> Client:
    made = factories.signed_in(person)
    wait(timedelta(minutes=1))
    with as_owner_here():
        ageing.grow_older(made.cookies[COOKIE].value, IDLE + timedelta(seconds=1))
    return made


def sign_in(browser: Client, person: User, asked: HttpResponse) -> str:
    """Sign in on the page that the answer leads to. Returns where one is led."""
    page = browser.get(asked.url)
    answers = {"login": person.email.open(), "password": factories.PASSWORD} | fields_of(page)
    assert browser.post(LOGIN, answers).url == CODE
    led = browser.post(CODE, {"code": factories.code_for(person)})
    assert led.status_code == 302
    return led.url


def fields_of(page: HttpResponse) -> dict[str, str]:
    """What the page's forms send without anybody typing it."""
    return {name: unescape(value) for name, value in HIDDEN.findall(page.content.decode())}


def next_of(answer: HttpResponse) -> str:
    return parse_qs(urlsplit(answer.url).query)["next"][0]


# -------------------------------------------------------------------------------------------------------- the place


def test_the_same_person_comes_back_to_the_page(browser: Client, person: User) -> None:
    address = f"{reverse('my_history')}?page=2"
    assert sign_in(browser, person, browser.get(address)) == address


def test_a_form_leads_back_to_the_page_on_which_it_stood(browser: Client, person: User) -> None:
    asked = browser.post(reverse("end_call"), {"call": "1"}, headers={"referer": f"http://testserver{MY_ACCESS}?a=b"})
    assert sign_in(browser, person, asked) == f"{MY_ACCESS}?a=b"


@pytest.mark.parametrize(
    "referer",
    ["", "https://evil.example/search/", "http://testserver.evil.example/", "http://testserver//evil.example/", "x:\n[",
     "http://testserver/nowhere/", "javascript:alert(1)", "//testserver@evil.example/search/"],
)  # fmt: skip
def test_a_form_from_nowhere_of_ours_leads_to_the_start(browser: Client, referer: str) -> None:
    assert next_of(browser.post(reverse("end_call"), {"call": "1"}, headers={"referer": referer})) == HOME


def test_somebody_else_begins_at_the_start(browser: Client, as_owner: OwnerContext) -> None:
    with as_owner():
        other = factories.user()
    assert sign_in(browser, other, browser.get(MY_ACCESS)) == HOME


def test_somebody_else_begins_at_the_start_without_a_second_factor_too(browser: Client, as_owner: OwnerContext) -> None:
    with as_owner():
        other = factories.user(authenticator=False)
    asked = browser.get(MY_ACCESS)
    answers = {"login": other.email.open(), "password": factories.PASSWORD, "next": next_of(asked)}
    assert browser.post(LOGIN, answers).url == HOME


def test_whoever_was_never_here_goes_where_they_asked(person: User) -> None:
    visitor = Client()
    assert sign_in(visitor, person, visitor.get(MY_ACCESS)) == MY_ACCESS


@pytest.mark.parametrize(
    ("address", "begins_again"),
    [
        ("/record/{}/", "search"),
        ("/record/{}/reason/", "search"),
        ("/search/00000000-0000-4000-8000-000000000000/", "search"),
        ("/people/{}/", "people"),
        ("/organisations/{}/", "organisations"),
        ("/read-out/{}/", "asking"),
    ],
)
def test_link_of_the_earlier_session_leads_to_where_one_begins_again(
    browser: Client, person: User, address: str, begins_again: str
) -> None:
    led = sign_in(browser, person, browser.get(address.format("made-up")))

    assert led == reverse(begins_again)
    if begins_again == "search":
        page = browser.get(led).content.decode()
        assert "Search again: links of an earlier session no longer work." in page
        assert not events(kind=EventKind.ACCESS_REFUSED)


def test_link_of_the_earlier_session_in_another_window_says_what_to_do(person: User) -> None:
    page = factories.signed_in(person).get("/record/made-up/")

    assert page.status_code == 404
    assert "Search again: links of an earlier session no longer work." in page.content.decode()


# --------------------------------------------------------------------------------------------------------- the work


@pytest.mark.parametrize(
    ("address", "typed", "about"),
    [
        (SEARCH, TYPED, "a search for a child"),
        ("/record/made-up/involvements/new/", {"practitioner": CANARY}, "a child’s record"),
        ("/people/made-up/suspend/", {"reason": CANARY}, "people"),
        (reverse("stop_service"), {"reason": CANARY}, "an emergency stop"),
        (SEARCH, {"file": SimpleUploadedFile("a.txt", CANARY.encode())}, "a search for a child"),
        (reverse("account_change_password"), {"oldpassword": CANARY, "password1": CANARY}, "your account"),
        (reverse("mfa_deactivate_totp"), {"code": CANARY}, "your security"),
    ],
)
def test_what_was_sent_too_late_is_said_to_be_lost_and_is_not_kept(
    browser: Client, person: User, address: str, typed: dict[str, object], about: str
) -> None:
    asked = browser.post(address, typed)

    assert asked.url.startswith(LOGIN)
    told = browser.get(asked.url).content.decode()
    assert LOST.format(about) in told
    assert CANARY not in told
    assert CANARY not in str(browser.session.load())
    led = sign_in(browser, person, asked)
    assert CANARY not in browser.get(led).content.decode()
    assert CANARY not in str(browser.session.load())


@pytest.mark.parametrize("address", [HOME, reverse("lately")])
def test_where_no_form_is_none_is_said_to_be_lost(browser: Client, address: str) -> None:
    assert "was not saved" not in browser.get(browser.post(address, TYPED).url).content.decode()


@pytest.mark.usefixtures("own_database")
@pytest.mark.parametrize("address", [SEARCH, reverse("invite_person"), reverse("stop_service"), reverse("my_access")])
def test_form_made_by_whoever_finds_the_browser_is_never_put_before_its_person(
    person: User, wait: Wait, address: str
) -> None:
    """They take the forgery token of the sign-in page, send a form as their own, and leave it to the person."""
    browser = ended(person, wait)
    browser.handler.enforce_csrf_checks = True
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.get(LOGIN).content.decode())
    assert token
    planted = {"csrfmiddlewaretoken": token[1], "name": CANARY, "family_name": CANARY, "reason": "security"}
    asked = browser.post(address, planted)
    assert asked.url.startswith(LOGIN)
    browser.handler.enforce_csrf_checks = False

    led = sign_in(browser, person, asked)

    for page in {led, address, HOME}:
        assert CANARY not in browser.get(page).content.decode()
    assert CANARY not in str(browser.session.load())


def test_strangers_form_makes_no_session(db: None) -> None:
    """Nor does one with a key that was never anybody's."""
    for key in ("", "planted"):
        stranger = Client()
        stranger.cookies[COOKIE] = key
        stranger.post(SEARCH, TYPED)
        with as_owner_here():
            assert not Session.objects.exists()


# ------------------------------------------------------------------------------------------------------- the attacks


def test_planted_key_of_the_attackers_own_ended_session_leads_the_victim_nowhere(
    person: User, wait: Wait, as_owner: OwnerContext
) -> None:
    """The attacker's own session ended, and a form was sent in it; its key is planted in the victim's browser."""
    with as_owner():
        attacker = factories.user()
    theirs = ended(attacker, wait)
    theirs.post(SEARCH, TYPED)
    victim = Client()
    victim.cookies[COOKIE] = theirs.cookies[COOKIE].value

    assert sign_in(victim, person, victim.get(MY_ACCESS)) == HOME
    assert CANARY not in victim.get(SEARCH).content.decode()
    assert victim.cookies[COOKIE].value != theirs.cookies[COOKIE].value
    assert theirs.get(HOME).status_code == 302, "the attacker is not signed in by it"


OFF_SITE = (
    "//evil.example/", "https://evil.example/", "http:evil.example", "/\\evil.example/", "\\\\evil.example",
    "/%5Cevil.example/", "/%2F/evil.example", "/\t/evil.example/", "/\r\nevil.example/", "javascript:alert(1)",
    " //evil.example", "http://testserver/search/", "http://localhost/search/", "//testserver/search/",
    "///evil.example", "search/", "?next=/", "/nowhere/", "data:text/html,x", "//[", "/search/\x00", "x" * 5000,
)  # fmt: skip


@pytest.mark.parametrize("address", OFF_SITE)
def test_next_leads_to_no_other_host_and_no_page_that_is_not_ours(browser: Client, person: User, address: str) -> None:
    browser.get(HOME)
    answers = {"login": person.email.open(), "password": factories.PASSWORD, "next": address}
    assert browser.post(LOGIN, answers).url == CODE
    assert browser.post(CODE, {"code": factories.code_for(person)}).url == HOME


def test_joining_person_comes_back_too(as_owner: OwnerContext, wait: Wait) -> None:
    with as_owner():
        joining = factories.user(vetted=False)
    browser = Client()
    factories.with_password(joining, client=browser)
    assert browser.post(CODE, {"code": factories.code_for(joining)}).url == MY_ACCESS
    wait(timedelta(minutes=1))
    with as_owner_here():
        ageing.grow_older(browser.cookies[COOKIE].value, IDLE + timedelta(seconds=1))

    assert sign_in(browser, joining, browser.get(reverse("signed_in"))) == reverse("signed_in")
