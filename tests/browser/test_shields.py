"""A mother rings from a refuge on a Friday evening: hidden at once, confirmed by two, and open to nobody meanwhile."""

from playwright.sync_api import Page, expect
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role
from registry.models import Shield
from tests.browser import steps
from tests.browser.children import Children, is_quiet
from tests.browser.conftest import Enter
from tests.browser.database import service_database
from tests.browser.people import COUNCIL

HIDDEN = "This child’s details are protected"


def test_hidden_at_once_and_confirmed_by_two(
    enter: Enter, children: Children, django_db_blocker: DjangoDbBlocker
) -> None:
    worker, colleague = enter(), enter(which=2)
    known = children.one(is_quiet)
    record, theirs = steps.open_record(worker, known), steps.open_record(colleague, known)
    expect(colleague.get_by_role("main")).not_to_contain_text(HIDDEN)
    worker.get_by_role("link", name="Protect this child’s details").click()
    for answer in ("Yes, somebody could be harmed", "The child or a carer has left", "A parent or carer"):
        worker.get_by_label(answer).check()
    worker.get_by_role("button", name="Ask for protection").click()
    expect(worker.get_by_role("alert")).to_contain_text("Choose how you made sure who they are")
    expect(worker.get_by_label("A parent or carer")).to_be_checked()
    worker.get_by_label("I could not check it yet").check()
    worker.get_by_role("button", name="Ask for protection").click()
    expect(worker.get_by_role("main")).to_contain_text("The details are hidden now")
    expect(worker.get_by_role("main")).to_contain_text("If you are in danger, ring 999")
    for page, address in ((colleague, theirs), (worker, record)):
        page.goto(address)
        expect(page.get_by_role("main")).to_contain_text(HIDDEN)
        expect(page.get_by_role("link", name="Protect this child’s details")).to_have_count(0)
    decides, approves = (enter(Role.ADMINISTRATOR, COUNCIL, which=which) for which in (5, 6))
    open_child(decides, known.name)
    take(decides, "Decide", "Protect the child’s details")
    expect(decides.get_by_role("link", name="Approve the decision")).to_have_count(0)
    open_child(approves, known.name)
    take(approves, "Approve the decision", button="Approve")
    expect(approves.get_by_role("main")).to_contain_text("Details hidden")
    with service_database(django_db_blocker):
        assert Shield.objects.filter(ended_on=None, request__isnull=False, request__approved_at__isnull=False).exists()


def open_child(page: Page, name: str) -> None:
    """By the newest request in the list, which names nobody."""
    page.goto("/")
    page.get_by_role("navigation", name="Service").get_by_role("link", name="Protected children").click()
    expect(page.get_by_role("main")).not_to_contain_text(name)
    page.get_by_role("link", name="Request").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def take(page: Page, step: str, answer: str = "", *, button: str = "") -> None:
    page.get_by_role("link", name=step, exact=True).click()
    if answer:
        page.get_by_label(answer, exact=True).check()
    page.get_by_role("button", name=button or step, exact=True).click()
    expect(page.get_by_role("heading", name="Protection", exact=True)).to_be_visible()
