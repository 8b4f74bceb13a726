"""Walks of whoever reads the access log."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import Page
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role
from tests.browser import steps
from tests.browser.children import Children, is_quiet
from tests.browser.conftest import Enter, Join
from tests.browser.database import opened_before, raise_an_alert, seal
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


@walks("answers", "begin_answer", "answer", "confirm_answer", "give_answer_back", "release_answer", "close_answer")
def test_answers(
    enter: Enter, page: Page, join: Join, children: Children, inspect: Inspect, django_db_blocker: DjangoDbBlocker
) -> None:
    priya, known = join(name="Priya Nair-Walker"), children.one(is_quiet)
    steps.sign_in(page, priya)
    steps.open_record(page, known)
    number = page.get_by_text(re.compile(r"^Number \d{5} \d{5} \d$")).first.inner_text().removeprefix("Number ")
    opened_before(django_db_blocker, priya, 3)
    window = enter(Role.AUDITOR, COUNCIL)
    margaret = inspect(window)
    margaret.open("/log/answers/")
    margaret.open("/log/answers/?show=closed", "with none")
    margaret.open("/log/answers/begin/")
    window.get_by_role("button", name="Begin the answer").click()
    margaret.look("everything wrong")
    steps.begin_answer(window, "999 173 6115")
    margaret.look("leads nowhere")
    window.get_by_role("button", name="Close this answer").click()
    margaret.look("without a result")
    window.get_by_label("The number is that of another record").check()
    window.get_by_role("button", name="Close this answer").click()
    margaret.look("closed")
    steps.begin_answer(window, number)
    margaret.look("begun")
    window.get_by_role("button", name="Confirm this answer").click()
    margaret.look("nothing chosen")
    window.get_by_label("What the letter says of line 1").select_option(index=1)
    window.get_by_role("button", name="Confirm this answer").click()
    margaret.look("confirmed")
    other = enter(Role.AUDITOR, COUNCIL, which=2)
    yusuf = inspect(other)
    yusuf.open(urlsplit(window.url).path, "to be released")
    other.get_by_role("button", name="Give it back").click()
    yusuf.look("without a reason")
    other.get_by_role("link", name="Check and release").click()
    yusuf.look()
    other.get_by_role("button", name="Release the letter").click()
    yusuf.look("released")
    yusuf.open("/log/answers/?show=released")
