"""A mediated call from its first question to its end, and what the colleague reads about it afterwards."""

import re

from playwright.sync_api import LocatorAssertions, Page, expect

from access.models import Role, User, UserState
from tests.browser import steps
from tests.browser.children import Children, is_quiet
from tests.browser.conftest import Enter, Join, OpenBrowser
from tests.browser.people import Change, Person

WHO, CODE = "Their e-mail address, or their name", "The code they read out"


def heading(page: Page) -> LocatorAssertions:
    return expect(page.get_by_role("heading", level=1))


def test_a_whole_call(enter: Enter, join: Join, children: Children, open_browser: OpenBrowser) -> None:
    """The colleague is found by name, reads out their code; the record is opened; the call ends; they read of it."""
    colleague, known = join(name="Rosalind Achterberg"), children.one(is_quiet)
    page = enter(Role.MEDIATOR)
    page.goto("/")
    heading(page).to_have_text("Who is asking?")
    page.get_by_label(WHO).fill("rosa achter")
    page.get_by_role("button", name="Find this person").click()
    heading(page).to_have_text("Ask for their code")
    expect(page.get_by_text(f"{colleague.name}, {colleague.organisation}")).to_be_visible()
    read_out = colleague.code()
    page.get_by_label(CODE).fill(read_out)
    page.get_by_role("button", name="Begin the call").click()

    banner = page.get_by_role("region", name="Your call")
    heading(page).to_have_text("Find a child")
    expect(banner).to_contain_text(f"You are looking up for {colleague.name}, {colleague.organisation}, until")
    expect(banner).to_contain_text("19 minutes left.")
    steps.open_record(page, known)
    expect(banner).to_contain_text(colleague.name)
    expect(page.get_by_text(f"This view was recorded for {colleague.name} and you")).to_be_visible()
    banner.get_by_role("button", name="End this call").click()
    heading(page).to_have_text("Who is asking?")
    expect(banner).to_have_count(0)
    page.go_back()
    expect(page.get_by_text(known.name)).to_have_count(0)

    theirs = open_browser().new_page()
    while colleague.code() == read_out:  # which is used
        theirs.wait_for_timeout(500)
    steps.sign_in(theirs, colleague)
    theirs.goto("/my-access/")
    theirs.get_by_role("link", name="Your access history").click()
    row = theirs.get_by_role("row").filter(has_text="Record opened")
    expect(row).to_contain_text("in your name")
    row.get_by_role("link", name="again").click()
    heading(theirs).to_have_text("Why do you need to open this record?")


def test_open_page_counts_down_and_warns(enter: Enter, join: Join) -> None:
    colleague = join()
    page = enter(Role.MEDIATOR)
    page.clock.install()
    steps.take_call(page, colleague)
    banner = page.get_by_role("region", name="Your call")
    expect(banner).to_contain_text("19 minutes left.")
    warning = banner.get_by_role("status")
    expect(warning).to_be_empty()
    told = {5: "14 minutes left.", 10: "9 minutes left.", 15: "4 minutes left.", 16: "3 minutes left."}
    told |= {17: "2 minutes left.", 18: "1 minute left.", 19: "Less than 1 minute left."}
    gone = 0
    for minutes, words in told.items():
        with page.expect_response("**/session/"):  # which keeps the session from ending meanwhile
            page.clock.fast_forward((minutes - gone) * 60_000)
        gone = minutes
        expect(banner).to_contain_text(words)
        if minutes < 17:
            expect(warning).to_be_empty()
    expect(warning).to_have_text("To go on after that, ask for the next code their app shows.")
    page.clock.fast_forward(60_000)
    expect(banner).to_contain_text("Its time is over.")


def test_call_without_script_says_until_when(open_browser: OpenBrowser, join: Join) -> None:
    colleague, mediator = join(), join(Role.MEDIATOR)
    page = open_browser(java_script_enabled=False).new_page()
    steps.sign_in(page, mediator)
    steps.take_call(page, colleague)
    expect(page.get_by_role("region", name="Your call")).to_have_text(
        re.compile(r"until [0-9]{2}:[0-9]{2}\.\s+End this call")
    )


def test_suspension_of_the_colleague_ends_the_call_at_the_next_click(
    enter: Enter, join: Join, change: Change, children: Children
) -> None:
    colleague = join()
    page = enter(Role.MEDIATOR)
    steps.take_call(page, colleague)
    steps.open_record(page, children.one(is_quiet))
    change(suspend, colleague)
    page.reload()

    heading(page).to_have_text("This call cannot go on")
    page.get_by_role("main").get_by_role("button", name="End this call").click()
    heading(page).to_have_text("Who is asking?")


def suspend(person: Person) -> None:
    User.objects.filter(pk=person.id).update(state=UserState.SUSPENDED)
