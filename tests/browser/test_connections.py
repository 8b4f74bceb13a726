"""A teacher must speak to a service that she may not know; the team rings it, and she learns that she will be rung."""

import os
import re
from datetime import date
from pathlib import Path

from playwright.sync_api import Page, expect

from access.models import Role
from registry.demonstration.shapes import Involvement
from registry.vocabulary import SENSITIVE_SERVICES
from tests.browser import steps
from tests.browser.children import Children, Known, is_quiet
from tests.browser.conftest import Enter
from tests.browser.people import COUNCIL, MENTAL_HEALTH


def has_sensitive(known: Known) -> bool:
    return bool(sensitive(known))


def sensitive(known: Known) -> list[Involvement]:
    return [each for each in known.current if each.service in SENSITIVE_SERVICES]


def look(page: Page, name: str) -> None:
    """A picture of the page, where somebody wants to see it."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_a_connection_from_the_record_to_the_call(enter: Enter, children: Children) -> None:
    teacher, team = enter(), enter(Role.ADMINISTRATOR, COUNCIL, which=5)
    known = children.one(has_sensitive)
    record = steps.open_record(teacher, known)
    ask(teacher)
    open_newest(team, known)
    names_of_sensitive_services_alone(team, known)
    team.get_by_role("link", name="Note what you did").click()
    look(team, "07-note")
    team.get_by_label("Passed on who asks").check()
    team.get_by_role("button", name="Note it").click()
    teacher.goto(record)
    expect(teacher.get_by_role("main")).to_contain_text("The management team is on it")
    look(teacher, "08-on-it")
    team.get_by_role("link", name="Close this request").click()
    look(team, "09-close")
    team.get_by_label("The service will ring").check()
    team.get_by_role("button", name="Close it").click()
    look(team, "10-closed")
    expect(team.get_by_role("main")).not_to_contain_text("0777")
    for each in sensitive(known):
        expect(team.get_by_role("main")).not_to_contain_text(each.practitioner)
    teacher.goto(record)
    expect(teacher.get_by_role("main")).to_contain_text("You will be rung")
    teacher.get_by_role("link", name="See the connection you asked for").click()
    look(teacher, "11-rung")
    teacher.goto("/my-access/connections/")
    expect(teacher.get_by_role("main")).not_to_contain_text(known.given)
    look(teacher, "12-own")


def ask(teacher: Page) -> None:
    """From the record's page, after nothing was chosen."""
    look(teacher, "01-record")
    teacher.get_by_role("link", name="Ask the team to make the connection").click()
    teacher.get_by_role("button", name="Ask the team").click()
    for told in ("Choose why you must speak to them", "Choose how soon you need it", "Enter a telephone number"):
        expect(teacher.get_by_role("alert")).to_contain_text(told)
    look(teacher, "02-nothing-chosen")
    teacher.get_by_label("I am worried about the child’s safety").check()
    teacher.get_by_label("Today").check()
    teacher.get_by_label("Your telephone number").fill("0161 496 0777 ext 12")
    teacher.get_by_role("button", name="Ask the team").click()
    expect(teacher.get_by_role("main")).to_contain_text("Waiting for the management team")
    look(teacher, "03-asked")


def open_newest(team: Page, known: Known) -> None:
    """By what waits on the start page, and the newest request of the list, which names nobody."""
    team.goto("/")
    look(team, "04-start")
    team.get_by_role("link", name=re.compile("asked for waits?$")).click()
    expect(team.get_by_role("main")).not_to_contain_text(known.name)
    look(team, "05-list")
    numbers = [
        int(text.removeprefix("Request ")) for text in team.get_by_role("link", name="Request").all_inner_texts()
    ]
    team.get_by_role("link", name=f"Request {max(numbers)}", exact=True).click()
    expect(team.get_by_role("heading", level=1)).to_have_text(known.name)
    look(team, "06-request")


def names_of_sensitive_services_alone(team: Page, known: Known) -> None:
    main = team.get_by_role("main")
    expect(main).to_contain_text("0161 496 0777, extension 12")
    for each in known.current:
        shown = expect(main).to_contain_text if each in sensitive(known) else expect(main).not_to_contain_text
        shown(each.practitioner)


def test_consent_is_withdrawn_in_two_presses(enter: Enter, children: Children) -> None:
    known = children.one(is_quiet)
    clinic, colleague = enter(works_for=MENTAL_HEALTH), enter()
    record = steps.open_record(clinic, known)
    clinic.get_by_role("link", name="Record your organisation’s involvement").click()
    started = "2025-09-01"
    steps.answer(clinic, practitioner="Daniel Roe", telephone="0161 496 0123", started_on=started, lead="No")
    look(clinic, "20-basis")
    clinic.get_by_label("Reasonable cause to suspect significant harm").check()
    clinic.get_by_label("It was not judged").check()
    clinic.get_by_role("button", name="Continue").click()
    expect(clinic.get_by_role("alert")).to_contain_text("Choose who decided")
    look(clinic, "21-basis-wrong")
    steps.say_basis(clinic, date.fromisoformat(started))
    look(clinic, "22-check")
    steps.save(clinic)
    theirs = steps.open_record(colleague, known)
    expect(colleague.get_by_role("heading", name="A sensitive service is involved")).to_be_visible()
    clinic.goto(record)
    look(clinic, "23-own-card")
    clinic.get_by_role("link", name="No longer at risk Mental health").click()
    look(clinic, "24-ends")
    clinic.get_by_role("button", name="Continue").click()
    look(clinic, "25-ends-check")
    clinic.get_by_role("button", name="Take it off the record").click()
    expect(clinic.get_by_role("heading", level=1)).to_have_text("Involvement withdrawn")
    for page, address in ((colleague, theirs), (clinic, record)):
        page.goto(address)
        expect(page.get_by_role("main")).not_to_contain_text("A sensitive service is involved")
        expect(page.get_by_role("main")).not_to_contain_text("Daniel Roe")
