"""A walk of those who hand a record over and take it over, and of whoever reads who has no school."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.plugin import DjangoDbBlocker

from access.models import Organisation, OrganisationKind, Role
from registry.models import UnplacedMonth
from registry.worker import unplaced
from tests import factories
from tests.acting import acting_as
from tests.browser import steps
from tests.browser.children import Children, is_quiet
from tests.browser.conftest import Enter
from tests.browser.database import service_database
from tests.browser.looking import Inspector
from tests.browser.people import COUNCIL
from tests.browser.walks.test_new_identities import NUMBER
from tests.browser.walks.walking import Inspect, submit, walks

BEYOND = "Council beyond the hills"


@pytest.fixture
def beyond(service: object, django_db_blocker: DjangoDbBlocker) -> str:
    """The directory code of another council."""
    with service_database(django_db_blocker):
        council = factories.organisation(kind=OrganisationKind.AUTHORITY)
        Organisation.objects.filter(pk=council.pk).update(name=BEYOND)
    return council.directory_code


def offer(olu: Inspector, number: str) -> None:
    """After a number that is none, and after nothing was chosen."""
    page = olu.page
    olu.open("/handovers/")
    page.get_by_label("Registry number").fill("12345 67890 1")
    submit(page, "Find the record")
    olu.look("no such number")
    page.get_by_label("Registry number").fill(number)
    submit(page, "Find the record")
    olu.look("to offer")
    submit(page, "Offer the record")
    olu.look("nothing chosen")
    page.get_by_label("Which council should answer").select_option(label=BEYOND)
    page.get_by_label("The child has moved home").check()
    submit(page, "Offer the record")
    olu.look("offered")
    page.get_by_role("link", name="Withdraw the offer").click()
    olu.look("withdraw")
    olu.open("/handovers/")


def take_over(iris: Inspector) -> None:
    """After looking at how it is declined."""
    page = iris.page
    iris.open("/handovers/")
    page.get_by_role("link", name="Offer ").first.click()
    iris.look("offered to us")
    page.get_by_role("link", name="Decline it").click()
    submit(page, "Decline it")
    iris.look("no reason")
    page.get_by_role("link", name="The offer").click()
    page.get_by_role("link", name="Take it over").click()
    iris.look("take over")
    submit(page, "Take it over")
    iris.look("taken over")
    expect(page.get_by_role("main")).to_contain_text("Nothing is offered to you")


def list_unplaced(page: Page, iris: Inspector) -> None:
    iris.open("/unplaced/")
    expect(page.get_by_role("main")).to_contain_text("compulsory school age")


@walks("handovers", "handover", "accept_handover", "decline_handover", "withdraw_handover", "unplaced")
def test_handing_over(
    enter: Enter, children: Children, inspect: Inspect, beyond: str, django_db_blocker: DjangoDbBlocker
) -> None:
    known, record = children.one(is_quiet), enter()
    steps.open_record(record, known)
    (number,) = set(NUMBER.findall(record.get_by_role("main").inner_text()))
    olu, iris = (inspect(enter(Role.ADMINISTRATOR, works_for)) for works_for in (COUNCIL, beyond))
    offer(olu, number)
    take_over(iris)
    record.reload()
    expect(record.get_by_role("main")).to_contain_text(known.family)
    with service_database(django_db_blocker), acting_as("contactpoint_worker"):
        if not UnplacedMonth.objects.exists():
            unplaced.list_month()
    for who in (olu, iris):
        list_unplaced(who.page, who)
