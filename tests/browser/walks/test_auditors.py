"""Walks of whoever reads the access log."""

from urllib.parse import urlsplit

from pytest_django.plugin import DjangoDbBlocker

from access.models import Role
from tests.browser import steps
from tests.browser.conftest import Enter
from tests.browser.database import raise_an_alert, seal
from tests.browser.people import COUNCIL
from tests.browser.walks.walking import Inspect, walks


@walks("home", "log", "filtered_log", "event", "visit", "checkpoints", "alerts", "alert", "close_alert")
def test_overseers(enter: Enter, inspect: Inspect, django_db_blocker: DjangoDbBlocker) -> None:
    page = enter(Role.AUDITOR, COUNCIL)
    margaret = inspect(page)
    margaret.open("/")
    margaret.open("/log/")
    margaret.open("/log/?kind=nonsense", "an address of nonsense")
    steps.filter_log(page, From="x", To="y", Person="z", Record="w")
    margaret.look("everything wrong")
    steps.filter_log(page, From="1/1/2001", To="2/1/2001")
    margaret.look("nothing fits")
    steps.open_an_event(page)
    margaret.look()
    page.get_by_role("link", name="What else was done in this visit").click()
    margaret.look()
    raise_an_alert(django_db_blocker, times=2000)
    margaret.open("/log/alerts/?show=closed", "with none")
    margaret.open("/log/alerts/?show=new")
    page.locator("tbody a").first.click()
    margaret.look("new")
    page.get_by_role("button", name="Take this alert").click()
    margaret.look("taken")
    other = enter(Role.AUDITOR, COUNCIL, which=2)
    yusuf = inspect(other)
    yusuf.open(urlsplit(page.url).path, "taken by a colleague")
    other.get_by_role("button", name="Close this alert").click()
    yusuf.look("without a result")
    other.get_by_label("Looked into and not explained").check()
    other.get_by_role("button", name="Close this alert").click()
    yusuf.look("closed")
    margaret.open("/log/checkpoints/")
    seal(django_db_blocker)
    margaret.open("/log/checkpoints/", "with one")
    margaret.open("/log/checkpoints/?older=2&newer=1", "everything wrong")
    margaret.open("/log/checkpoints/?older=1&newer=1", "no such checkpoint")
    steps.open_an_event(page)
    margaret.look("sealed")
