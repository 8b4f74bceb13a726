"""Signing in with the council's own account: over to its provider, back with a strict cookie, and our second step."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import provider
from tests.browser import steps
from tests.browser.conftest import Join
from tests.browser.people import Person
from tests.service import Service


@pytest.fixture
def council(service: Service) -> Iterator[None]:
    """The council's provider, at 127.0.0.1; the service is at localhost, which to a browser is another site."""
    with provider.running(service.council, services=[service.sign_in_address]):
        yield


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def context(request: pytest.FixtureRequest, browser: Browser, address: str, council: None) -> Iterator[BrowserContext]:
    """A browser that may leave the service, which the watched ones may not."""
    context = browser.new_context(base_url=address, locale="en-GB", java_script_enabled=request.param)
    context.set_default_timeout(10_000)
    yield context
    context.close()


def go_to_the_council(page: Page) -> None:
    page.goto("/account/login/")
    page.get_by_role("link", name="Sign in with your council’s own account").click()
    page.get_by_label("The council").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The council's sign-in")


def sign_in_there(page: Page, login: str) -> None:
    page.get_by_label("E-mail address").fill(login)
    page.get_by_role("button", name="Continue").click()


def test_council_account_then_our_second_step(context: BrowserContext, join: Join) -> None:
    priya: Person = join()
    page = context.new_page()
    go_to_the_council(page)
    sign_in_there(page, priya.email)
    expect(page.get_by_role("heading", level=1)).to_have_text("Enter your security code")
    steps.give_code(page, priya.code())
    expect(page.get_by_role("heading", level=1)).to_have_text("Start")
    expect(page.get_by_role("banner")).to_contain_text(priya.name)
    (cookie,) = [each for each in context.cookies() if each["name"] == "session"]
    assert cookie["sameSite"] == "Strict"


def test_somebody_unknown_is_told_whom_to_ask(context: BrowserContext) -> None:
    page = context.new_page()
    go_to_the_council(page)
    sign_in_there(page, "nobody@example.org")
    expect(page.get_by_role("heading", level=1)).to_have_text("You cannot sign in with this account")
    page.get_by_role("link", name="Sign in with a password").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_saying_no_leads_back(context: BrowserContext) -> None:
    page = context.new_page()
    go_to_the_council(page)
    page.get_by_role("button", name="No").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(page.get_by_role("main")).to_contain_text("You did not sign in at The council")
