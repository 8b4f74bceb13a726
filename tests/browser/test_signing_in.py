"""Getting in and out: two steps, passkeys, recovery codes, wrong passwords, idle sessions."""

import re
from dataclasses import replace

from playwright.sync_api import Page, expect

from access.models import Role
from tests.browser import passkeys, steps
from tests.browser.children import Children, is_quiet
from tests.browser.conftest import Join, OpenBrowser
from tests.browser.people import COUNCIL, Change, idle_too_long, lose_vetting

GUESSES = 5


def test_password_and_code_lead_to_the_start_page(page: Page, join: Join) -> None:
    priya = join()
    steps.sign_in(page, priya)
    expect(page.get_by_role("banner")).to_contain_text(f"{priya.name}, {priya.organisation}")
    page.get_by_role("main").get_by_role("link", name="Find a child").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Find a child")


def test_page_asked_for_before_signing_in_is_shown_after_it(page: Page, join: Join) -> None:
    priya = join()
    page.goto("/my-access/")
    page.get_by_label("E-mail address").fill(priya.email)
    page.get_by_label("Password", exact=True).fill(priya.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    steps.give_code(page, priya.code())
    expect(page.get_by_role("heading", level=1)).to_have_text("My access")


def test_password_can_be_looked_at_while_it_is_typed(page: Page) -> None:
    page.goto("/account/login/")
    box = page.get_by_label("Password", exact=True)
    expect(box).to_have_attribute("type", "password")
    page.get_by_role("button", name="Show password").click()
    expect(box).to_have_attribute("type", "text")


def test_wrong_password_says_what_to_enter_and_keeps_no_password(page: Page, join: Join) -> None:
    steps.give_password(page, join(), password="not the password")
    expect(page.get_by_role("alert")).to_contain_text("Enter the correct e-mail address and password")
    expect(page.get_by_label("Password", exact=True)).to_have_value("")
    expect(page).to_have_title(re.compile("^Error: "))


def test_wrong_code_says_what_to_enter(page: Page, join: Join) -> None:
    priya = join()
    steps.give_password(page, priya)
    steps.give_code(page, "000000" if priya.code() != "000000" else "000001")
    expect(page.get_by_role("alert")).to_contain_text("Enter the 6-digit code")
    steps.give_code(page, priya.code())
    expect(page.get_by_role("heading", level=1)).to_have_text("Start")


def test_code_works_once(page: Page, open_browser: OpenBrowser, join: Join) -> None:
    priya = join()
    code = priya.code()
    steps.give_password(page, priya)
    steps.give_code(page, code)
    expect(page.get_by_role("heading", level=1)).to_have_text("Start")
    other = open_browser().new_page()
    steps.give_password(other, priya)
    steps.give_code(other, code)
    expect(other.get_by_role("alert")).to_contain_text("Enter the 6-digit code")


def test_guessing_is_locked_out_and_the_page_says_for_how_long(page: Page, join: Join) -> None:
    priya = join()
    for _ in range(GUESSES):
        steps.give_password(page, priya, password="not the password")
    steps.give_password(page, priya)
    expect(page.get_by_role("alert")).to_contain_text("Too many wrong passwords for this account from where you are")
    expect(page.get_by_role("alert")).to_contain_text("Wait 15 minutes")


def test_passkey_is_added_and_signs_in_without_password(page: Page, join: Join) -> None:
    priya = join()
    passkeys.put_reader_into(page)
    steps.sign_in(page, priya)
    page.get_by_role("link", name="Security").click()
    page.get_by_role("link", name="Add passkey").click()
    passkeys.add(page)
    page.goto("/security/webauthn/")
    expect(page.get_by_role("row").filter(has_text="This computer")).to_be_visible()
    steps.sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Start")
    expect(page.get_by_role("banner")).to_contain_text(priya.name)


def test_passkey_serves_as_the_second_step(page: Page, join: Join) -> None:
    priya = join()
    passkeys.put_reader_into(page)
    steps.sign_in(page, priya)
    page.goto("/security/webauthn/add/")
    passkeys.add(page, place="A security key", alone=False)
    steps.sign_out(page)
    steps.give_password(page, priya)
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Start")


def test_passkey_that_is_not_there_is_told_beside_the_button(page: Page) -> None:
    passkeys.put_reader_into(page, finger=False)
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert").filter(has_text="That did not work")).to_be_visible()


def test_recovery_codes_are_made_and_each_works_once(page: Page, open_browser: OpenBrowser, join: Join) -> None:
    priya = join()
    steps.sign_in(page, priya)
    page.get_by_role("link", name="Security").click()
    page.get_by_role("link", name="Make recovery codes").click()
    page.get_by_role("button", name="Make new codes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    code = page.locator(".secret-codes li").first.inner_text()
    steps.sign_out(page)
    steps.give_password(page, priya)
    steps.give_code(page, code)
    expect(page.get_by_role("heading", level=1)).to_have_text("Start")
    other = open_browser().new_page()
    steps.give_password(other, priya)
    steps.give_code(other, code)
    expect(other.get_by_role("alert")).to_contain_text("an unused recovery code")


def test_person_without_a_second_step_sets_one_up_before_anything_else(page: Page, join: Join) -> None:
    priya = join(authenticator=False)
    steps.give_password(page, priya)
    page.goto("/search/")
    steps.confirm(page, priya)
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up an authenticator app")
    key = page.locator(".secret-text").inner_text()
    steps.give_code(page, replace(priya, secret=key).code())
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm that it is you")
    expect(page.get_by_label("Security code")).to_be_visible()


def test_idle_session_ends_and_asks_to_sign_in_again(page: Page, join: Join, change: Change) -> None:
    priya = join()
    steps.sign_in(page, priya)
    change(idle_too_long, priya)
    page.goto("/search/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(page.get_by_role("banner")).not_to_contain_text(priya.name)


def test_lapsed_vetting_stops_an_open_session(page: Page, join: Join, change: Change) -> None:
    priya = join()
    steps.sign_in(page, priya)
    change(lose_vetting, priya)
    page.goto("/search/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your access has stopped")
    expect(page.get_by_role("main")).to_contain_text("DBS")


def test_back_button_after_signing_out_shows_nothing_personal(page: Page, join: Join, children: Children) -> None:
    known = children.one(is_quiet)
    steps.sign_in(page, join())
    steps.open_record(page, known)
    # Playwright's Chromium keeps no page for the back button as others do; this is what tells them not to.
    shown = page.reload()
    assert shown
    assert shown.headers["cache-control"] == "no-store"
    steps.sign_out(page)
    for _ in range(4):
        page.go_back()
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Sign in|Page not found|out of date"))
        expect(page.locator("body")).not_to_contain_text(known.family)


def test_password_is_changed_and_the_new_one_counts(page: Page, join: Join) -> None:
    olu = join(Role.ADMINISTRATOR, COUNCIL)
    steps.sign_in(page, olu)
    page.get_by_role("link", name="My access").first.click()
    page.get_by_role("link", name="Change your password").click()
    page.get_by_label("Current password").fill(olu.password)
    page.get_by_label("New password", exact=True).fill("three quiet random words")
    page.get_by_label("New password again").fill("three quiet random words")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_role("main")).to_contain_text("Password successfully changed")
    steps.sign_out(page)
    steps.give_password(page, olu, password="three quiet random words")
    expect(page.get_by_role("heading", level=1)).to_have_text("Enter your security code")
