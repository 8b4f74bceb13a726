"""Walks of whoever asks that a child's details be protected, and of those who decide."""

from playwright.sync_api import Page

from access.models import Role
from registry.views.shields import PAGES
from tests.browser import steps
from tests.browser.children import Children, Known, is_quiet
from tests.browser.conftest import Enter
from tests.browser.people import COUNCIL
from tests.browser.walks.walking import Inspect, submit, walks


def ask(page: Page, known: Known, inspect: Inspect) -> None:
    """From the record's page, after nothing was chosen."""
    priya = inspect(page)
    steps.open_record(page, known)
    page.get_by_role("link", name="Protect this child’s details").click()
    priya.look("a form")
    submit(page, "Ask for protection")
    priya.look("nothing chosen")
    for answer in (
        "No, it can wait for a decision",
        "The child lives in a refuge",
        "A parent or carer",
        "I know them from my work",
    ):
        page.get_by_label(answer).check()
    submit(page, "Ask for protection")
    priya.look("asked for")


def open_shield(page: Page) -> str:
    """Open the newest request of the list. Returns the address of its child."""
    page.goto("/shields/")
    page.get_by_role("link", name="Request").last.click()
    return page.url


def step(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("link", name=PAGES[name].title).first.click()


@walks("ask_shield", "shields", "shield", *PAGES)
def test_protecting(enter: Enter, children: Children, inspect: Inspect) -> None:
    ask(enter(), children.one(is_quiet), inspect)
    page, other = (enter(Role.ADMINISTRATOR, COUNCIL, which=which) for which in (5, 6))
    olu, ruth = inspect(page), inspect(other)
    olu.open("/shields/")
    olu.open(f"{open_shield(page)}")
    step(page, "decide_shield")
    olu.look("decide")
    submit(page, "Decide")
    olu.look("nothing chosen")
    page.get_by_label("Protect the child’s details", exact=True).check()
    submit(page, "Decide")
    olu.look("decided")
    ruths = open_shield(other)
    step(other, "return_shield")
    ruth.look("send back")
    other.goto(ruths)
    step(other, "approve_shield")
    ruth.look("approve")
    submit(other, "Approve")
    ruth.look("protected")
    olu.open("/shields/?show=all")
    page.goto(page.url)
    page.get_by_role("link", name="Protection").last.click()
    olus = page.url
    step(page, "review_shield")
    submit(page, "Keep them protected")
    olu.look("review: nothing chosen")
    page.goto(olus)
    step(page, "ask_lifting")
    submit(page, "Ask for it")
    olu.look("to end: nothing chosen")
    page.get_by_label("The risk is over").check()
    submit(page, "Ask for it")
    olu.look("to end")
    olu.open("/shields/")
    other.goto(ruths)
    step(other, "refuse_lifting")
    ruth.look("keep")
    other.goto(ruths)
    step(other, "lift_shield")
    ruth.look("end")
    submit(other, "End it")
    ruth.look("ended")
