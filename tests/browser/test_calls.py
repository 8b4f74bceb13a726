"""A mediated call from its first question to its end, and what the colleague reads about it afterwards."""

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
