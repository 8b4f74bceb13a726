"""From inside one's own system: its page asks the registry, in the name of whoever let it act for them."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
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
from tests.browser.children import Children, Known
from tests.browser.conftest import Join
from tests.browser.database import service_database
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
    sign_in(window, join())
    window.goto(other_system)
    window.get_by_role("link", name="Ask the registry").click()
    # Whoever is signed in is not asked to sign in again, though the other system's page led there.
    expect(window.get_by_role("heading", level=1)).to_have_text("Let Example case files act for you?")
    window.get_by_role("button", name="Let it act for me").click()
    _find(window, known)
    row = window.get_by_role("listitem").filter(has_text=known.name)
    row.get_by_role("combobox").select_option("s10")
    row.get_by_role("button", name="Open").click()
    expect(window.get_by_role("heading", level=3)).to_have_text(known.name)
    window.goto(f"{service.sign_in_address}/security/signed-in/")
    window.get_by_role("button", name="Sign out of Example case files").first.click()
    window.goto(other_system)
    _find(window, known)
    expect(window.get_by_role("heading", level=1)).to_have_text("Let Example case files act for you?")
    window.get_by_role("button", name="Do not let it").click()
    expect(window.get_by_role("alert")).to_be_visible()


def _find(window: Page, known: Known) -> None:
    window.get_by_label("Given name").fill(known.given)
    window.get_by_label("Family name").fill(known.family)
    window.get_by_label("Age").fill(str(age(known.born, factories.today())))
    window.get_by_role("button", name="Find").click()


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            with urlopen(address, timeout=5):  # noqa: S310 - our own address
                return
        except OSError:
            assert time.monotonic() < deadline, "the example did not start"
            time.sleep(0.2)
