"""Where one is signed in: each browser by name, and signing out there from here."""

import re

from playwright.sync_api import Page, expect

from tests.browser import people, steps
from tests.browser.conftest import Join, OpenBrowser
from tests.browser.people import Change, Person

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1"
)


def both_signed_in(open_browser: OpenBrowser, person: Person, change: Change) -> tuple[Page, Page]:
    """The person's telephone and the one on their desk, for which they take a recovery code: a code works once."""
    codes: list[str] = []
    change(lambda them: codes.extend(people.recovery_codes(them)), person)
    telephone, desk = (open_browser(user_agent=each).new_page() for each in (IPHONE, FIREFOX))
    steps.sign_in(telephone, person)
    steps.give_password(desk, person)
    steps.give_code(desk, codes[0])
    expect(desk.get_by_role("heading", level=1)).to_have_text("Start")
    return telephone, desk


def test_telephone_left_on_the_bus_is_signed_out_from_the_desk(
    open_browser: OpenBrowser, join: Join, change: Change
) -> None:
    priya = join()
    telephone, desk = both_signed_in(open_browser, priya, change)
    desk.get_by_role("link", name="Security").click()
    desk.get_by_role("link", name="Where you are signed in").click()
    rows = desk.locator(".govuk-summary-list__row")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Firefox on Windows")
    expect(rows.first).to_contain_text("This browser")

    desk.get_by_role("button", name=re.compile("Sign out of Safari on an iPhone")).click()

    expect(desk.get_by_role("main")).to_contain_text("You are signed out there")
    expect(rows).to_have_count(1)
    expect(desk.get_by_role("button", name="Sign out everywhere else")).to_have_count(0)
    telephone.goto("/my-access/")
    expect(telephone.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_everywhere_else_at_once(open_browser: OpenBrowser, join: Join, change: Change) -> None:
    priya = join()
    telephone, desk = both_signed_in(open_browser, priya, change)
    desk.goto("/security/signed-in/")

    desk.get_by_role("button", name="Sign out everywhere else").click()

    expect(desk.get_by_role("main")).to_contain_text("You are signed out everywhere else")
    telephone.reload()
    expect(telephone.get_by_role("heading", level=1)).to_have_text("Sign in")
