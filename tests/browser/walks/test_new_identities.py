"""A walk of those who close a record for a new identity, and who read together which record goes on."""

import re
from collections.abc import Callable

from django.test import override_settings
from playwright.sync_api import Page, expect
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role
from registry.protection import escrow
from registry.worker import severing
from tests.acting import acting_as
from tests.browser import steps
from tests.browser.children import Children, is_quiet
from tests.browser.conftest import Enter
from tests.browser.database import service_database
from tests.browser.looking import Inspector
from tests.browser.people import COUNCIL
from tests.browser.walks.walking import Inspect, submit, walks

NUMBER = re.compile(r"\b\d{5} \d{5} \d\b")


def find(page: Page, number: str) -> None:
    """Open the page to which the number leads."""
    page.goto("/identities/")
    page.get_by_label("Registry number").fill(number)
    submit(page, "Find the record")


def fill(page: Page) -> None:
    page.get_by_label("An adoption order was made").check()
    page.get_by_label("New given name").fill("Wren")
    page.get_by_label("New family name").fill("Alderton")
    page.get_by_label("New house and street").fill("7 Quiet Close")
    page.get_by_label("New town").fill("Kendal")
    page.get_by_label("New postcode").fill("LA9 4AA")


def ask(olu: Inspector, number: str) -> None:
    """After a number that is none, and after nothing was typed."""
    page = olu.page
    olu.open("/identities/")
    find(page, "12345 67890 1")
    olu.look("no such number")
    find(page, number)
    olu.look("to ask")
    submit(page, "Ask for the new identity")
    olu.look("nothing typed")
    fill(page)
    submit(page, "Ask for the new identity")
    olu.look("asked for")
    page.get_by_role("link", name="Take it back").click()
    olu.look("take it back")


def approve(ruth: Inspector, number: str) -> None:
    """After looking at how it is refused."""
    page = ruth.page
    find(page, number)
    ruth.look("to approve")
    page.get_by_role("link", name="Refuse it").click()
    submit(page, "Close the request")
    ruth.look("no reason")
    find(page, number)
    page.get_by_role("link", name="Approve it").click()
    ruth.look("approve")
    submit(page, "Approve and close the record")
    ruth.look("approved")
    find(page, number)
    ruth.look("being closed")


def read_together(olu: Inspector, ruth: Inspector, number: str, open_given: Callable[[], int]) -> None:
    """Which record goes on: asked for by one, given by the other, and shown."""
    page, other = olu.page, ruth.page
    find(page, number)
    olu.look("closed")
    submit(page, "Ask which record is the new one")
    olu.look("no reason")
    page.get_by_label("A court ordered it").check()
    submit(page, "Ask which record is the new one")
    olu.look("link asked for")
    other.goto("/identities/")
    ruth.look("a link waits")
    other.get_by_role("link", name="Refuse").click()
    ruth.look("refuse")
    other.goto("/identities/")
    other.get_by_role("link", name="Agree").click()
    submit(other, "Agree")
    ruth.look("no number")
    other.get_by_label("Number of the closed record").fill(number)
    submit(other, "Agree")
    ruth.look("given")
    assert open_given() == 1
    submit(other, "Show the number of the new record")
    ruth.look("the number")
    expect(other.get_by_role("main")).to_contain_text(NUMBER)
    expect(other.get_by_role("main")).not_to_contain_text(number)


@walks(
    "identities",
    "identity",
    "approve_identity",
    "refuse_identity",
    "ask_link",
    "give_link",
    "refuse_link",
    "read_link",
)
def test_new_identity(enter: Enter, children: Children, inspect: Inspect, django_db_blocker: DjangoDbBlocker) -> None:
    known, record = children.one(is_quiet), enter()
    steps.open_record(record, known)
    (number,) = set(NUMBER.findall(record.get_by_role("main").inner_text()))
    olu, ruth = (inspect(enter(Role.ADMINISTRATOR, COUNCIL, which=which)) for which in (5, 6))

    def in_background(process: str, work: Callable[[], int]) -> int:
        as_it = override_settings(KEYRING_HOLDER=process)
        with service_database(django_db_blocker), as_it, acting_as(f"contactpoint_{process}"):
            return work()

    ask(olu, number)
    approve(ruth, number)
    assert in_background("worker", severing.sever_approved) == 1
    record.reload()
    expect(record.get_by_role("main")).not_to_contain_text(known.family)
    read_together(olu, ruth, number, lambda: in_background("sequencer", escrow.open_given))
