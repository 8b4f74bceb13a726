"""Walks of whoever reads the access log."""

from urllib.parse import urlsplit

from pytest_django.plugin import DjangoDbBlocker

from access.models import Role
from audit.reasons import Reason
from review.selectors.months import Month
from tests import factories
from tests.browser import steps
from tests.browser.children import Children, is_quiet
from tests.browser.conftest import Enter
from tests.browser.database import raise_an_alert, seal
from tests.browser.people import COUNCIL
from tests.browser.test_overseers import NUMBER
from tests.browser.walks.walking import Inspect, walks

LAST_MONTH = Month.of(factories.today()).before


@walks(
    "log",
    "filtered_log",
    "event",
    "day",
    "trail",
    "seen",
    "seen_of_event",
    "save_view",
    "saved_views",
    "charts",
    "report",
)
def test_explorers(enter: Enter, inspect: Inspect, children: Children) -> None:
    teacher = enter()
    steps.open_record(teacher, children.one(is_quiet))
    number = teacher.get_by_text(NUMBER).first.inner_text().removeprefix("Number ")
    page = enter(Role.AUDITOR, COUNCIL)
    margaret = inspect(page)
    margaret.open("/log/charts/")
    margaret.open("/log/charts/?month=2001-01", "no such month")
    margaret.open("/log/report/")
    margaret.open(f"/log/report/?month={LAST_MONTH.code}", "nothing in it")
    margaret.open("/log/report/?month=2001-01", "no such month")
    margaret.open("/log/views/", "with none")
    steps.filter_log(page, Organisation="Sale")
    margaret.look("several organisations fit")
    steps.filter_log(page, Organisation="Nowhere at all")
    margaret.look("no organisation fits")
    given = {"What_happened": "Record opened", "Reason": Reason.SAFEGUARDING.label}
    steps.filter_log(page, Show_each_event_on_a_line_of_its_own="yes", **given)
    margaret.look("by reason")
    page.get_by_role("link", name="Keep this view").click()
    margaret.look()
    page.get_by_role("button", name="Keep this view").click()
    margaret.look("without its days")
    page.get_by_label("The last 7 days").check()
    page.get_by_role("button", name="Keep this view").click()
    margaret.look("with a view")
    margaret.open("/log/views/", "with one")
    steps.filter_log(page, Record=number)
    margaret.look("of a record")
    page.get_by_role("link", name="Who has seen this record").click()
    margaret.look()
    steps.filter_log(page, Record=number, What_happened="Record opened", Show_each_event_on_a_line_of_its_own="yes")
    page.locator("tbody a").first.click()
    margaret.look("of an opening")
    event = page.url
    for name in ("From search to opening", "Who has seen this record", "The whole day of this person"):
        page.goto(event)
        page.get_by_role("link", name=name).click()
        margaret.look()


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
