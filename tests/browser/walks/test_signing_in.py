"""Walks of whoever comes in, sets up their ways in, or is not let in."""

import time

from playwright.sync_api import Page, expect

from contactpoint.local import code
from tests.browser import passkeys, steps
from tests.browser.conftest import Join, OpenBrowser
from tests.browser.people import Change, Invited, lose_vetting
from tests.browser.walks.walking import NO_ROUTE, Inspect, submit, walks


@walks("account_login", "account_inactive", "help", "privacy", "accessibility", "api", NO_ROUTE)
def test_anybody(page: Page, inspect: Inspect) -> None:
    anybody = inspect(page)
    for address in (
        "/account/login/",
        "/account/inactive/",
        "/help/",
        "/privacy/",
        "/accessibility/",
        "/api/",
        "/nowhere/",
    ):
        anybody.open(address)


@walks("account_login", "mfa_authenticate")
def test_signing_in(page: Page, join: Join, inspect: Inspect) -> None:
    priya, anybody = join(), inspect(page)
    page.goto("/account/login/")
    submit(page, "Sign in")
    anybody.look("nothing entered")
    steps.give_password(page, priya)
    anybody.look()
    steps.give_code(page, "abc")
    anybody.look("wrong code")
    submit(page, "Cancel and go back to sign in")
    for _ in range(6):
        steps.give_password(page, priya, password="not the password")
    anybody.look("locked out")


@walks("authority_sign_in", "openid_connect_callback")
def test_signing_in_with_the_council(page: Page, inspect: Inspect) -> None:
    anybody = inspect(page)
    anybody.open("/account/authority/")
    submit(page, "Continue")
    anybody.look("nothing chosen")
    page.get_by_label("The council").check()
    submit(page, "Continue")
    anybody.look("nobody answers there")
    anybody.open("/account/authority/council/back/?_redir=", "an old link")


@walks("account_reauthenticate", "mfa_activate_totp")
def test_first_second_step(page: Page, join: Join, inspect: Inspect) -> None:
    priya, newcomer = join(authenticator=False), inspect(page)
    steps.give_password(page, priya)
    newcomer.look()
    submit(page, "Continue")
    newcomer.look("nothing entered")
    steps.confirm(page, priya)
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up an authenticator app")
    newcomer.look()
    key = page.locator(".secret-text").inner_text()
    steps.give_code(page, "")
    newcomer.look("nothing entered")
    again = page.locator(".secret-text").inner_text()
    assert again == key, "the key that was scanned must still be the right one"


@walks(
    "home",
    "my_access",
    "account_change_password",
    "account_logout",
    "mfa_index",
    "mfa_deactivate_totp",
    "mfa_add_webauthn",
    "mfa_list_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_view_recovery_codes",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "signed_in",
)
def test_own_account(page: Page, join: Join, change: Change, inspect: Inspect) -> None:
    priya, own = join(), inspect(page)
    passkeys.put_reader_into(page)
    steps.sign_in(page, priya)
    own.open("/my-access/")
    own.open("/account/password/change/")
    submit(page, "Change password")
    own.look("nothing entered")
    own.open("/security/")
    own.open("/security/webauthn/")
    own.open("/security/webauthn/add/")
    passkeys.add(page)
    own.look("the first ones")
    own.open("/security/", "with everything")
    own.open("/security/webauthn/", "with one")
    page.get_by_role("link", name="Rename").click()
    own.look()
    page.goto("/security/webauthn/")
    page.get_by_role("link", name="Remove").click()
    own.look()
    for address in ("/security/recovery-codes/", "/security/recovery-codes/generate/", "/security/totp/deactivate/"):
        own.open(address)
    for address in ("/security/reauthenticate/", "/security/webauthn/reauthenticate/"):
        own.open(address)
    for address in ("/security/signed-in/", "/account/logout/"):
        own.open(address)
    change(lose_vetting, priya)
    own.open("/", "vetting lapsed")


@walks("new_sign_in", "mfa_activate_totp")
def test_new_sign_in(page: Page, given_anew: Invited, inspect: Inspect) -> None:
    priya = inspect(page)
    priya.open("/join/new-sign-in/made-up/", "a link that nobody sent")
    priya.open(given_anew.path)
    submit(page, "Continue")
    priya.look("nothing entered")
    steps.choose_password(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up an authenticator app")
    priya.look()
    page.context.clear_cookies()
    priya.open(given_anew.path, "used")


@walks("join", "mfa_activate_totp", "mfa_reauthenticate", "mfa_view_recovery_codes", "my_access", "agreement", "home")
def test_joining(page: Page, invited: Invited, open_browser: OpenBrowser, inspect: Inspect) -> None:
    newcomer = inspect(page)
    newcomer.open("/join/made-up/", "a link that nobody sent")
    newcomer.open(invited.path)
    submit(page, "Continue")
    newcomer.look("nothing entered")
    steps.choose_password(page)
    newcomer.look()
    secret = page.locator(".secret-text").inner_text()
    steps.give_code(page, code.current(secret, time.time()))
    newcomer.look()
    steps.give_code(page, code.current(secret, time.time()))
    newcomer.look("with the codes")
    page.get_by_role("main").get_by_role("link", name="Continue").click()
    newcomer.look("nothing signed")
    page.get_by_role("link", name="Read and sign the agreement").click()
    newcomer.look()
    submit(page, "I agree, and sign for a year")
    newcomer.look("signed")
    newcomer.open("/my-access/agreement/", "signed")
    newcomer.open("/", "refused")
    newcomer.open(invited.path, "somebody is signed in")
    inspect_other = open_browser().new_page()
    newcomer.page = inspect_other
    newcomer.open(invited.path, "used")
