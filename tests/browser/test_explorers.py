"""The auditor goes from the log to charts, to a report on paper, and to a file that proves what happened."""

from playwright.sync_api import expect
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role
from tests.browser import steps
from tests.browser.children import Children, is_quiet
from tests.browser.conftest import Enter, Join, OpenBrowser
from tests.browser.database import log_keys, seal
from tests.browser.people import COUNCIL
from transparency import pack


def test_auditor_follows_an_opening_to_its_search_and_takes_the_proof_along(
    enter: Enter, children: Children, django_db_blocker: DjangoDbBlocker
) -> None:
    page = enter()
    steps.open_record(page, children.one(is_quiet))
    auditor = enter(Role.AUDITOR, COUNCIL)
    steps.filter_log(auditor, What_happened="Record opened", Show_each_event_on_a_line_of_its_own="yes")
    auditor.locator("tbody a").first.click()
    auditor.get_by_role("link", name="From search to opening").click()
    rows = auditor.locator("tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.last).to_contain_text("after it was shown, number 1 of 1")
    seal(django_db_blocker)
    rows.first.get_by_role("checkbox").uncheck()
    with auditor.expect_download() as download:
        auditor.get_by_role("button", name="Download an evidence pack").click()
    proved = pack.check(download.value.path().read_bytes(), log_keys())
    assert [each.event.kind for each in proved] == ["child.listed", "child.opened"]


def test_picture_stands_over_its_figures(enter: Enter, children: Children) -> None:
    page = enter()
    steps.open_record(page, children.one(is_quiet))
    auditor = enter(Role.AUDITOR, COUNCIL)
    auditor.goto("/log/charts/")
    expect(auditor.get_by_role("img", name="Records opened, by day and organisation")).to_be_visible()
    drawn = auditor.evaluate("window.Chart.getChart(document.querySelector('canvas')).data.datasets.length")
    figures = auditor.get_by_role("table", name="Records opened, by day and organisation")
    expect(figures).to_be_hidden()
    auditor.locator(".chart summary").first.press("Enter")
    expect(figures).to_be_visible()
    expect(figures.get_by_role("columnheader")).to_have_count(drawn + 2)


def test_without_script_the_figures_stand_alone(
    open_browser: OpenBrowser, join: Join, enter: Enter, children: Children
) -> None:
    steps.open_record(enter(), children.one(is_quiet))
    page = open_browser(java_script_enabled=False).new_page()
    steps.sign_in(page, join(Role.AUDITOR, COUNCIL))
    page.goto("/log/charts/")
    expect(page.get_by_role("table", name="Records opened, by day and organisation")).to_be_visible()
    for picture in page.locator("canvas").all():
        expect(picture).to_be_hidden()
    page.goto("/log/report/")
    expect(page.get_by_role("main")).to_contain_text("Records opened")
    expect(page.get_by_text("To print this report, use the print command")).to_be_visible()


def test_report_of_a_month_is_two_sheets_at_most(enter: Enter, children: Children) -> None:
    steps.open_record(enter(), children.one(is_quiet))
    auditor = enter(Role.AUDITOR, COUNCIL)
    auditor.goto("/log/report/")
    sheets = auditor.pdf(format="A4")
    assert sheets.count(b"/Type /Page\n") + sheets.count(b"/Type /Page ") <= 2, "more than two sheets"
    for pressed in (auditor.get_by_role("button", name="Show"), auditor.get_by_role("navigation").first):
        auditor.emulate_media(media="print")
        expect(pressed).to_be_hidden()
