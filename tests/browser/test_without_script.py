"""The main journey in a browser that runs no script: everything a practitioner does works there."""

from datetime import date

from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.children import Children, is_half_known
from tests.browser.conftest import Join, OpenBrowser


def test_practitioner_finds_reads_records_corrects_ends_and_withdraws(
    open_browser: OpenBrowser, join: Join, children: Children
) -> None:
    known = children.one(is_half_known)
    page = open_browser(java_script_enabled=False).new_page()
    steps.give_password(page, join(), password="not the password")
    expect(page.get_by_role("alert")).to_contain_text("Enter the correct e-mail address and password")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    steps.sign_in(page, join())
    steps.search(page, family_name=known.family)
    expect(page.get_by_role("alert")).to_contain_text("Enter a name with a date of birth")
    swapped = date(known.born.year, known.born.day, known.born.month)
    steps.search(page, given_name=known.given, family_name=known.family, born=swapped)
    expect(steps.row_of(page, known)).to_contain_text("day and month of birth swapped")
    steps.row_of(page, known).get_by_role("link").click()
    page.get_by_role("button", name="Open the record").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose the reason")
    record = steps.open_record(page, known)
    steps.record_involvement(
        page,
        service="Early help",
        practitioner="Priya Nair",
        telephone="0161 496 0123",
        started_on="2025-09-01",
        lead="No",
    )
    page.get_by_role("link", name="Change telephone number").click()
    steps.answer(page, telephone="0161 496 0124")
    steps.save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Involvement recorded")
    page.goto(record)
    page.get_by_role("link", name="Correct Early help").click()
    steps.answer(page, practitioner="Priya Nair-Jones")
    steps.save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Involvement corrected")
    page.goto(record)
    expect(steps.card_of(page, "Priya Nair-Jones")).to_contain_text("0161 496 0124")
    expect(page.get_by_text("To print this page, use the print command of your browser.")).to_be_visible()
    expect(page.get_by_role("button", name="Print this page")).to_be_hidden()
    page.get_by_role("link", name="End Early help").click()
    steps.fill_date(page, "End date", date(2025, 10, 1))
    page.get_by_role("button", name="Continue").click()
    steps.save(page)
    page.goto(record)
    page.get_by_text("1 September 2025 to 1 October 2025").locator("xpath=ancestor::details/summary").click()
    expect(page.get_by_text("1 September 2025 to 1 October 2025")).to_be_visible()
    page.get_by_role("link", name="Recorded by mistake Early help").click()
    page.get_by_label("It was recorded twice").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Withdraw").click()
    page.goto(record)
    expect(page.get_by_text("Priya Nair-Jones")).to_have_count(0)
    steps.sign_out(page)
