"""The auditor follows what happened; the administrator sees who may enter; both are recorded too."""

import re

from playwright.sync_api import Page, expect
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role
from review.selectors.visits import VISITS_ON_A_PAGE
from tests.browser import steps
from tests.browser.children import Children, is_quiet
from tests.browser.conftest import Enter, Join
from tests.browser.database import raise_an_alert, seal
from tests.browser.people import COUNCIL
from transparency.proof import HEADER

NUMBER = re.compile(r"^Number \d{5} \d{5} \d$")


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
    steps.filter_log(auditor, Person=priya.email)
    rows = auditor.get_by_role("table").get_by_role("row")
    expect(rows.filter(has_text=priya.name)).to_have_count(rows.count() - 1)
    visit = rows.filter(has_text="events since").filter(has_text="Record opened, 2 times")
    for done in ("Identity shown", "Involvements read to change one", "Involvement recorded"):
        expect(visit).to_contain_text(done)
    expect(visit).to_contain_text("Children Act 2004, section 11")
    for done in ("Signed in", "Search results shown"):
        expect(rows.filter(has_text=done)).to_have_count(1)
    expect(auditor.locator("body")).not_to_contain_text(known.family)
    visit.get_by_role("link").click()
    events = auditor.locator("tbody tr")
    expect(events.filter(has_text="Record opened")).to_have_count(2)
    events.filter(has_text="Record opened").first.get_by_role("link").click()
    expect(auditor.get_by_role("heading", level=1)).to_have_text("Record opened")
    expect(auditor.get_by_role("main")).to_contain_text(priya.name)
    expect(auditor.get_by_role("main")).to_contain_text("That you read this event was recorded.")


def test_auditor_filters_by_what_happened_and_by_the_number_on_the_record(enter: Enter, children: Children) -> None:
    page = enter()
    steps.open_record(page, children.one(is_quiet))
    number = page.get_by_text(NUMBER).first.inner_text().removeprefix("Number ")
    auditor = enter(Role.AUDITOR, COUNCIL)
    steps.filter_log(auditor, What_happened="Record opened")
    rows = auditor.locator("tbody tr")
    expect(rows.filter(has_text="Record opened")).to_have_count(rows.count())
    steps.filter_log(auditor, Record=number)
    assert rows.count() >= 2
    expect(rows.filter(has_text=number)).to_have_count(rows.count())
    assert number.replace(" ", "") not in auditor.url.replace("-", "")
    auditor.reload()
    expect(rows.filter(has_text=number)).to_have_count(rows.count())
    auditor.get_by_role("link", name="Clear").click()
    expect(auditor.get_by_text("Filter", exact=True)).to_be_visible()


def test_auditors_own_reading_is_in_the_log_when_it_is_asked_for(page: Page, join: Join) -> None:
    margaret = join(Role.AUDITOR, COUNCIL, name="Margaret Lowe-Hall")
    steps.sign_in(page, margaret)
    page.goto("/log/")
    readings = page.locator("tbody tr").filter(has_text="Access log read")
    steps.filter_log(page, Person=margaret.email)
    expect(readings).to_have_count(0)
    steps.filter_log(page, Person=margaret.email, Show_readings_of_the_log="yes")
    expect(readings.first).to_be_visible()


def test_auditor_takes_an_alert_and_another_closes_it(enter: Enter, django_db_blocker: DjangoDbBlocker) -> None:
    raise_an_alert(django_db_blocker, times=3)
    page = enter(Role.AUDITOR, COUNCIL)
    page.goto("/log/alerts/")
    row = page.locator("tbody tr").first
    expect(row.get_by_role("cell", name="3", exact=True)).to_be_visible()
    row.get_by_role("link").click()
    page.get_by_role("button", name="Take this alert").click()
    expect(page.get_by_role("main")).to_contain_text("You have taken this alert.")
    expect(page.get_by_role("main").get_by_role("button")).to_have_count(0)
    colleague = enter(Role.AUDITOR, COUNCIL, which=2)
    colleague.goto(page.url)
    colleague.get_by_label("A fault of the service, put right").check()
    colleague.get_by_role("button", name="Close this alert").click()
    expect(colleague.get_by_role("main")).to_contain_text("The alert is closed.")
    expect(colleague.get_by_role("main").get_by_role("button")).to_have_count(0)


def test_filter_that_fits_nothing_says_what_to_do(enter: Enter) -> None:
    page = enter(Role.AUDITOR, COUNCIL)
    steps.filter_log(page, From="1/1/2001", To="2/1/2001")
    expect(page.get_by_role("main")).to_contain_text("Nothing in the log of your authorities fits.")


def test_filter_of_the_log_survives_its_pages(enter: Enter) -> None:
    page = enter(Role.AUDITOR, COUNCIL)
    for _ in range(VISITS_ON_A_PAGE + 1):
        page.request.get("/log/")
    steps.filter_log(page, What_happened="Access log read", Show_each_event_on_a_line_of_its_own="yes")
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Older").click()
    expect(page.get_by_label("What happened")).to_have_value("log.read")
    rows = page.locator("tbody tr")
    expect(rows.filter(has_text="Access log read")).to_have_count(rows.count())
    page.go_back()
    expect(rows.filter(has_text="Access log read")).to_have_count(VISITS_ON_A_PAGE)


def test_auditor_takes_proofs_away(enter: Enter, django_db_blocker: DjangoDbBlocker) -> None:
    page = enter(Role.AUDITOR, COUNCIL)
    page.goto("/log/")
    older = seal(django_db_blocker)
    page.goto("/log/")
    newer = seal(django_db_blocker)
    steps.open_an_event(page)
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
    page.get_by_role("main").get_by_role("link", name="People", exact=True).click()
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
