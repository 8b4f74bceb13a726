"""From inside one's own system: its page asks the registry, in the name of whoever let it act for them."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.plugin import DjangoDbBlocker

from access.models import Organisation
from contactpoint.local import state
from contactpoint.local.servers import free_port
from registry.demonstration import systems
from registry.demonstration.users import COUNCIL
from registry.rules.retention import age
from tests import factories
from tests.browser.children import Children, Known, add_namesakes
from tests.browser.conftest import Join
from tests.browser.database import service_database
from tests.browser.looking import Inspector
from tests.browser.people import Person
from tests.browser.steps import sign_in
from tests.service import Service

READY_SECONDS = 30


@pytest.fixture
def other_system(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """The example of another system, accredited by the council. Yields its address."""
    address = f"http://127.0.0.1:{free_port()}"
    monkeypatch.setattr(systems, "COMES_BACK", f"{address}/signed-in")
    file = tmp_path / "system.json"
    with service_database(django_db_blocker):
        systems.make(Organisation.objects.get(directory_code=COUNCIL), file)
    example = state.PROJECT / "clients" / "python" / "examples" / "embedded.py"
    process = subprocess.Popen(
        [sys.executable, str(example), str(file), service.address, service.sign_in_address],
        env=os.environ | {"PYTHONPATH": str(example.parents[1])},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(address)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture
def window(browser: Browser, service: Service) -> Iterator[Page]:
    """A browser of somebody who works in both."""
    context = browser.new_context(base_url=service.address, locale="en-GB")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def test_search_inside_another_system(
    other_system: str, window: Page, join: Join, children: Children, service: Service
) -> None:
    known = children.busy()
    _let_act(window, other_system, join())
    inspector = Inspector(window)
    inspector.look()
    _find(window, known)
    inspector.look("somebody found")
    row = window.get_by_role("listitem").filter(has_text=known.name)
    # Nothing is chosen before somebody chooses: the browser asks for a reason.
    row.get_by_role("button", name=f"Open {known.name}").click()
    expect(window.get_by_role("heading", level=3)).to_have_count(0)
    _open(window, known)
    inspector.look("a record")
    expect(window.get_by_text("A sensitive service is involved")).to_contain_text("ring")
    assert inspector.problems == []
    window.goto(f"{service.sign_in_address}/security/signed-in/")
    window.get_by_role("button", name="Sign out of In the system Example case files").first.click()
    window.goto(other_system)
    _find(window, known)
    expect(window.get_by_role("heading", level=1)).to_have_text("Let Example case files act for you?")
    window.get_by_role("button", name="Do not let it").click()
    expect(window.get_by_role("alert")).to_be_visible()


def test_of_a_protected_child_it_says_whom_to_ring(
    other_system: str, window: Page, join: Join, children: Children
) -> None:
    known = children.shielded()
    _let_act(window, other_system, join())
    _find(window, known)
    expect(window.get_by_role("listitem").filter(has_text=known.name).first).to_contain_text("details are protected")
    _open(window, known)
    expect(window.get_by_text("This child’s details are protected.")).to_contain_text("ring")
    expect(window.get_by_text("None")).to_have_count(0)


def test_what_cannot_be_answered_is_said_where_it_was_asked(
    other_system: str, window: Page, join: Join, service: Service, django_db_blocker: DjangoDbBlocker
) -> None:
    with service_database(django_db_blocker):
        many = add_namesakes(12)
    _let_act(window, other_system, join())
    _fill(window, many.given, many.family, age(many.born, factories.today()))
    expect(window.get_by_text("More children fit")).to_contain_text("Add ")
    _fill(window, "Nobody", "Of-This-Name-At-All", 9)
    expect(window.get_by_text("Nobody on record fits.")).to_be_visible()
    _fill(window, "", "Field", "")
    expect(window.get_by_role("alert")).to_be_visible()
    expect(window.get_by_label("Family name")).to_have_value("Field")


def test_form_of_another_site_opens_nothing(other_system: str, window: Page, join: Join, children: Children) -> None:
    known = children.busy()
    _let_act(window, other_system, join())
    _find(window, known)
    child = window.locator("input[name=child]").first.input_value()
    for own in ("", "guessed", "\u00e9"):
        answer = window.request.post(f"{other_system}/open", form={"child": child, "reason": "s10", "own": own})
        assert answer.status == HTTPStatus.FORBIDDEN


def test_whoever_signs_out_of_it_is_signed_out_of_the_registry(
    other_system: str, window: Page, join: Join, service: Service
) -> None:
    _let_act(window, other_system, join())
    window.get_by_role("button", name="Sign out of the registry").click()
    expect(window.get_by_role("link", name="Ask the registry")).to_be_visible()
    window.goto(f"{service.sign_in_address}/security/signed-in/")
    expect(window.get_by_role("heading", level=1)).to_be_visible()
    expect(window.get_by_text("Example case files")).to_have_count(0)


def _let_act(window: Page, other_system: str, person: Person) -> None:
    sign_in(window, person)
    window.goto(other_system)
    window.get_by_role("link", name="Ask the registry").click()
    # Whoever is signed in is not asked to sign in again, though the other system's page led there.
    expect(window.get_by_role("heading", level=1)).to_have_text("Let Example case files act for you?")
    window.get_by_role("button", name="Let it act for me").click()
    expect(window.get_by_role("button", name="Find")).to_be_visible()


def _find(window: Page, known: Known) -> None:
    _fill(window, known.given, known.family, age(known.born, factories.today()))


def _fill(window: Page, given: str, family: str, years: int | str) -> None:
    window.get_by_label("Given name").fill(given)
    window.get_by_label("Family name").fill(family)
    window.get_by_label("Age").fill(str(years))
    window.get_by_role("button", name="Find").click()


def _open(window: Page, known: Known) -> None:
    row = window.get_by_role("listitem").filter(has_text=known.name).first
    row.get_by_label(f"Why do you open the record of {known.name}?").select_option("s10")
    row.get_by_role("button", name=f"Open {known.name}").click()
    expect(window.get_by_role("heading", level=3)).to_have_text(known.name)


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            with urlopen(address, timeout=5):  # noqa: S310 - our own address
                return
        except OSError:
            assert time.monotonic() < deadline, "the example did not start"
            time.sleep(0.2)
