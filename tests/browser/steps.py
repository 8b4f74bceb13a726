"""What people do on the pages, as they would say it."""

import re
from datetime import date, timedelta

from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from tests.browser.children import Known
from tests.browser.people import Person

CONCERN = "I have a concern about this child's safety or welfare"


def give_password(page: Page, person: Person, password: str = "") -> None:
    """Open the sign-in page and give e-mail address and password."""
    page.goto("/account/login/")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password", exact=True).fill(password or person.password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def give_code(page: Page, code: str) -> None:
    page.get_by_label("Security code").fill(code)
    page.get_by_role("button", name="Continue").click()


def choose_password(page: Page) -> None:
    """On the page of an invitation."""
    for label in ("Choose a password", "The same password again"):
        page.get_by_label(label, exact=True).fill("orchard teapot lantern")
    page.get_by_role("button", name="Continue").click()


def open_organisation(page: Page, name: str) -> str:
    """Find the organisation by its name and open it. Returns its address."""
    page.goto("/organisations/")
    page.get_by_text("Filter", exact=True).click()
    page.get_by_label("Which organisation?").fill(name)
    page.get_by_role("button", name="Find", exact=True).click()
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    return page.url


def find_person(page: Page, name: str) -> None:
    """As an administrator."""
    page.goto("/people/")
    page.get_by_label("Name or e-mail address").fill(name)
    page.get_by_role("button", name="Find", exact=True).click()


def open_person(page: Page, name: str) -> str:
    """Find the person by their name and open their page. Returns its address."""
    find_person(page, name)
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    return page.url


def sign_in(page: Page, person: Person) -> None:
    """Sign in with both steps."""
    give_password(page, person)
    give_code(page, person.code())
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Start|Who is asking?"))


def take_call(page: Page, colleague: Person) -> None:
    """As a mediator, find the colleague by their e-mail address and enter the code they read out."""
    page.goto("/call/")
    page.get_by_label("Their e-mail address, or their name").fill(colleague.email)
    page.get_by_role("button", name="Find this person").click()
    page.get_by_label("The code they read out").fill(colleague.code())
    page.get_by_role("button", name="Begin the call").click()
    expect(page.get_by_role("region", name="Your call")).to_contain_text(colleague.name)


def confirm(page: Page, person: Person) -> None:
    """Give the password once more, as the service asks of whoever has no second step yet before they set one up."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm that it is you")
    page.get_by_label("Password", exact=True).fill(person.password)
    page.get_by_role("button", name="Continue").click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def fill_date(page: Page, legend: str, day: date) -> None:
    """Type a day into the three boxes under `legend`."""
    boxes = page.get_by_role("group", name=legend)
    for part in ("day", "month", "year"):
        boxes.get_by_label(part.capitalize()).fill(str(getattr(day, part)))


def search(page: Page, *, born: date | None = None, **typed: str) -> None:
    """Search for a child; `typed` are labels in small letters with underscores: given_name, family_name."""
    page.goto("/search/")
    for name, text in typed.items():
        page.get_by_label(name.replace("_", " ").capitalize(), exact=True).fill(text)
    if born:
        fill_date(page, "Date of birth", born)
    page.get_by_role("button", name="Search").click()


def find(page: Page, known: Known) -> Locator:
    """Search for a child by full name and date of birth. Returns their row in the results."""
    search(page, given_name=known.given, family_name=known.family, born=known.born)
    return row_of(page, known)


def row_of(page: Page, known: Known) -> Locator:
    """The child's row in a list of results."""
    link = page.get_by_role("link", name=known.name, exact=True)
    return page.get_by_role("main").get_by_role("listitem").filter(has=link)


def open_record(page: Page, known: Known, *, reason: str = CONCERN) -> str:
    """Find the child, give a reason, open the record. Returns its address."""
    find(page, known).get_by_role("link").click()
    page.get_by_label(reason).check()
    page.get_by_role("button", name="Open the record").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(known.name)
    return page.url


def answer(page: Page, **answers: str) -> None:
    """Fill the involvement form where something is said of it, and go on."""
    if "service" in answers:
        page.get_by_label(answers["service"]).check()
    if "practitioner" in answers:
        page.get_by_label("Practitioner’s name").fill(answers["practitioner"])
    if "telephone" in answers:
        page.get_by_label("Telephone number").fill(answers["telephone"])
    if "started_on" in answers:
        fill_date(page, "Start date", date.fromisoformat(answers["started_on"]))
    if "lead" in answers:
        page.get_by_label(answers["lead"], exact=True).check()
    page.get_by_role("button", name="Continue").click()


HARM = "Reasonable cause to suspect significant harm"


def say_basis(page: Page, decided_on: date) -> None:
    """Say why a sensitive service may be entered, as it can be said of a child of any age, and go on."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Why may this service be entered?")
    for said in (HARM, "Our safeguarding lead", "It was not judged"):
        page.get_by_label(said).check()
    fill_date(page, "Decision date", decided_on)
    page.get_by_role("button", name="Continue").click()


def record_involvement(page: Page, *, sensitive: bool = False, **answers: str) -> None:
    """From a record: record an involvement of one's own organisation, as far as the page that asks to check it."""
    page.get_by_role("link", name="Record your organisation’s involvement").click()
    answer(page, **answers)
    if sensitive:
        say_basis(page, date.fromisoformat(answers["started_on"]))
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")


def save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()


def card_of(page: Page, words: str) -> Locator:
    """The card of the record that says `words`."""
    return page.get_by_role("main").get_by_role("listitem").filter(has_text=words)


def dialled_by(place: Locator) -> str:
    """The number that a press on the telephone link in `place` rings."""
    address = str(place.locator('a[href^="tel:"]').get_attribute("href"))
    return address.removeprefix("tel:").replace("-", "")


def choose_list(page: Page, contents: str) -> None:
    """Choose a file that says that, as a spreadsheet would save it, and go on."""
    saved = {"name": "list.csv", "mimeType": "text/csv", "buffer": contents.encode("utf-8-sig")}
    page.get_by_label("CSV file").set_input_files(saved)
    page.get_by_role("button", name="Continue").click()


def filter_log(page: Page, **answers: str) -> None:
    """Open the filter of the access log and apply it; answers by label, of a box to tick any text."""
    page.goto("/log/")
    page.get_by_text("Filter", exact=True).click()
    for name, text in answers.items():
        label = name.replace("_", " ")
        if label in {"What happened", "Reason"}:
            page.get_by_label(label).select_option(label=text)
        elif label in {"From", "To"}:
            page.get_by_role("group", name=label, exact=True).get_by_label("Day").fill(text)
        elif label.startswith("Show"):
            page.get_by_label(label).check()
        else:
            page.get_by_label(label, exact=True).fill(text)
    with page.expect_navigation():
        page.get_by_role("button", name="Apply filter").click()


def begin_answer(page: Page, number: str, *, days: int = 10) -> None:
    """Begin the answer to a parent who asks about the last days of a record."""
    today = timezone.localdate()
    page.goto("/log/answers/begin/")
    page.get_by_label("Number of the record").fill(number)
    fill_date(page, "From", today - timedelta(days=days))
    fill_date(page, "To", today - timedelta(days=1))
    page.get_by_label("A parent, or somebody else who has parental responsibility").check()
    page.get_by_label("Seen in person, with a document that has a photograph").check()
    page.get_by_label("The birth certificate names them as a parent").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Begin the answer").click()


def open_an_event(page: Page) -> None:
    """One event of the log, which is a line of its own only when that is asked for."""
    filter_log(page, What_happened="Signed in", Show_each_event_on_a_line_of_its_own="yes")
    page.locator("tbody a").last.click()
