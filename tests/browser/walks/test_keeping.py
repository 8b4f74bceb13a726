"""Walks of those who keep a record to the 25th birthday by consent, and who read one in the archive together."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from django.test import override_settings
from playwright.sync_api import Page, expect
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role
from registry.models import Child
from registry.rules.numbers import OWN, number_fingerprint, shown
from registry.worker import archive, retention
from tests import factories
from tests.acting import acting_as
from tests.browser.conftest import Enter
from tests.browser.database import service_database
from tests.browser.people import COUNCIL
from tests.browser.walks.walking import Inspect, submit, walks


def born_years_ago(years: int) -> date:
    today = factories.today()
    return today.replace(year=today.year - years, day=min(today.day, 28)) - timedelta(days=60)


def add(blocker: DjangoDbBlocker, given: str, born: date) -> str:
    """A young person beside the demonstration. Returns their registry number as it is read out."""
    with service_database(blocker):
        council = factories.Organisation.objects.get(directory_code=COUNCIL)
        (made,) = factories.children(
            factories.draft(authority=council, given=given, family="Lightbourne", date_of_birth=born)
        )
        number: str = shown(made.number.open())
        return number


@contextmanager
def as_worker(blocker: DjangoDbBlocker) -> Iterator[None]:
    """In the database of the service, as its worker."""
    with service_database(blocker), override_settings(KEYRING_HOLDER="worker"), acting_as("contactpoint_worker"):
        yield


def fill_day(page: Page, day: date) -> None:
    for name in ("day", "month", "year"):
        page.locator(f"[name=given_on_{name}]").fill(str(getattr(day, name)))


@walks("find_keeping", "keeping", "end_keeping")
def test_kept_by_consent(enter: Enter, inspect: Inspect, django_db_blocker: DjangoDbBlocker) -> None:
    number = add(django_db_blocker, "Maud", born_years_ago(17))
    olu = inspect(enter(Role.ADMINISTRATOR, COUNCIL, which=5))
    page = olu.page
    olu.open("/keeping/")
    page.get_by_label("Registry number").fill("12345 67890 1")
    submit(page, "Find the record")
    olu.look("no such number")
    page.get_by_label("Registry number").fill(number)
    submit(page, "Find the record")
    olu.look("to keep")
    submit(page, "Keep the record")
    olu.look("nothing typed")
    page.get_by_label("They have a learning disability").check()
    fill_day(page, factories.today() - timedelta(days=200))
    submit(page, "Keep the record")
    olu.look("too young on that day")
    fill_day(page, factories.today())
    submit(page, "Keep the record")
    olu.look("kept")
    expect(page.get_by_role("main")).to_contain_text("Kept until")
    page.get_by_role("link", name="It is not kept any more").click()
    olu.look("to end it")
    submit(page, "End it")
    olu.look("no reason")
    page.get_by_label("The young person does not want it any more").check()
    submit(page, "End it")
    olu.look("ended")


@walks("archive", "give_archived", "refuse_archived", "read_archived")
def test_archive(enter: Enter, inspect: Inspect, django_db_blocker: DjangoDbBlocker) -> None:
    number = add(django_db_blocker, "Ned", born_years_ago(18))
    with as_worker(django_db_blocker):
        child = Child.objects.get(number_fingerprint=number_fingerprint(OWN, number.replace(" ", "")))
        retention._take_steps([child.pk], factories.today(), retention.Kept())
    olu, ruth = (inspect(enter(Role.ADMINISTRATOR, COUNCIL, which=which)) for which in (5, 6))
    page, other = olu.page, ruth.page
    olu.open("/archive/")
    submit(page, "Ask for the record")
    olu.look("nothing typed")
    page.get_by_label("Registry number").fill(number)
    page.get_by_label("A serious case review").check()
    submit(page, "Ask for the record")
    olu.look("asked for")
    ruth.open("/archive/")
    ruth.look("waits")
    other.get_by_role("link", name="Refuse it").click()
    ruth.look("refuse")
    other.goto("/archive/")
    other.get_by_role("link", name="Agree").click()
    submit(other, "Agree")
    ruth.look("no number")
    other.get_by_label("Number of the record").fill(number)
    submit(other, "Agree")
    ruth.look("given")
    with as_worker(django_db_blocker):
        assert archive.answer_given() == 1
    page.goto("/archive/")
    olu.look("to be read")
    submit(page, "Read the record")
    olu.look("the record")
    expect(page.get_by_role("main")).to_contain_text("Ned Lightbourne")
