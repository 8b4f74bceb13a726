"""Walks of whoever is let open protected records in an emergency, and of whoever may still see one by name."""

import time
from datetime import date

from playwright.sync_api import Page, expect

from access.models import Role
from contactpoint.local import code
from tests.browser import steps
from tests.browser.children import Children, Known
from tests.browser.conftest import Enter, Join, OpenBrowser
from tests.browser.people import COUNCIL, Person
from tests.browser.steps import fill_date
from tests.browser.walks.walking import Inspect, submit, walks

HIDDEN = "Nothing more is shown here, to keep the child safe"


def another_code(person: Person) -> str:
    """The next one that their app shows: one is good once."""
    shown = person.code()
    while person.code() == shown:
        time.sleep(code.seconds_left(time.time()) + 0.1)
    return person.code()


def open_protected(page: Page, known: Known) -> None:
    steps.open_record(page, known)
    expect(page.get_by_role("main")).to_contain_text(HIDDEN)


def overrides(page: Page, person: Person, known: Known) -> None:
    """From the record's page, as far as the record."""
    page.get_by_role("link", name="Open in an emergency").click()
    page.get_by_label("Somebody may be killed").check()
    submit(page, "Open the record now")
    steps.give_code(page, another_code(person))
    expect(page.get_by_label("Somebody may be killed")).to_be_checked()
    submit(page, "Open the record now")
    expect(page.get_by_role("heading", level=1)).to_have_text(known.name)


@walks("person", "ask_override", "decide_override", "record", "emergency", "emergency_over")
def test_emergencies(enter: Enter, join: Join, open_browser: OpenBrowser, children: Children, inspect: Inspect) -> None:
    officer = join(Role.PRACTITIONER, name="Nadia Osei")
    page, other = (enter(Role.ADMINISTRATOR, COUNCIL, which=which) for which in (5, 6))
    olu, ruth = inspect(page), inspect(other)
    steps.open_person(page, officer.name)
    page.get_by_role("link", name="Ask that they may open").click()
    olu.look("ask")
    submit(page, "Ask")
    olu.look("asked for")
    steps.open_person(other, officer.name)
    ruth.look("to decide")
    other.get_by_role("link", name="Decide").click()
    ruth.look("decide")
    submit(other, "Continue")
    ruth.look("nothing chosen")
    other.get_by_label("Yes, they may do this for 26 weeks").check()
    submit(other, "Continue")
    ruth.look("given")
    window, known = open_browser().new_page(), children.shielded()
    nadia = inspect(window)
    steps.sign_in(window, officer)
    open_protected(window, known)
    nadia.look("protected, to whoever may open it")
    window.get_by_role("link", name="Open in an emergency").click()
    nadia.look("warned")
    submit(window, "Open the record now")
    nadia.look("nothing chosen")
    window.get_by_role("link", name="Do not open it").click()
    overrides(window, officer, known)
    main = window.get_by_role("main")
    expect(main).to_contain_text("You see this once. It closes at")
    expect(main).to_contain_text("Address and numbers")
    nadia.look("opened")
    expect(main.get_by_role("link")).to_have_count(main.locator("a[href^='tel:']").count())
    window.evaluate("Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' })")
    window.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(window.get_by_role("heading", level=1)).to_have_text("The view is closed")
    nadia.look("over")


@walks("record", "shields", "shield", "ask_leave", "give_leave", "refuse_leave", "take_leave")
def test_leave(enter: Enter, join: Join, open_browser: OpenBrowser, children: Children, inspect: Inspect) -> None:
    worker = join(Role.PRACTITIONER, name="Amara Cole")
    page, other = (enter(Role.ADMINISTRATOR, COUNCIL, which=which) for which in (5, 6))
    olu, ruth = inspect(page), inspect(other)
    window, known = open_browser().new_page(), children.shielded()
    steps.sign_in(window, worker)
    open_protected(window, known)
    olus, ruths = (of_child(each, known.name) for each in (page, other))
    for step in ("refuse", "give"):
        page.goto(olus)
        page.get_by_role("link", name="Let somebody see the record").click()
        olu.look("a form")
        submit(page, "Ask for it")
        olu.look("nothing typed")
        page.get_by_label("E-mail address by which they sign in").fill(worker.email)
        fill_date(page, "Last day on which they may see it", date.today())  # noqa: DTZ011 - as somebody types it
        submit(page, "Ask for it")
        olu.look("asked for")
        other.goto(ruths)
        if step == "refuse":
            other.get_by_role("link", name="Refuse it").click()
            ruth.look("refuse")
            submit(other, "Refuse it")
    ruth.open("/shields/", "leave waits")
    other.goto(ruths)
    other.get_by_role("link", name="Let them see it").click()
    ruth.look("give")
    other.get_by_label("E-mail address by which they sign in").fill(worker.email)
    submit(other, "Let them see it")
    ruth.look("given")
    window.reload()
    expect(window.get_by_role("main")).to_contain_text("You may see them until")
    inspect(window).look("by leave")
    other.get_by_role("link", name="Stop them seeing it").click()
    ruth.look("take away")
    submit(other, "Stop them seeing it")
    ruth.look("taken away")
    window.reload()
    expect(window.get_by_role("main")).to_contain_text(HIDDEN)


def of_child(page: Page, name: str) -> str:
    """The page about the child's protection: the list names nobody, so that each is opened until it is theirs."""
    page.goto("/shields/?show=all")
    links = page.get_by_role("link", name="Protection")
    for place in range(links.count()):
        links.nth(place).click()
        if page.get_by_role("heading", level=1).inner_text() == name:
            return page.url
        page.goto("/shields/?show=all")
    raise AssertionError("the child is not protected")
