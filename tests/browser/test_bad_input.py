"""Wrong input in every box is told at the top, which gets the focus, and beside the box; nothing typed is lost."""

from collections.abc import Iterable

from playwright.sync_api import Locator, Page, expect
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role
from tests.browser import steps
from tests.browser.children import Children, is_quiet
from tests.browser.conftest import Enter, Join
from tests.browser.database import raise_an_alert
from tests.browser.looking import WIDTHS
from tests.browser.people import COUNCIL, MENTAL_HEALTH


def told(page: Page, *messages: str) -> None:
    """Each message stands in the summary, which has the focus, and beside a box to which its link leads."""
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    assert page.title().startswith("Error: ")
    expect(summary.get_by_role("link")).to_have_text(list(messages))
    for message in messages:
        summary.get_by_role("link", name=message, exact=True).click()
        box = page.locator(":focus")
        expect(box).to_have_count(1)
        expect(group_of(box)).to_contain_text(message)


def group_of(box: Locator) -> Locator:
    """The form group of a box, with its label and message: the outermost, for one of three boxes of a date."""
    return box.locator("xpath=ancestor::div[contains(concat(' ', @class, ' '), ' govuk-form-group ')][last()]")


def submit(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def fill(page: Page, pairs: Iterable[tuple[str, str]]) -> None:
    for label, text in pairs:
        page.get_by_label(label, exact=True).fill(text)


def test_sign_in_form(page: Page) -> None:
    page.goto("/account/login/")
    submit(page, "Sign in")
    told(page, "Enter your e-mail address", "Enter your password")
    page.get_by_label("E-mail address").fill("priya")
    page.get_by_label("Password", exact=True).fill("something")
    submit(page, "Sign in")
    told(page, "Enter an e-mail address in the correct format, like name@example.com")
    expect(page.get_by_label("E-mail address")).to_have_value("priya")


def test_security_code(page: Page, join: Join) -> None:
    steps.give_password(page, join())
    steps.give_code(page, "")
    told(page, "Enter your security code")


def test_search_form(enter: Enter) -> None:
    page = enter()
    page.goto("/search/")
    fill(
        page,
        [
            ("Given name", "Amy 7"),
            ("Family name", "O’Brien?"),
            ("Or age in years", "about school age"),
            ("Postcode", "somewhere"),
            ("Number", "12345"),
        ],
    )
    page.get_by_role("group", name="Date of birth").get_by_label("Day").fill("31")
    page.get_by_role("group", name="Date of birth").get_by_label("Month").fill("2")
    page.get_by_role("group", name="Date of birth").get_by_label("Year").fill("2015")
    submit(page, "Search")
    told(
        page,
        "Given name must only include letters, spaces, hyphens and apostrophes",
        "Family name must only include letters, spaces, hyphens and apostrophes",
        "Date of birth must be a real date",
        "Age must be a whole number, like 7",
        "Enter a full postcode, like M33 4AB, or its first part, like M33",
        "You entered 5 digits. An NHS number has 10 and a registry number 11. "
        "Check it against the letter or card that it stands on, or search by name and date of birth instead",
    )
    expect(page.get_by_label("Given name")).to_have_value("Amy 7")
    expect(page.get_by_role("group", name="Date of birth").get_by_label("Day")).to_have_value("31")


def test_search_form_with_too_little(enter: Enter) -> None:
    page = enter()
    page.goto("/search/")
    submit(page, "Search")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.locator(".govuk-error-summary").get_by_role("link").click()
    expect(page.get_by_label("Given name")).to_be_focused()


def test_date_with_a_part_missing_leads_to_the_missing_box(enter: Enter) -> None:
    page = enter()
    page.goto("/search/")
    page.get_by_role("group", name="Date of birth").get_by_label("Day").fill("3")
    page.get_by_role("group", name="Date of birth").get_by_label("Year").fill("2015")
    submit(page, "Search")
    told(page, "Date of birth must include a month")
    expect(page.get_by_label("Month")).to_be_focused()


def test_reason_form(enter: Enter, children: Children) -> None:
    page = enter()
    steps.find(page, children.one(is_quiet)).get_by_role("link").click()
    submit(page, "Open the record")
    told(page, "Choose the reason why you need to open this record")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        name, group = (page.locator(each).bounding_box() for each in (".govuk-caption-l", ".govuk-form-group--error"))
        assert name
        assert group
        assert group["y"] - (name["y"] + name["height"]) >= 10, "the bar of the error touches the child's name"


def test_involvement_form(enter: Enter, children: Children) -> None:
    page = enter()
    steps.open_record(page, children.one(is_quiet))
    page.get_by_role("link", name="Record your organisation’s involvement").click()
    page.get_by_label("Practitioner’s name").clear()
    submit(page, "Continue")
    told(
        page,
        "Choose the service",
        "Enter the practitioner’s name",
        "Enter a telephone number, like 0161 496 0000",
        "Enter start date",
        "Choose whether this practitioner is the lead professional",
    )
    steps.answer(
        page, service="Early help", practitioner="x@y", telephone="ask at the door", started_on="2099-01-01", lead="No"
    )
    told(
        page,
        "Practitioner’s name must only include letters, spaces, hyphens and apostrophes",
        "Enter a telephone number, like 0161 496 0000 or 07700 900 982",
        "Start date must be today or in the past",
    )
    expect(page.get_by_label("Telephone number")).to_have_value("ask at the door")
    expect(page.get_by_label("Early help")).to_be_checked()


def test_sensitive_service_without_its_ground(enter: Enter, children: Children) -> None:
    page = enter(works_for=MENTAL_HEALTH)
    steps.open_record(page, children.one(is_quiet))
    page.get_by_role("link", name="Record your organisation’s involvement").click()
    steps.answer(page, practitioner="Daniel Roe", telephone="0161 496 0123", started_on="2025-09-01", lead="No")
    submit(page, "Continue")
    told(
        page,
        "Choose why this service may be entered",
        "Choose whether the child was judged able to decide",
        "Enter decision date",
    )


def test_end_before_the_start(enter: Enter, children: Children) -> None:
    page = enter()
    record = steps.open_record(page, children.one(is_quiet))
    steps.record_involvement(
        page,
        service="Early help",
        practitioner="Priya Nair",
        telephone="0161 496 0123",
        started_on="2025-09-01",
        lead="No",
    )
    steps.save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Involvement recorded")
    page.goto(record)
    page.get_by_role("link", name="End Early help").click()
    submit(page, "Continue")
    told(page, "Enter end date")
    boxes = page.get_by_role("group", name="End date")
    boxes.get_by_label("Day").fill("31/8/2025")
    submit(page, "Continue")
    told(page, "End date must be the same as or after 1 September 2025, when it started")


def test_filter_of_the_log(enter: Enter) -> None:
    page = enter(Role.AUDITOR, COUNCIL)
    page.goto("/log/")
    page.get_by_text("Filter", exact=True).click()
    page.get_by_role("group", name="From", exact=True).get_by_label("Day").fill("3")
    page.get_by_role("group", name="To", exact=True).get_by_label("Day").fill("1/1/2001")
    fill(page, [("Person", "nobody"), ("Record", "943 476 5918")])
    submit(page, "Apply filter")
    told(
        page,
        "From must include a month and a year",
        "Enter an e-mail address in the correct format, like name@example.com",
        "Check the number, one of its characters may be wrong: a registry number has 11 digits, an NHS number 10, "
        "a unique pupil number a letter and 12 characters. A number that the log shows in brackets needs them here too",
    )
    expect(page.get_by_label("Record", exact=True)).to_have_value("943 476 5918")


def test_address_with_a_filter_that_there_is_not(enter: Enter) -> None:
    page = enter(Role.AUDITOR, COUNCIL)
    page.goto("/log/?kind=nonsense")
    expect(page.locator(".govuk-error-summary")).to_contain_text("asks for something that the log does not know")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    expect(page.get_by_role("table")).to_have_count(0)


def test_alert_closed_without_a_result(enter: Enter, django_db_blocker: DjangoDbBlocker) -> None:
    raise_an_alert(django_db_blocker)
    page = enter(Role.AUDITOR, COUNCIL)
    page.goto("/log/alerts/?show=new")
    page.locator("tbody a").first.click()
    submit(page, "Take this alert")
    expect(page.get_by_role("main")).to_contain_text("You have taken this alert.")
    colleague = enter(Role.AUDITOR, COUNCIL, which=2)  # who closes what concerns everybody
    colleague.goto(page.url)
    submit(colleague, "Close this alert")
    told(colleague, "Choose what came of it")


def test_password_form(page: Page, join: Join) -> None:
    steps.sign_in(page, join())
    page.goto("/account/password/change/")
    submit(page, "Change password")
    told(page, "Enter current password", "Enter new password", "Enter new password again")
    fill(page, [("Current password", "wrong"), ("New password", "short"), ("New password again", "short")])
    submit(page, "Change password")
    told(
        page,
        "Enter your correct password",
        "This password is too short. It must contain at least 12 characters.",
    )
