"""The auditor follows what happened; the administrator sees who may enter; both are recorded too."""

import re

from playwright.sync_api import Page, expect
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role
from review.views.log import EVENTS_ON_A_PAGE
from tests.browser import steps
from tests.browser.children import Children, is_quiet
from tests.browser.conftest import Enter, Join
from tests.browser.database import seal
from tests.browser.people import COUNCIL
from transparency.proof import HEADER


def filter_log(page: Page, **answers: str) -> None:
    """Open the filter of the access log and apply it; answers by label."""
    page.goto("/log/")
    page.get_by_text("Filter", exact=True).click()
    for label, text in answers.items():
        if label == "What_happened":
            page.get_by_label("What happened").select_option(label=text)
        elif label in {"From", "To"}:
            page.get_by_role("group", name=label, exact=True).get_by_label("Day").fill(text)
        else:
            page.get_by_label(label, exact=True).fill(text)
    with page.expect_navigation():
        page.get_by_role("button", name="Apply filter").click()


def test_auditor_follows_what_a_practitioner_did_and_why(
    enter: Enter, page: Page, join: Join, children: Children
) -> None:
    priya, known = join(name="Priya Nair-Lowe"), children.one(is_quiet)
    steps.sign_in(page, priya)
    record = steps.open_record(page, known)
    steps.record_involvement(
        page,
        service="Early help",
        practitioner="Priya Nair",
        telephone="0161 496 0123",
        started_on="2025-09-01",
        lead="No",
    )
    steps.save(page)
    page.goto(record)
    auditor = enter(Role.AUDITOR, COUNCIL)
    filter_log(auditor, Person=priya.email)
    rows = auditor.get_by_role("table").get_by_role("row")
    expect(rows.filter(has_text=priya.name)).to_have_count(rows.count() - 1)
    what = auditor.locator("tbody tr td:nth-child(3)").all_inner_texts()
    assert what[0] == "Record opened"
    assert {"Signed in", "Search", "Search results shown", "Identity shown", "Record opened"} <= set(what)
    assert {"Involvements read to change one", "Involvement recorded"} <= set(what)
    opened = rows.filter(has_text="Record opened").first
    expect(opened).to_contain_text("Children Act 2004, section 11")
    expect(auditor.locator("body")).not_to_contain_text(known.family)
    opened.get_by_role("link").click()
    expect(auditor.get_by_role("heading", level=1)).to_have_text("Record opened")
    expect(auditor.get_by_role("main")).to_contain_text(priya.name)
    expect(auditor.get_by_role("main")).to_contain_text("That you read this event was recorded.")


def test_auditor_filters_by_what_happened_and_by_record(enter: Enter, children: Children) -> None:
    page = enter()
    steps.open_record(page, children.one(is_quiet))
    auditor = enter(Role.AUDITOR, COUNCIL)
    filter_log(auditor, What_happened="Record opened")
    rows = auditor.locator("tbody tr")
    expect(rows.filter(has_text="Record opened")).to_have_count(rows.count())
    number = rows.first.locator("td").nth(4).inner_text()
    filter_log(auditor, Record=number)
    rows = auditor.locator("tbody tr")
    assert rows.count() >= 2
    for cell in rows.locator("td:nth-child(5)").all_inner_texts():
        assert number in cell.split(", ")
    auditor.get_by_role("link", name="Clear").click()
    expect(auditor.get_by_text("Filter", exact=True)).to_be_visible()


def test_auditors_own_reading_is_in_the_log(page: Page, join: Join) -> None:
    margaret = join(Role.AUDITOR, COUNCIL, name="Margaret Lowe-Hall")
    steps.sign_in(page, margaret)
    page.goto("/log/")
    filter_log(page, Person=margaret.email)
    expect(page.locator("tbody tr").filter(has_text="Access log read").first).to_be_visible()


def test_filter_that_fits_nothing_says_what_to_do(enter: Enter) -> None:
    page = enter(Role.AUDITOR, COUNCIL)
    filter_log(page, From="1/1/2001", To="2/1/2001")
    expect(page.get_by_role("main")).to_contain_text("No event fits. Widen the dates or clear the filter.")


def test_filter_of_the_log_survives_its_pages(enter: Enter) -> None:
    page = enter(Role.AUDITOR, COUNCIL)
    for _ in range(EVENTS_ON_A_PAGE + 1):
        page.request.get("/log/")
    filter_log(page, What_happened="Access log read")
    expect(page.get_by_role("table")).to_contain_text("events, newest first")
    page.get_by_role("navigation", name="Pagination").get_by_role("link", name="Next").click()
    expect(page.get_by_label("What happened")).to_have_value("log.read")
    rows = page.locator("tbody tr")
    expect(rows.filter(has_text="Access log read")).to_have_count(rows.count())


def test_auditor_takes_proofs_away(enter: Enter, django_db_blocker: DjangoDbBlocker) -> None:
    page = enter(Role.AUDITOR, COUNCIL)
    page.goto("/log/")
    older = seal(django_db_blocker)
    page.goto("/log/")
    newer = seal(django_db_blocker)
    page.locator("tbody a").first.click()
    expect(page.get_by_role("main")).to_contain_text(re.compile(rf"Event \d+ of {newer} in the sealed log"))
    with page.expect_download() as proof:
        page.get_by_role("link", name="Download the proof").click()
    assert proof.value.path().read_text().startswith(HEADER)
    page.get_by_role("link", name="Access log").first.click()
    page.get_by_role("link", name="Checkpoints and proofs").click()
    rows = page.get_by_role("row")
    for size in (older, newer):
        expect(rows.filter(has=page.get_by_role("cell", name=str(size), exact=True))).to_contain_text("Yes")
    page.get_by_text("Prove that one checkpoint continues another").click()
    page.get_by_label("Events in the older one").fill(str(older))
    page.get_by_label("Events in the newer one").fill(str(newer))
    with page.expect_download() as between:
        page.get_by_role("button", name="Download the proof").click()
    assert between.value.suggested_filename == f"consistency-{older}-{newer}.txt"


def test_administrator_sees_people_and_when_their_access_runs_out(page: Page, join: Join) -> None:
    priya, olu = join(name="Priya Nair-Field"), join(Role.ADMINISTRATOR, COUNCIL)
    steps.sign_in(page, olu)
    page.get_by_role("main").get_by_role("link", name="People").click()
    row = page.get_by_role("row").filter(has_text=priya.name)
    expect(row).to_contain_text(priya.organisation)
    expect(row).to_contain_text("Practitioner")
    expect(row).to_contain_text(re.compile(r"\d+ \w+ \d{4}"))


def test_each_person_sees_what_their_own_access_depends_on(page: Page, join: Join) -> None:
    priya = join()
    steps.sign_in(page, priya)
    page.get_by_role("navigation").get_by_role("link", name="My access").click()
    for text in ("DBS", "human rights", "greement", "onfirmation"):
        expect(page.get_by_role("row").filter(has_text=text)).to_contain_text("Done")
    expect(page.get_by_role("main")).to_contain_text(priya.name)
