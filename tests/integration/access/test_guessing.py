"""Whoever guesses passwords or codes is stopped, and nobody else. Cookies: test_known_devices.py."""

import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse

from access.models import User
from access.sign_in.events import Locked
from audit.events import EventKind, Outcome
from review.wording import SUBJECTS
from tests import factories
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.access.conftest import Enter, Wait
from tests.integration.access.signing_in import CODE, is_signed_in, post_password
from tests.integration.access.telephone import text_of, wrong_code
from tests.integration.access.test_deciding_at_once import Press
from tests.log import events

CONFIRM, CONFIRM_BY_CODE = reverse("account_reauthenticate"), reverse("mfa_reauthenticate")
CHANGE_PASSWORD = reverse("account_change_password")
HERE, ELSEWHERE, CODES = 5, 60, 20
FIFTEEN_MINUTES, AN_HOUR = timedelta(minutes=15), timedelta(hours=1)
WRONG = "another password"


def guess(person: User, *, times: int, browser: Client | None = None, **where: object) -> HttpResponse:
    """The last answer to so many wrong passwords."""
    for _ in range(times):
        answer = post_password(browser or Client(), person.email.open(), WRONG, **where)
    return answer


def guess_from_everywhere(person: User) -> None:
    """As many wrong passwords as are heard of browsers that are new to the account, from enough addresses."""
    for number in range(ELSEWHERE // HERE):
        guess(person, times=HERE, REMOTE_ADDR=f"203.0.113.{number}")


def is_heard(person: User, browser: Client | None = None, **where: object) -> bool:
    """Whether the right password is taken."""
    answer = post_password(browser or Client(), person.email.open(), factories.PASSWORD, **where)
    return answer.status_code == 302 and answer.url == CODE


def locks() -> list[tuple[int | None, list[str]]]:
    return [(event.user_id, event.fields) for event in events(kind=EventKind.SIGN_IN_LOCKED)]


@pytest.fixture
def colleague_here(person: User, as_owner: OwnerContext) -> User:
    with as_owner():
        return factories.user(works_for=person.organisation)


def test_settings_allow_what_these_tests_count() -> None:
    limits = settings.ACCOUNT_RATE_LIMITS
    assert limits["password_here"] == f"{HERE}/15m/key"
    assert limits["password_elsewhere"] == f"{ELSEWHERE}/h/key"
    assert limits["code_here"] == limits["code_elsewhere"] == f"{CODES}/h/key,100/30d/key"


def test_auditors_read_in_words_who_is_locked_out() -> None:
    assert set(SUBJECTS[EventKind.SIGN_IN_LOCKED]) == set(Locked)


def test_fifth_wrong_password_locks_the_account_at_this_address(person: User) -> None:
    fifth = guess(person, times=HERE)
    right = post_password(Client(), person.email.open(), factories.PASSWORD)

    assert "Enter the correct e-mail address and password" in text_of(fifth)
    assert "Wait 15 minutes, then try again" in text_of(right)
    assert person.email.open() in text_of(right), "what was typed stays"
    (event,) = events(kind=EventKind.SIGN_IN_LOCKED)
    assert (event.user_id, event.process, event.outcome) == (person.pk, "sign-in", Outcome.NOT_PERMITTED)
    assert event.organisation_id == person.organisation_id
    assert event.fields == ["address"]
    assert len(events(kind=EventKind.SIGN_IN_FAILED)) == HERE


def test_lock_out_spares_other_accounts_and_other_addresses(person: User, colleague_here: User) -> None:
    guess(person, times=HERE)

    assert is_heard(colleague_here)
    assert is_heard(person, REMOTE_ADDR="192.0.2.7")
    assert not is_heard(person)


def test_addresses_of_one_ipv6_network_are_one(person: User) -> None:
    for number in range(HERE):
        guess(person, times=1, REMOTE_ADDR=f"2001:db8:1:2::{number}")

    assert not is_heard(person, REMOTE_ADDR="2001:db8:1:2:ffff::1")
    assert is_heard(person, REMOTE_ADDR="2001:db8:1:3::1")


def test_many_addresses_lock_new_browsers_out_and_not_hers(person: User, known_to: Enter, enter: Enter) -> None:
    hers = known_to(person)

    guess_from_everywhere(person)

    refused = post_password(Client(), person.email.open(), factories.PASSWORD, REMOTE_ADDR="192.0.2.99")
    assert "in browsers that are new to it" in text_of(refused)
    assert "wait 60 minutes, and longer if somebody goes on guessing" in text_of(refused)
    assert "the mediators of your council can look a child up for you" in text_of(refused)
    assert enter(person, hers)
    assert (person.pk, ["new_browsers"]) in locks()


def test_whoever_guesses_at_her_own_address_does_not_lock_her_browser_out(
    person: User, known_to: Enter, enter: Enter
) -> None:
    """A child in the same school, say."""
    hers = known_to(person)
    guess(person, times=HERE)
    assert not is_heard(person)

    assert enter(person, hers)


def test_one_keyboard_does_not_lock_somebody_out_elsewhere(person: User) -> None:
    """However long they go on: what is not heard at their address is not counted for the account."""
    guess(person, times=100)

    assert is_heard(person, REMOTE_ADDR="192.0.2.7")


def test_known_browser_is_locked_out_alone(person: User, known_to: Enter) -> None:
    one, other = known_to(person), known_to(person)

    guess(person, times=HERE, browser=one)

    refused = post_password(one, person.email.open(), factories.PASSWORD)
    assert "Too many wrong passwords. Wait 15 minutes, then try again" in text_of(refused)
    assert is_heard(person, other)
    assert is_heard(person)
    assert locks() == [(person.pk, ["browser"])]


def test_her_success_begins_her_browser_anew_and_nothing_else(person: User, known_to: Enter, enter: Enter) -> None:
    hers, another_of_hers = known_to(person), known_to(person)
    guess(person, times=HERE - 1, browser=hers)
    guess(person, times=HERE - 1, browser=another_of_hers)
    guess(person, times=HERE - 1)
    enter(person, hers).post(reverse("account_logout"))

    guess(person, times=1, browser=another_of_hers)
    guess(person, times=1)
    guess(person, times=HERE - 1, browser=hers)

    assert not is_heard(person, another_of_hers)
    assert not is_heard(person)
    assert is_heard(person, hers)


def test_nobody_begins_a_shared_count_anew_by_a_success(person: User, colleague_here: User, enter: Enter) -> None:
    """Neither the guesser with an account of their own, nor the person herself in a new browser at their address."""
    guess(person, times=HERE - 1)
    enter(colleague_here)
    enter(person)

    guess(person, times=1)

    assert not is_heard(person)


def test_what_is_refused_is_counted_nowhere(person: User, wait: Wait) -> None:
    """Where new browsers are locked out, trying does not lock the address out for longer than them."""
    guess_from_everywhere(person)
    wait(AN_HOUR - timedelta(seconds=30))
    guess(person, times=HERE * 2)

    wait(timedelta(seconds=31))

    assert is_heard(person)


def test_right_password_is_not_counted(person: User) -> None:
    for _ in range(HERE + 1):
        assert is_heard(person)


def test_one_address_is_bounded_for_all_accounts_but_not_for_known_browsers(
    person: User, colleague_here: User, settings: object, known_to: Enter
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "address_wrong": "6/h/key"}  # type: ignore[attr-defined]
    hers = known_to(person)
    for number in range(6):
        post_password(Client(), f"nobody.{number}@example.org", WRONG)

    refused = post_password(Client(), colleague_here.email.open(), factories.PASSWORD)

    assert "Too many wrong passwords from where you are" in text_of(refused)
    assert is_heard(person, hers)
    assert is_heard(colleague_here, REMOTE_ADDR="192.0.2.7")


def test_lock_out_ends_by_itself_however_much_is_tried_meanwhile(person: User, wait: Wait) -> None:
    guess(person, times=HERE)
    wait(FIFTEEN_MINUTES - timedelta(seconds=90))
    assert "Wait 2 minutes" in text_of(guess(person, times=10))

    wait(timedelta(seconds=91))

    assert is_heard(person)


def test_clock_that_is_set_back_opens_nothing(person: User, wait: Wait) -> None:
    guess(person, times=HERE)

    wait(-AN_HOUR)

    assert not is_heard(person)


@pytest.mark.parametrize("known", [True, False])
def test_guesses_sent_at_once_are_no_more_than_one_after_the_other(
    own_database: str, known: bool, known_to: Enter
) -> None:
    """From two tabs, or a thousand connections."""
    with as_owner_here():
        person = factories.user()
    email = person.email.open()
    cookies = known_to(person).cookies if known else {}
    together = threading.Barrier(HERE * 3)

    def send() -> HttpResponse:
        tab = Client()
        tab.cookies.update(cookies)
        together.wait()
        return post_password(tab, email, WRONG)

    pressed = [Press(send) for _ in range(HERE * 3)]
    answers = [press.wait() for press in pressed]

    # Whoever waited too long for their turn to be counted is not heard either.
    assert all(isinstance(answer, HttpResponse) and answer.status_code in {200, 429} for answer in answers)
    assert len(events(kind=EventKind.SIGN_IN_FAILED)) <= HERE
    assert not is_heard(person, _with(cookies))


def _with(cookies: object) -> Client:
    browser = Client()
    browser.cookies.update(cookies)  # type: ignore[arg-type]
    return browser


@override_settings(TRUSTED_PROXIES=1)
def test_behind_a_proxy_visitors_are_told_apart_by_what_it_saw(person: User) -> None:
    for number in range(HERE):
        guess(person, times=1, headers={"x-forwarded-for": f"192.0.2.{number}, 198.51.100.1"})

    assert not is_heard(person, headers={"x-forwarded-for": "198.51.100.1"})
    assert is_heard(person, headers={"x-forwarded-for": "198.51.100.2"})


def test_without_a_proxy_a_visitor_cannot_choose_their_address(person: User) -> None:
    for number in range(HERE):
        guess(person, times=1, headers={"x-forwarded-for": f"192.0.2.{number}"})

    assert not is_heard(person, headers={"x-forwarded-for": "192.0.2.77"})


def guess_codes(person: User, browser: Client, page: str = CODE, *, times: int = CODES) -> None:
    for _ in range(times):
        browser.post(page, {"code": wrong_code(person)})


def test_codes_guessed_with_the_right_password_lock_new_browsers_out_and_not_hers(
    person: User, known_to: Enter, enter: Enter
) -> None:
    hers, thief = known_to(person), factories.with_password(person)

    guess_codes(person, thief)

    refused = thief.post(CODE, {"code": factories.code_for(person)})
    assert "Too many wrong codes" in text_of(refused)
    assert not is_signed_in(thief)
    elsewhere = factories.with_password(person, client=Client(REMOTE_ADDR="192.0.2.7"))
    assert "in browsers that are new to it" in text_of(elsewhere.post(CODE, {"code": factories.code_for(person)}))
    assert is_signed_in(enter(person, hers))
    assert (person.pk, ["new_browsers"]) in locks()


def test_no_more_than_a_hundred_codes_are_heard_in_a_month_until_the_password_is_new(
    person: User, wait: Wait, known_to: Enter, enter: Enter
) -> None:
    hers = known_to(person)
    for _ in range(5):
        guess_codes(person, factories.with_password(person))
        wait(AN_HOUR)
    thief = factories.with_password(person)
    assert "30 days" in text_of(thief.post(CODE, {"code": factories.code_for(person)}))
    assert not is_signed_in(thief)

    enter(person, hers)
    hers.post(CONFIRM, {"password": factories.PASSWORD})
    new = {"password1": "a new one, long enough", "password2": "a new one, long enough"}
    hers.post(CHANGE_PASSWORD, {"oldpassword": factories.PASSWORD, **new})

    fresh = factories.with_password(person, password="a new one, long enough", client=Client(REMOTE_ADDR="192.0.2.7"))
    wait(timedelta(minutes=1))  # the code was used
    assert fresh.post(CODE, {"code": factories.code_for(person)}).status_code == 302


@pytest.mark.parametrize(("page", "field"), [(CONFIRM, "password"), (CHANGE_PASSWORD, "oldpassword")])
def test_passwords_asked_for_again_are_counted_against_that_browser(
    person: User, page: str, field: str, known_to: Enter, enter: Enter
) -> None:
    at_her_desk, other = enter(person), known_to(person)
    if page == CHANGE_PASSWORD:
        at_her_desk.post(CONFIRM, {"password": factories.PASSWORD})

    for _ in range(HERE):
        at_her_desk.post(page, {field: WRONG})

    refused = at_her_desk.post(page, {field: factories.PASSWORD})
    assert "Too many wrong passwords. Wait 15 minutes" in text_of(refused)
    assert is_heard(person, other)
    assert is_heard(person)


def test_codes_asked_for_again_are_counted_against_that_browser(person: User, enter: Enter) -> None:
    at_her_desk = enter(person)

    guess_codes(person, at_her_desk, CONFIRM_BY_CODE)

    refused = at_her_desk.post(CONFIRM_BY_CODE, {"code": factories.code_for(person)})
    assert "Too many wrong codes. Wait 60 minutes" in text_of(refused)
    assert is_signed_in(enter(person))


def test_made_up_passkeys_count_in_the_place_of_codes_and_lock_no_passkey_out(person: User) -> None:
    thief = factories.with_password(person)
    for _ in range(CODES):
        thief.post(CODE, {"credential": '{"id": "made up"}'})
    thief.post(CODE, {"code": factories.code_for(person)})
    assert not is_signed_in(thief)

    answer = Client().post(reverse("mfa_login_webauthn"), {"credential": '{"id": "made up"}'})
    assert "Too many" not in text_of(answer)


@pytest.mark.parametrize("guessed", ["passwords", "codes"])
def test_she_is_told_at_each_sign_in_for_some_days(person: User, guessed: str, known_to: Enter, enter: Enter) -> None:
    hers = known_to(person)
    if guessed == "passwords":
        guess_from_everywhere(person)
    else:
        guess_codes(person, factories.with_password(person))

    for _ in range(2):  # whoever guessed right in the end is not told instead of her
        start = text_of(enter(person, hers).get(reverse("home")))
        assert f"somebody entered too many wrong {guessed} for your account" in start
        assert ("they know your password" in start) == (guessed == "codes")
        hers.post(reverse("account_logout"))


def test_nobody_else_is_told(person: User, colleague_here: User, enter: Enter) -> None:
    guess_from_everywhere(person)

    assert "somebody entered" not in text_of(enter(colleague_here).get(reverse("home")))


def test_few_mistakes_are_not_told(person: User, known_to: Enter, enter: Enter) -> None:
    hers = known_to(person)
    guess(person, times=HERE)

    assert "somebody entered" not in text_of(enter(person, hers).get(reverse("home")))
