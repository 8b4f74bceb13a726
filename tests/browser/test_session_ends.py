"""The end of a session in open windows: warned of, put off by a press, and at last nothing left on the screen."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from playwright.sync_api import Locator, Page, expect
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role, Session, StopReason, User
from access.people.actions.deciding import suspend
from tests import ageing, factories
from tests.browser import steps
from tests.browser.children import Children, is_quiet
from tests.browser.conftest import Join, OpenBrowser
from tests.browser.database import service_database
from tests.browser.looking import Inspector
from tests.browser.people import COUNCIL, Change, Person, recovery_codes
from tests.browser.watching import Watch

IDLE, LONGEST = settings.SESSION_IDLE_SECONDS, settings.SESSION_COOKIE_AGE
# What a page does each minute, and whenever it is shown again.
LOOK_AGAIN = "document.dispatchEvent(new Event('visibilitychange'))"
SOON = 15_000

LetPass = Callable[[Page, float], None]


@pytest.fixture
def let_pass(django_db_blocker: DjangoDbBlocker) -> LetPass:
    """`let_pass(page, seconds)`: so much time passes for the session of the window's browser."""

    def let_one_pass(page: Page, seconds: float) -> None:
        with service_database(django_db_blocker):
            ageing.grow_older(key_of(page), timedelta(seconds=seconds))

    return let_one_pass


def key_of(page: Page) -> str:
    return next(each["value"] for each in page.context.cookies() if each["name"] == settings.SESSION_COOKIE_NAME)


def warning_on(page: Page) -> Locator:
    return page.get_by_role("alertdialog", name="You will soon be signed out")


def warned(page: Page, let_pass: LetPass, *, left: float = 100) -> Locator:
    """The warning, with about so many seconds left."""
    page.wait_for_load_state()  # until then nobody listens
    let_pass(page, IDLE - left)
    page.evaluate(LOOK_AGAIN)
    expect(warning_on(page)).to_be_visible(timeout=SOON)
    return warning_on(page)


def expect_signed_out(page: Page, why: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in", timeout=SOON)
    expect(page.get_by_role("main")).to_contain_text(why)


def test_warning_is_accessible_and_says_how_long(page: Page, join: Join, let_pass: LetPass) -> None:
    steps.sign_in(page, join())
    page.goto("/search/")
    page.get_by_label("Given name").fill("Ami")
    expect(warning_on(page)).to_be_hidden()

    warning = warned(page, let_pass)

    expect(warning).to_have_accessible_description(
        "Nothing has been pressed for a while. You will be signed out in 1 minute 39 seconds, and what you typed here "
        "and did not save will be lost.",
        timeout=SOON,
    )
    expect(warning.get_by_role("button", name="Stay signed in")).to_be_focused()
    inspector = Inspector(page)
    inspector.look("with the warning")
    assert inspector.problems == []


def test_page_behind_the_warning_is_out_of_reach_of_the_keyboard(page: Page, join: Join, let_pass: LetPass) -> None:
    steps.sign_in(page, join())
    page.goto("/search/")
    warning = warned(page, let_pass)
    page.keyboard.press("Tab")
    expect(warning.get_by_role("button", name="Sign out")).to_be_focused()
    for _ in range(6):
        page.keyboard.press("Tab")  # to the browser's own buttons, and back
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")


@pytest.mark.parametrize("press", ["Enter", "Escape", "click"])
def test_staying_keeps_the_page_and_what_was_typed(page: Page, join: Join, let_pass: LetPass, press: str) -> None:
    steps.sign_in(page, join())
    page.goto("/search/")
    box = page.get_by_label("Given name")
    box.fill("Ami")
    warning = warned(page, let_pass)

    if press == "click":
        warning.get_by_role("button", name="Stay signed in").click()
    else:
        page.keyboard.press(press)

    expect(warning).to_be_hidden()
    expect(box).to_be_focused()
    expect(box).to_have_value("Ami")
    let_pass(page, 60)  # more than was left before the press
    page.evaluate(LOOK_AGAIN)
    expect(warning).to_be_hidden()
    page.goto("/my-access/")
    expect(page.get_by_role("heading", level=1)).to_have_text("My access")


def test_screen_reader_hears_when_a_minute_is_left(page: Page, join: Join, let_pass: LetPass) -> None:
    steps.sign_in(page, join())
    warning = warned(page, let_pass, left=66)

    said = warning.locator("[aria-live=assertive]")
    expect(said).to_be_empty()
    expect(said).to_have_text("You will be signed out in 1 minute.", timeout=SOON)


def test_signing_out_from_the_warning(page: Page, join: Join, let_pass: LetPass) -> None:
    steps.sign_in(page, join())
    warned(page, let_pass).get_by_role("button", name="Sign out").click()

    expect_signed_out(page, "You signed out in this browser")


def test_nobody_is_warned_while_another_window_is_at_work(page: Page, join: Join, let_pass: LetPass) -> None:
    steps.sign_in(page, join())
    page.goto("/search/")
    other = page.context.new_page()
    other.goto("/my-access/")
    warning = warned(page, let_pass)
    expect(warning_on(other)).to_be_hidden()
    other.evaluate(LOOK_AGAIN)
    expect(warning_on(other)).to_be_visible()

    other.get_by_role("button", name="Stay signed in").click()

    expect(warning).to_be_hidden(timeout=SOON)
    expect(warning_on(other)).to_be_hidden()
    expect(page.locator("[data-session-ends]")).to_have_text(other.locator("[data-session-ends]").inner_text())


def test_at_the_end_nothing_of_the_child_is_left_in_any_window(
    page: Page, join: Join, children: Children, let_pass: LetPass
) -> None:
    known = children.one(is_quiet)
    person = join()
    steps.sign_in(page, person)
    address = steps.open_record(page, known)
    other = page.context.new_page()
    other.goto(address)
    warned(page, let_pass, left=6)

    for window in (page, other):
        if window is other:
            window.evaluate(LOOK_AGAIN)
        expect_signed_out(window, "You were signed out after 15 minutes without activity")
        expect(window.locator("body")).not_to_contain_text(known.family)
        assert known.family not in window.title()
    page.go_back()  # which asks anew: nothing is kept by the browser
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(page.locator("body")).not_to_contain_text(known.family)


def test_back_to_the_page_after_signing_in_again(page: Page, join: Join, let_pass: LetPass, change: Change) -> None:
    person = join()
    steps.sign_in(page, person)
    page.goto("/my-access/history/")
    let_pass(page, IDLE + 1)
    page.evaluate(LOOK_AGAIN)
    expect_signed_out(page, "Sign in to go on where you were")

    sign_in_here(page, person, change)

    expect(page).to_have_url(re.compile("/my-access/history/$"))


def test_form_sent_after_the_end_is_said_to_be_lost(
    page: Page, join: Join, children: Children, let_pass: LetPass, change: Change
) -> None:
    known, person = children.one(is_quiet), join()
    steps.sign_in(page, person)
    page.goto("/search/")
    page.get_by_label("Given name").fill(known.given)
    page.get_by_label("Family name").fill(known.family)
    steps.fill_date(page, "Date of birth", known.born)
    let_pass(page, IDLE + 1)
    page.get_by_role("button", name="Search").click()
    expect_signed_out(page, "about a search for a child, was not saved and nothing in it was kept")
    expect(page.locator("body")).not_to_contain_text(known.family)

    sign_in_here(page, person, change)
    expect(page).to_have_url(re.compile("/search/$"))
    expect(page.get_by_label("Family name")).to_have_value("")


def test_longest_limit_is_announced_and_stops_nobody_from_typing(page: Page, join: Join, let_pass: LetPass) -> None:
    steps.sign_in(page, join())
    for _ in range(LONGEST // (IDLE - 60)):
        let_pass(page, IDLE - 60)
        page.goto("/search/")
    left = page.evaluate("fetch('/session/').then(answer => answer.json()).then(told => told.longest)")
    let_pass(page, left - 60)
    page.evaluate(LOOK_AGAIN)

    notice = page.get_by_role("status").filter(has_text="You will be signed out at")
    expect(notice).to_contain_text("as after every 10 hours", timeout=SOON)
    expect(warning_on(page)).to_be_hidden()
    page.get_by_label("Given name").fill("Ami")
    inspector = Inspector(page)
    inspector.look("with the notice")
    assert inspector.problems == []
    let_pass(page, 61)
    page.evaluate(LOOK_AGAIN)
    expect_signed_out(page, "You were signed out after 10 hours")


def test_stopped_person_sees_so_in_the_window_that_is_open(
    page: Page, join: Join, children: Children, django_db_blocker: DjangoDbBlocker
) -> None:
    known, person, administrator = children.one(is_quiet), join(), join(Role.ADMINISTRATOR, COUNCIL)
    steps.sign_in(page, person)
    steps.open_record(page, known)

    suspended_by(administrator, person, django_db_blocker)
    page.evaluate(LOOK_AGAIN)

    expect_signed_out(page, "Your access has been stopped")
    expect(page.get_by_role("main")).to_contain_text("Ask the management team of your organisation")
    expect(page.locator("body")).not_to_contain_text(known.family)
    expect(page.locator("body")).not_to_contain_text(person.name)


def test_signing_out_in_one_window_clears_the_other(page: Page, join: Join, children: Children) -> None:
    known = children.one(is_quiet)
    steps.sign_in(page, join())
    address = steps.open_record(page, known)
    other = page.context.new_page()
    other.goto(address)
    steps.sign_out(page)
    other.evaluate(LOOK_AGAIN)

    expect_signed_out(other, "You signed out in this browser")
    expect(other.locator("body")).not_to_contain_text(known.family)


def test_window_of_one_person_does_not_stay_open_for_the_next(page: Page, join: Join, children: Children) -> None:
    known = children.one(is_quiet)
    steps.sign_in(page, join())
    steps.open_record(page, known)
    other = page.context.new_page()
    other.goto("/")
    steps.sign_out(other)
    steps.sign_in(other, join())
    page.evaluate(LOOK_AGAIN)

    expect(page.locator("body")).not_to_contain_text(known.family, timeout=SOON)
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")


def test_server_that_does_not_answer_leaves_nothing_on_the_screen(
    page: Page, join: Join, children: Children, let_pass: LetPass, watch: Watch
) -> None:
    known = children.one(is_quiet)
    steps.sign_in(page, join())
    steps.open_record(page, known)
    warning = warned(page, let_pass, left=8)
    page.context.set_offline(True)

    warning.get_by_role("button", name="Stay signed in").click()
    expect(warning.get_by_role("alert")).to_have_text("The service did not answer. Try again.")

    expect(page.locator(".child__name")).to_be_hidden(timeout=SOON)
    expect(page.locator(".child__name")).to_have_count(0, timeout=SOON)
    watch.complaints[:] = [each for each in watch.complaints if "ERR_INTERNET_DISCONNECTED" not in each]


def test_without_script_the_foot_of_the_page_says_when(open_browser: OpenBrowser, join: Join) -> None:
    page = open_browser(java_script_enabled=False).new_page()
    steps.sign_in(page, join())

    expect(page.get_by_role("contentinfo")).to_contain_text("If you press nothing, you are signed out at")
    expect(warning_on(page)).to_be_hidden()


def sign_in_here(page: Page, person: Person, change: Change) -> None:
    """Give both steps on the sign-in page that is open; a recovery code, since the app's own is used."""
    codes: list[str] = []
    change(lambda them: codes.extend(recovery_codes(them)), person)
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password", exact=True).fill(person.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    steps.give_code(page, codes[0])


def suspended_by(administrator: Person, person: Person, blocker: DjangoDbBlocker) -> None:
    with service_database(blocker):
        actor = factories.actor_for(User.objects.get(pk=administrator.id))
        suspend(actor=actor, user_id=person.id, reason=StopReason.MISUSE)
        Session.objects.filter(key_fingerprint=actor.session_key).delete()
