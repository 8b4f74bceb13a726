"""Walks of whoever asks for a connection with a sensitive service, and of those who make it."""

from playwright.sync_api import Page

from access.models import Role
from registry.views.connections import PAGES
from tests.browser import steps
from tests.browser.children import Children
from tests.browser.conftest import Enter
from tests.browser.people import COUNCIL
from tests.browser.walks.walking import Inspect, submit, walks


def step(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("link", name=PAGES[name].title).first.click()


@walks("record", "ask_connection", "my_connections", "connections", "connection", *PAGES)
def test_connecting(enter: Enter, children: Children, inspect: Inspect) -> None:
    asks, makes = enter(), enter(Role.ADMINISTRATOR, COUNCIL, which=5)
    priya, olu = inspect(asks), inspect(makes)
    priya.open("/my-access/connections/")
    record = steps.open_record(asks, children.busy())
    asks.get_by_role("link", name="Ask the team to make the connection").click()
    priya.look("a form")
    submit(asks, "Ask the team")
    priya.look("nothing chosen")
    for answer in ("I am worried about the child’s safety", "In the next days"):
        asks.get_by_label(answer).check()
    asks.get_by_label("Your telephone number").fill("0161 496 0777")
    submit(asks, "Ask the team")
    priya.look("asked for")
    priya.open("/my-access/connections/", "asked for")
    priya.open(record, "asked for a connection")
    olu.open("/connections/")
    makes.get_by_role("link", name="Request").last.click()
    olu.look("new")
    request = makes.url
    step(makes, "note_connection")
    olu.look("note")
    submit(makes, "Note it")
    olu.look("nothing chosen")
    makes.get_by_label("Passed on who asks").check()
    submit(makes, "Note it")
    olu.look("noted")
    makes.goto(request)
    step(makes, "close_connection")
    olu.look("close")
    submit(makes, "Close it")
    olu.look("nothing chosen")
    makes.get_by_label("The service will ring").check()
    submit(makes, "Close it")
    olu.look("closed")
    asks.goto(record)
    priya.look("you will be rung")
