"""A walk of those who keep feeds: a file sent, let in, taken back; and doubtful matches, decided by keys alone."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date

import pytest
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect
from pytest_django.plugin import DjangoDbBlocker

from access.models import Organisation, Role
from feeds.demonstration import written
from feeds.matching import weights
from feeds.models import Bounds, Supplier
from feeds.rules.bounds import Moves
from feeds.worker.waiting import process_waiting
from registry.vocabulary import Source
from tests.acting import acting_as
from tests.browser.children import Children, Known, is_quiet
from tests.browser.conftest import Enter
from tests.browser.database import service_database
from tests.browser.looking import Inspector
from tests.browser.people import COUNCIL
from tests.browser.walks.walking import Inspect, submit, walks

Work = Callable[[], None]


@pytest.fixture
def as_worker(django_db_blocker: DjangoDbBlocker) -> Callable[[], AbstractContextManager[None]]:
    @contextmanager
    def begin() -> Iterator[None]:
        as_it = override_settings(KEYRING_HOLDER="worker")
        with service_database(django_db_blocker), as_it, acting_as("contactpoint_worker"):
            yield

    return begin


def row(known: Known, key: str, **cells: str) -> dict[str, str]:
    return {
        "key": key,
        "given": known.given,
        "family": known.family,
        "date_of_birth": known.born.isoformat(),
        "nhs_number": known.child.nhs_number,
        "postcode": known.household.address.postcode,
        "address_1": known.household.address.lines[0],
        "town": known.household.address.town,
        **cells,
    }


def of_census(page: Page, link: str) -> Locator:
    """A link of that feed: the council may have others."""
    return page.get_by_role("link", name=re.compile(f"{link}.*School census"))


def send(page: Page, content: bytes) -> None:
    page.goto("/batches/")
    of_census(page, "Send a file").click()
    page.get_by_label("The file").set_input_files({"name": "census.csv", "mimeType": "text/csv", "buffer": content})
    submit(page, "Send")


def go_wrong(keeper: Inspector) -> None:
    """No file, and one that is none."""
    page = keeper.page
    page.goto("/batches/")
    of_census(page, "Send a file").click()
    keeper.look("to send")
    submit(page, "Send")
    keeper.look("no file")
    send(page, b"surname,born\nA,B\n")
    keeper.look("received")


def let_in(keeper: Inspector, rows: list[dict[str, str]], work: Work) -> None:
    page = keeper.page
    send(page, written(rows))
    address = page.url
    work()
    keeper.open(address, "checked")
    page.get_by_role("link", name="Let it in").click()
    keeper.look("let in")
    submit(page, "Let it in")
    keeper.look("being taken in")
    work()
    keeper.open(address, "taken in")
    page.get_by_role("link", name="Take it back").click()
    keeper.look("take back")


def quality(keeper: Inspector, when: str) -> None:
    """How good the feed is: with its numbers folded, and unfolded."""
    page = keeper.page
    of_census(page, "How good it is").click()
    keeper.look(f"{when}: bars")
    for fold in page.get_by_text("The numbers").all():
        fold.click()
    keeper.look(f"{when}: numbers")


def press_access_key(page: Page, key: str) -> None:
    """As Alt and the key do on a desk. Playwright's own keyboard leaves out what the browser knows it by."""
    pressed = {"key": key, "code": f"Digit{key}", "windowsVirtualKeyCode": ord(key), "modifiers": 1}
    browser = page.context.new_cdp_session(page)
    browser.send("Input.dispatchKeyEvent", {"type": "keyDown", "unmodifiedText": key, **pressed})
    browser.send("Input.dispatchKeyEvent", {"type": "keyUp", **pressed})


def decide(decider: Inspector) -> None:
    """By the keyboard: from the list to the first, and each next opens by itself."""
    page = decider.page
    decider.open("/matches/", "some wait")
    page.get_by_role("link", name="Begin with the oldest").click()
    decider.look("a doubt")
    expect(page.get_by_role("heading", level=1)).to_have_text("Is this the same child?")
    first = page.url
    page.get_by_role("button", name="I cannot tell").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != first)
    decider.look("the next")
    press_access_key(page, "2")
    page.wait_for_url("**/matches/")
    decider.look("none left")


def suggest() -> None:
    """As a night of the worker does, once people have decided enough."""
    Bounds.objects.create(
        supplier=Supplier.objects.get(organisation__directory_code=COUNCIL, source=Source.SCHOOL_CENSUS),
        weights=weights.current().version,
        link=9.0,
        doubt=weights.current().doubt,
        moves=Moves.LINK,
        moved_from=10.0,
        decided=4_812,
        against=1,
        suggested_at=timezone.now(),
    )


def change_what_is_linked(keeper: Inspector, as_worker: Callable[[], AbstractContextManager[None]]) -> None:
    """Confirm what is suggested, leave it, and take back what was confirmed."""
    page = keeper.page
    keeper.open("/batches/", "a feed")
    of_census(page, "What is linked without a person").click()
    keeper.look("nothing suggested")
    address = page.url
    for step, button in (("Do as is suggested", "Do so from now on"), ("Leave it as it is", "Leave it as it is")):
        with as_worker():
            suggest()
        keeper.open(address, f"{step}: suggested")
        page.get_by_role("link", name=step).click()
        keeper.look(step)
        submit(page, button)
        keeper.look(f"{step}: done")
    page.get_by_role("link", name="Take it back").click()
    keeper.look("to take back")
    submit(page, "Take it back")
    keeper.look("taken back")


OF_BOUNDS = ("feed_bounds", "confirm_bounds", "refuse_bounds", "withdraw_bounds")


@walks(
    "batches", "send_batch", "batch", "feed_quality", "let_in_batch", "take_back_batch", "matches", "match", *OF_BOUNDS
)
def test_what_suppliers_send(
    enter: Enter, children: Children, inspect: Inspect, as_worker: Callable[[], AbstractContextManager[None]]
) -> None:
    one, other = children.one(is_quiet), children.one(is_quiet)
    keeper = inspect(enter(Role.ADMINISTRATOR, COUNCIL, which=7))

    def work() -> None:
        with as_worker():
            while process_waiting():
                pass

    keeper.open("/batches/", "no such feed")
    with as_worker():
        council = Organisation.objects.get(directory_code=COUNCIL)
        Supplier.objects.create(organisation=council, source=Source.SCHOOL_CENSUS, format="table", must_supply=True)
    keeper.open("/batches/", "nothing sent of it")
    quality(keeper, "nothing sent")
    go_wrong(keeper)
    work()
    keeper.open("/batches/", "refused")
    keeper.page.get_by_role("link", name="Batch ").first.click()
    keeper.look("refused")
    strange = {"given": "Zebulon", "family": "Quartermaine", "date_of_birth": date(2014, 3, 9).isoformat()}
    rows = [
        row(one, "1"),
        row(one, "2", **strange),
        row(other, "3", **strange),
        row(one, "4", date_of_birth="31/02/2014"),
    ]
    let_in(keeper, rows, work)
    keeper.open("/batches/", "taken in")
    quality(keeper, "taken in")
    decide(keeper)
    change_what_is_linked(keeper, as_worker)
