"""Recording, correcting and ending one's own organisation's involvement, also twice, late and in two tabs."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from access.models import Role
from tests.browser import steps
from tests.browser.children import Children, is_quiet
from tests.browser.conftest import Enter, Join
from tests.browser.people import COUNCIL

GOOD = {
    "service": "Early help",
    "practitioner": "Priya Nair",
    "telephone": "0161 496 0123",
    "started_on": "2025-09-01",
    "lead": "No",
}


def recorded(page: Page, record: str, **changed: str) -> None:
    """Record an involvement to the end and go back to the record."""
    page.goto(record)
    steps.record_involvement(page, **GOOD | changed)
    steps.save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Involvement recorded")
    page.goto(record)


def test_involvement_is_recorded_after_a_look_at_the_answers(page: Page, join: Join, children: Children) -> None:
    priya = join()
    steps.sign_in(page, priya)
    record = steps.open_record(page, children.one(is_quiet))
    steps.record_involvement(page, **GOOD)
    main = page.get_by_role("main")
    for text in ("Early help", "Priya Nair", "0161 496 0123", "1 September 2025", "No"):
        expect(main.get_by_role("definition").filter(has_text=text).first).to_be_visible()
    page.get_by_role("link", name="Change practitioner’s name").click()
    expect(page.get_by_label("Practitioner’s name")).to_have_value("Priya Nair")
    expect(page.get_by_label("Early help")).to_be_checked()
    steps.answer(page, practitioner="Priya Nair-Jones")
    expect(main).to_contain_text("Priya Nair-Jones")
    steps.save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Involvement recorded")
    page.get_by_role("link", name="Open the record again").click()
    assert page.url == record
    card = steps.card_of(page, "Priya Nair-Jones")
    expect(card).to_contain_text(priya.organisation)
    expect(card).to_contain_text("Since 1 September 2025")
    assert steps.dialled_by(card) == "+441614960123"
    expect(card).to_contain_text("Entered in this service")


def test_involvement_is_corrected(enter: Enter, children: Children) -> None:
    page = enter()
    record = steps.open_record(page, children.one(is_quiet))
    recorded(page, record)
    page.get_by_role("link", name="Correct Early help").click()
    expect(page.get_by_label("Telephone number")).to_have_value("0161 496 0123")
    steps.answer(page, telephone="07700 900 982", lead="Yes")
    steps.save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Involvement corrected")
    page.goto(record)
    assert steps.dialled_by(steps.card_of(page, "Priya Nair")) == "+447700900982"
    expect(page.get_by_role("main")).to_contain_text("Lead professional: Priya Nair")


def test_involvement_is_ended_and_folded_away(enter: Enter, children: Children) -> None:
    page = enter()
    record = steps.open_record(page, children.one(is_quiet))
    recorded(page, record)
    page.get_by_role("link", name="End Early help").click()
    expect(page.get_by_role("main")).to_contain_text("since 1 September 2025")
    steps.fill_date(page, "End date", date(2025, 10, 1))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("main")).to_contain_text("1 October 2025")
    steps.save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Involvement ended")
    page.goto(record)
    expect(page.get_by_text("1 September 2025 to 1 October 2025")).to_be_hidden()
    page.get_by_text("1 ended").click()
    expect(page.get_by_text("1 September 2025 to 1 October 2025")).to_be_visible()
    expect(page.get_by_role("link", name="Correct Early help")).to_have_count(0)


def test_involvement_on_the_wrong_child_is_withdrawn(enter: Enter, children: Children) -> None:
    page = enter()
    record = steps.open_record(page, children.one(is_quiet))
    recorded(page, record)
    page.get_by_role("link", name="Recorded by mistake Early help").click()
    expect(page.get_by_role("main")).to_contain_text("Early help, since 1 September 2025")
    page.get_by_label("It was recorded on the wrong child").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("main")).to_contain_text("it cannot be brought back")
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Involvement withdrawn")
    page.goto(record)
    expect(page.get_by_text("Priya Nair")).to_have_count(0)
    page.go_back()
    page.goto(record)
    expect(page.get_by_text("Priya Nair")).to_have_count(0)


def test_day_before_the_birth_is_refused_where_it_was_typed(enter: Enter, children: Children) -> None:
    known = children.one(is_quiet)
    page = enter()
    steps.open_record(page, known)
    page.get_by_role("link", name="Record your organisation’s involvement").click()
    before = known.born - timedelta(days=1)
    steps.answer(page, **GOOD | {"started_on": before.isoformat()})
    told = f"Start date must be the same as or after {known.born:%-d %B %Y}, when the child was born"
    page.get_by_role("alert").get_by_role("link", name=told).click()
    expect(page.get_by_role("group", name="Start date").get_by_label("Day")).to_be_focused()
    expect(page.get_by_label("Practitioner’s name")).to_have_value("Priya Nair")


def test_answers_confirmed_twice_are_saved_once(enter: Enter, children: Children) -> None:
    page = enter()
    record = steps.open_record(page, children.one(is_quiet))
    steps.record_involvement(page, **GOOD)
    form = {box.get_attribute("name") or "": box.input_value() for box in page.locator("main form input").all()}
    check = page.url
    steps.save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Involvement recorded")
    again = page.request.post(check, form=form, headers={"Origin": check.split("/record/")[0]})
    assert again.ok
    assert "There was nothing left to save" in again.text()
    page.goto(record)
    expect(steps.card_of(page, "Priya Nair")).to_have_count(1)


def test_back_button_after_saving_saves_nothing_more(enter: Enter, children: Children) -> None:
    page = enter()
    record = steps.open_record(page, children.one(is_quiet))
    steps.record_involvement(page, **GOOD)
    steps.save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Involvement recorded")
    page.go_back()
    page.goto(record)
    expect(steps.card_of(page, "Priya Nair")).to_have_count(1)


def test_tab_left_open_saves_only_what_it_shows(enter: Enter, children: Children) -> None:
    page = enter()
    record = steps.open_record(page, children.one(is_quiet))
    other = page.context.new_page()
    other.goto(record)
    steps.record_involvement(page, **GOOD)
    steps.record_involvement(other, **GOOD | {"practitioner": "Somebody Else"})
    steps.save(page)
    page.goto(record)
    expect(steps.card_of(page, "Somebody Else")).to_have_count(0)


def test_second_of_two_corrections_is_told_that_it_is_out_of_date(enter: Enter, children: Children) -> None:
    known = children.one(is_quiet)
    page = enter()
    record = steps.open_record(page, known)
    recorded(page, record)
    colleague = enter(which=2)
    steps.open_record(colleague, known)
    for window, telephone in ((page, "0161 496 0111"), (colleague, "0161 496 0222")):
        window.get_by_role("link", name="Correct Early help").click()
        steps.answer(window, telephone=telephone)
    steps.save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Involvement corrected")
    steps.save(colleague)
    expect(colleague.get_by_role("alert").filter(has_text="Nothing was saved")).to_be_visible()
    expect(steps.card_of(colleague, "Priya Nair")).to_contain_text("0161 496 0111")


def test_form_read_before_a_colleagues_correction_does_not_undo_it(enter: Enter, children: Children) -> None:
    known = children.one(is_quiet)
    page = enter()
    record = steps.open_record(page, known)
    recorded(page, record)
    colleague = enter(which=2)
    steps.open_record(colleague, known)
    for window in (page, colleague):
        window.get_by_role("link", name="Correct Early help").click()
    steps.answer(page, telephone="0161 496 0111")
    steps.save(page)
    steps.answer(colleague, practitioner="Priya Nair-Jones")
    expect(colleague.get_by_role("alert").filter(has_text="Nothing was saved")).to_be_visible()
    expect(steps.card_of(colleague, "Priya Nair")).to_contain_text("0161 496 0111")
    expect(steps.card_of(colleague, "Priya Nair-Jones")).to_have_count(0)


def test_second_organisation_cannot_take_the_lead(enter: Enter, children: Children) -> None:
    known = children.one(is_quiet)
    page = enter()
    recorded(page, steps.open_record(page, known), lead="Yes")
    colleague = enter(works_for="police")
    steps.open_record(colleague, known)
    steps.record_involvement(
        colleague, practitioner="Sam Okoro", telephone="0161 496 0222", started_on="2025-09-02", lead="Yes"
    )
    steps.save(colleague)
    expect(colleague.get_by_role("alert").filter(has_text="Another organisation has the lead")).to_be_visible()
    expect(steps.card_of(colleague, "Sam Okoro")).to_have_count(0)


def test_involvement_of_another_organisation_cannot_be_changed(enter: Enter, children: Children) -> None:
    known = children.one(is_quiet)
    page = enter()
    recorded(page, steps.open_record(page, known))
    address = str(page.get_by_role("link", name="Correct Early help").get_attribute("href"))
    number = address.removesuffix("/correct/").rpartition("/")[2]
    colleague = enter(works_for="police")
    record = steps.open_record(colleague, known)
    expect(colleague.get_by_role("link", name="Correct Early help")).to_have_count(0)
    for page_name in ("correct", "end"):
        colleague.goto(f"{record}involvements/{number}/{page_name}/")
        expect(colleague.get_by_role("heading", level=1)).to_have_text("You cannot do this")


def test_mediator_reads_a_record_and_may_not_record(enter: Enter, join: Join, children: Children) -> None:
    page = enter(Role.MEDIATOR)
    steps.take_call(page, join())
    record = steps.open_record(page, children.one(is_quiet))
    expect(page.get_by_role("link", name="Record your organisation’s involvement")).to_have_count(0)
    page.goto(f"{record}involvements/new/")
    expect(page.get_by_role("heading", level=1)).to_have_text("You cannot do this")


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_those_who_oversee_open_no_record(enter: Enter, role: Role) -> None:
    page = enter(role, COUNCIL)
    expect(page.get_by_role("link", name="Find a child")).to_have_count(0)
    page.goto("/search/")
    expect(page.get_by_role("heading", level=1)).to_have_text("You cannot do this")
