"""Finding a child whose name is half known, and what a search may not tell."""

import re
from datetime import date

from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.children import Children, is_half_known, is_quiet
from tests.browser.conftest import Enter


def one_letter_wrong(name: str) -> str:
    """The name with the third letter from the end typed as its neighbour on the keyboard."""
    wrong = "s" if name[-3] != "s" else "d"
    return f"{name[:-3]}{wrong}{name[-2:]}"


def test_half_known_name_is_found_with_the_reason_why(enter: Enter, children: Children) -> None:
    known = children.one(is_half_known)
    page = enter()
    swapped = date(known.born.year, known.born.day, known.born.month)
    steps.search(page, given_name=known.given, family_name=one_letter_wrong(known.family), born=swapped)
    row = steps.row_of(page, known)
    expect(row).to_be_visible()
    expect(row).to_contain_text("day and month of birth swapped")
    expect(row).to_contain_text(re.compile("family name (one letter different|sounds the same|similar)"))
    expect(page.get_by_role("main").get_by_role("listitem").first).to_contain_text(known.name)


def test_results_repeat_what_was_asked_and_let_one_change_it(enter: Enter, children: Children) -> None:
    known = children.one(is_quiet)
    page = enter()
    steps.search(page, given_name="Zzyzx", family_name="Qwrtpsdf", born=known.born)
    expect(page.get_by_role("heading", level=1)).to_have_text("No child found")
    expect(page.locator(".asked")).to_contain_text("Qwrtpsdf")
    expect(page.get_by_label("Family name")).to_have_value("Qwrtpsdf")
    page.get_by_label("Given name").fill(known.given)
    page.get_by_label("Family name").fill(known.family)
    page.get_by_role("button", name="Search").click()
    expect(steps.row_of(page, known)).to_be_visible()


def test_address_of_results_holds_no_name_and_the_back_button_shows_them_again(
    enter: Enter, children: Children
) -> None:
    known = children.one(is_quiet)
    page = enter()
    row = steps.find(page, known)
    results = page.url
    assert re.fullmatch(r".*/search/[0-9a-f-]{36}/", results)
    row.get_by_role("link").click()
    assert known.family.lower() not in page.url.lower()
    page.go_back()
    expect(steps.row_of(page, known)).to_be_visible()
    assert page.url == results


def test_record_leads_back_to_the_results_it_came_from(enter: Enter, children: Children) -> None:
    known = children.one(is_quiet)
    page = enter()
    steps.find(page, known)
    results = page.url
    steps.row_of(page, known).get_by_role("link").click()
    page.get_by_role("button", name="Open the record").click()
    expect(page.get_by_role("link", name="Back to results")).to_be_visible()
    page.get_by_label(steps.CONCERN).check()
    page.get_by_role("button", name="Open the record").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(known.name)
    page.reload()
    page.get_by_role("link", name="Back to results").click()
    expect(steps.row_of(page, known)).to_be_visible()
    assert page.url == results


def test_number_of_one_child_with_the_name_of_another_is_told(enter: Enter, children: Children) -> None:
    known = children.one(is_quiet)
    page = enter()
    steps.search(page, given_name="Zzyzx", family_name="Qwrtpsdf", number=known.child.nhs_number)
    expect(page.get_by_role("heading", name="The NHS number and the rest do not fit together")).to_be_visible()
    expect(steps.row_of(page, known)).to_contain_text("Not as you entered: family name, given name")


def test_whole_date_pasted_in_any_box_is_understood(enter: Enter, children: Children) -> None:
    known = children.one(is_quiet)
    page = enter()
    for box in ("Day", "Month", "Year"):
        page.goto("/search/")
        page.get_by_label("Family name").fill(known.family)
        page.get_by_role("group", name="Date of birth").get_by_label(box).fill(known.born.isoformat())
        page.get_by_role("button", name="Search").click()
        expect(steps.row_of(page, known)).to_be_visible()


def test_long_name_is_not_cut(enter: Enter) -> None:
    page = enter()
    steps.search(page, given_name="b" * 130, family_name="Smith")
    expect(page.get_by_label("Given name")).to_have_value("b" * 130)
    expect(page.get_by_role("alert")).to_contain_text("Given name must be 100 characters or fewer")


def test_too_little_is_asked_for_more(enter: Enter) -> None:
    page = enter()
    steps.search(page, family_name="Smith")
    expect(page.get_by_role("alert")).to_contain_text("Enter a name with a date of birth")
    expect(page.get_by_label("Family name")).to_have_value("Smith")


def test_link_to_a_record_leads_nowhere_in_another_session(enter: Enter, children: Children) -> None:
    known = children.one(is_quiet)
    page = enter()
    record = steps.open_record(page, known)
    colleague = enter(which=2)
    for address in (record, f"{record}reason/", f"{record}involvements/new/"):
        colleague.goto(address)
        expect(colleague.get_by_role("heading", level=1)).to_have_text("Page not found")
        expect(colleague.locator("body")).not_to_contain_text(known.family)


def test_results_of_another_session_lead_to_an_empty_search(enter: Enter, children: Children) -> None:
    known = children.one(is_quiet)
    page = enter()
    steps.find(page, known)
    results = page.url
    colleague = enter(which=2)
    colleague.goto(results)
    expect(colleague.get_by_role("heading", level=1)).to_have_text("Find a child")
    expect(colleague.get_by_label("Family name")).to_have_value("")


def test_record_asks_for_a_reason_first(enter: Enter, children: Children) -> None:
    known = children.one(is_quiet)
    page = enter()
    steps.find(page, known).get_by_role("link").click()
    reason_page = page.url
    page.goto(reason_page.removesuffix("reason/"))
    assert page.url == reason_page
    page.get_by_role("button", name="Open the record").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose the reason why you need to open this record")
    expect(page.locator("body")).not_to_contain_text("Parents and carers")


def test_shielded_child_is_found_by_name_and_shows_four_facts_and_whom_to_ring(
    enter: Enter, children: Children
) -> None:
    known = children.shielded()
    page = enter()
    row = steps.find(page, known)
    expect(row).to_contain_text("Protected")
    expect(row).not_to_contain_text(known.household.address.town)
    row.get_by_role("link").click()
    page.get_by_label(steps.CONCERN).check()
    page.get_by_role("button", name="Open the record").click()
    main = page.get_by_role("main")
    expect(main.get_by_role("heading")).to_have_text([known.name, "This child’s details are protected"])
    expect(main).to_contain_text(f"Born {known.born:%-d %B %Y}")
    expect(main).to_contain_text(known.child.gender.label)
    expect(main).to_contain_text(re.compile(r"Number [\dX ]+"))
    expect(main.get_by_role("link")).to_have_count(2)
    expect(main.get_by_role("link").first).to_have_attribute("href", re.compile(r"^tel:\+44"))
    expect(main.get_by_role("link").last).to_have_text("Report something wrong")
    hidden = [known.household.address.postcode, known.household.address.lines[0], known.child.nhs_number]
    for text in hidden + [guardian.family for guardian in known.household.guardians if guardian.family != known.family]:
        expect(page.locator("body")).not_to_contain_text(text)


def test_shielded_child_is_not_found_by_postcode(enter: Enter, children: Children) -> None:
    known = children.shielded()
    page = enter()
    place = {"postcode": known.household.address.postcode, "family_name": known.family, "given_name": known.given}
    steps.search(page, born=known.born, **place)
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("found"))
    expect(steps.row_of(page, known)).to_have_count(0)


def test_nobody_records_an_involvement_of_a_shielded_child(enter: Enter, children: Children) -> None:
    known = children.shielded()
    page = enter()
    record = steps.open_record(page, known)
    expect(page.get_by_role("link", name="Record your organisation’s involvement")).to_have_count(0)
    page.goto(f"{record}involvements/new/")
    expect(page.get_by_role("heading", level=1)).to_have_text("You cannot do this")


def test_record_opened_lately_is_found_again_without_a_search(enter: Enter, children: Children) -> None:
    known = children.one(is_half_known)
    page = enter()
    steps.open_record(page, known)
    page.goto("/")
    expect(page.get_by_text(known.name)).to_have_count(0)
    page.get_by_role("link", name="Records I opened lately").click()
    expect(steps.row_of(page, known)).to_contain_text("You opened this record on")
    steps.row_of(page, known).get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Why do you need to open this record?")
