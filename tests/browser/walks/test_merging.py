"""A walk of those who put two records under one, and part them again."""

import re

from django.test import override_settings
from playwright.sync_api import Page, expect
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role
from registry.worker import merging
from tests.acting import acting_as
from tests.browser import steps
from tests.browser.children import Children, is_quiet
from tests.browser.conftest import Enter
from tests.browser.database import service_database
from tests.browser.looking import Inspector
from tests.browser.people import COUNCIL
from tests.browser.walks.walking import Inspect, submit, walks

NUMBER = re.compile(r"\b\d{5} \d{5} \d\b")


def find(page: Page, stays: str, under: str) -> None:
    """Open the page to which the numbers lead."""
    page.goto("/merging/")
    page.get_by_label("Registry number of the record that stays").fill(stays)
    page.get_by_label("Registry number of the other record").fill(under)
    submit(page, "Compare the records")


def ask(olu: Inspector, numbers: tuple[str, str]) -> None:
    """After a number that is none, after one number twice, and after nothing was chosen."""
    page = olu.page
    olu.open("/merging/")
    find(page, numbers[0], "12345 67890 1")
    olu.look("no such number")
    find(page, numbers[0], numbers[0])
    olu.look("one number twice")
    find(page, *numbers)
    olu.look("side by side")
    submit(page, "Ask to put them under one")
    olu.look("no reason")
    page.get_by_label("Somebody who works with the child knows both records").check()
    submit(page, "Ask to put them under one")
    olu.look("asked for")
    page.get_by_role("link", name="Take it back").click()
    olu.look("take it back")


def approve(ruth: Inspector, numbers: tuple[str, str]) -> None:
    """After looking at how it is refused."""
    page = ruth.page
    page.goto("/merging/")
    ruth.look("waits")
    page.get_by_role("link", name="Request").click()
    ruth.look("to approve")
    page.get_by_role("link", name="Refuse it").click()
    submit(page, "Close the request")
    ruth.look("no reason to refuse")
    find(page, *numbers)
    page.get_by_role("link", name="Approve it").click()
    ruth.look("approve")
    submit(page, "Approve and put them under one")
    ruth.look("approved")


def part(olu: Inspector, ruth: Inspector, numbers: tuple[str, str]) -> None:
    find(olu.page, *reversed(numbers))
    olu.look("together")
    olu.page.get_by_label("They are twins").check()
    submit(olu.page, "Ask to part them")
    find(ruth.page, *numbers)
    ruth.page.get_by_role("link", name="Approve it").click()
    ruth.look("approve parting")
    submit(ruth.page, "Approve and part them")


@walks("merges", "two_records", "approve_merge", "refuse_merge")
def test_two_records(enter: Enter, children: Children, inspect: Inspect, django_db_blocker: DjangoDbBlocker) -> None:
    record, numbers = enter(), []
    for known in (children.one(is_quiet), children.one(is_quiet)):
        steps.open_record(record, known)
        (number,) = set(NUMBER.findall(record.get_by_role("main").inner_text()))
        numbers.append(number)
    two = (numbers[0], numbers[1])
    olu, ruth = (inspect(enter(Role.ADMINISTRATOR, COUNCIL, which=which)) for which in (5, 6))

    def in_background() -> int:
        as_worker = override_settings(KEYRING_HOLDER="worker")
        with service_database(django_db_blocker), as_worker, acting_as("contactpoint_worker"):
            return merging.do_approved()

    ask(olu, two)
    approve(ruth, two)
    assert in_background() == 1
    find(ruth.page, *two)
    expect(ruth.page.get_by_role("heading", level=1)).to_have_text("Two records that lie together")
    part(olu, ruth, two)
    assert in_background() == 1
