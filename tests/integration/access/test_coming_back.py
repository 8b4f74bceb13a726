"""After a session that ended: one's own place, what one sent too late, and neither for anybody else."""

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

from access.models import Organisation, Role, Session, User
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
SENT_TOO_LATE = "What you sent last was not saved. It is kept for 15 minutes and for you alone"
LOST = "could not be kept"
CONTINUE = "Continue with what you began"


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
        ("/call/{}/", "asking"),
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


def test_what_was_sent_too_late_is_sent_again_at_a_press(browser: Client, person: User) -> None:
    asked = browser.post(SEARCH, TYPED)
    assert asked.url.startswith(LOGIN)
    told = browser.get(asked.url).content.decode()
    assert SENT_TOO_LATE in told
    assert CANARY not in told

    led = sign_in(browser, person, asked)
    assert led == SEARCH
    page = browser.get(led)
    assert CONTINUE in page.content.decode()
    assert fields_of(page) == TYPED
    assert CANARY not in str(browser.session.load()), "a sign-in alone does nothing"

    sent = browser.post(led, fields_of(page))
    assert re.fullmatch(rf"{SEARCH}[\w-]{{36}}/", sent.url)
    assert CANARY in str(browser.session.load())
    assert CONTINUE not in browser.get(led).content.decode(), "it is offered once"


def test_nobody_else_is_offered_what_was_sent(browser: Client, as_owner: OwnerContext) -> None:
    with as_owner():
        other = factories.user()
    assert sign_in(browser, other, browser.post(SEARCH, TYPED)) == HOME

    for address in (HOME, SEARCH):
        page = browser.get(address).content.decode()
        assert CANARY not in page
        assert CONTINUE not in page
    assert CANARY not in str(browser.session.load())


def test_what_was_sent_lies_sealed_and_for_minutes(browser: Client, person: User, wait: Wait) -> None:
    browser.post(SEARCH, TYPED)
    with as_owner_here():
        kept = Session.objects.get(user=None)
        assert kept.expires_at - kept.seen_at <= IDLE + timedelta(minutes=2)  # the test's clock goes ahead
        assert CANARY.encode() not in bytes(kept.contents)
        ageing.grow_older(browser.cookies[COOKIE].value, IDLE + timedelta(minutes=2))

    assert SENT_TOO_LATE not in browser.get(LOGIN).content.decode()
    assert sign_in(browser, person, browser.get(SEARCH)) == SEARCH
    assert CONTINUE not in browser.get(SEARCH).content.decode()


def test_what_was_sent_is_not_offered_later(browser: Client, person: User, wait: Wait) -> None:
    led = sign_in(browser, person, browser.post(SEARCH, TYPED))
    wait(IDLE - timedelta(minutes=1))
    browser.get(HOME)
    wait(timedelta(minutes=2))

    assert CONTINUE not in browser.get(led).content.decode()
    assert CANARY not in str(browser.session.load())


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        ("/record/made-up/involvements/new/", {"practitioner": CANARY}),
        ("/people/made-up/suspend/", {"reason": CANARY}),
        (SEARCH, {"call": "12", "family_name": CANARY}),
        (SEARCH, {"family_name": CANARY * 2000}),
        (SEARCH, {"file": SimpleUploadedFile("a.txt", b"x")}),
        (reverse("account_change_password"), {"oldpassword": CANARY, "password1": CANARY}),
        (reverse("mfa_deactivate_totp"), {"code": CANARY}),
    ],
)
def test_what_cannot_be_kept_is_said_to_be_lost(
    browser: Client, person: User, address: str, typed: dict[str, object]
) -> None:
    asked = browser.post(address, typed)

    assert LOST in browser.get(asked.url).content.decode()
    assert CANARY not in str(browser.session.load())
    sign_in(browser, person, asked)
    assert CONTINUE not in browser.get(address).content.decode()


def test_strangers_form_makes_no_session(db: None) -> None:
    """Nor does one with a key that was never anybody's: only who was signed in here has anything kept."""
    for key in ("", "planted"):
        stranger = Client()
        stranger.cookies[COOKIE] = key
        stranger.post(SEARCH, TYPED)
        with as_owner_here():
            assert not Session.objects.exists()


def test_a_form_from_another_site_is_not_kept(person: User, wait: Wait) -> None:
    victim = ended(person, wait)
    victim.handler.enforce_csrf_checks = True

    assert victim.post(SEARCH, TYPED).status_code == 403
    with as_owner_here():
        assert not Session.objects.filter(user=None).exists()


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


def test_mediators_search_is_not_offered_in_the_next_call(
    mediator: User, colleague: User, authority: Organisation, wait: Wait
) -> None:
    browser = factories.on_call(mediator, colleague)
    in_call = fields_of(browser.get(SEARCH))
    assert mediator.role == Role.MEDIATOR
    assert in_call["call"]
    wait(timedelta(minutes=1))
    with as_owner_here():
        ageing.grow_older(browser.cookies[COOKIE].value, IDLE + timedelta(seconds=1))

    asked = browser.post(SEARCH, TYPED | in_call)
    assert LOST in browser.get(asked.url).content.decode()
    assert CANARY not in str(browser.session.load())
