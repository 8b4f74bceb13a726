"""What every test may ask for. Servers are started by tests/servers.py, the browser by tests/service.py."""

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import hypothesis
import pytest
from django.db import connection, connections
from django.test import override_settings
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from contactpoint.local.servers import Servers
from tests import servers
from tests.acting import acting_as
from tests.acting_servers import is_web_again
from tests.own_database import NAME, OwnDatabase
from tests.service import Service, launch, run_service

# A loaded machine is no reason to fail; nothing here is a timed test.
# Elsewhere examples are drawn anew each time; whether a change may land does not hang on luck.
hypothesis.settings.register_profile("house", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("house")

TESTS = Path(__file__).parent
# Modules that take longest for how few tests they have.
BEGUN_FIRST = (
    "browser/test_case_to_solve.py",
    "browser/walks/test_administrators.py",
    "browser/walks/test_auditors.py",
    "browser/walks/test_every_route.py",
    "browser/walks/test_practitioners.py",
    "browser/walks/test_signing_in.py",
    "integration/access/test_enumeration.py",
    "integration/audit/test_bucket_over_time.py",
    "integration/bench/test_run.py",
    "integration/contactpoint/test_image.py",
    "integration/contactpoint/test_roles.py",
    "integration/database/test_backup.py",
    "integration/database/test_comparison.py",
    "integration/registry/test_make_england.py",
    "integration/review/test_bad_input.py",
    "integration/review/test_simulated_misuse.py",
    "integration/review/test_simulated_year.py",
    "sweeps/test_canaries.py",
    "sweeps/test_paired_worlds.py",
    "sweeps/test_reachable.py",
    "sweeps/test_shields_hold.py",
    "unit/bench/leakage/test_shielded.py",
    "unit/registry/test_corroborating_loses_nobody.py",
)

OwnerContext = Callable[[], AbstractContextManager[None]]


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        signal.signal(signal.SIGTERM, _interrupt)
        servers.begin()
    servers.point_django_here()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        servers.end()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests that drive a browser, so that they can be left out: make test ARGS="-m 'not browser'".

    Of several processes none is left alone with a long module at the end: those come first, then modules with a
    browser, then those of the most tests. The Makefile keeps xdist from putting them in an order of its own.
    """
    for item in items:
        if {"browser", "service"} & set(getattr(item, "fixturenames", [])):
            item.add_marker(pytest.mark.browser)
    if hasattr(config, "workerinput"):
        begin_long_ones_first(items)


def begin_long_ones_first(items: list[pytest.Item]) -> None:
    tests, browsing = Counter(item.path for item in items), {item.path for item in items if "browser" in item.keywords}
    first = {TESTS / name for name in BEGUN_FIRST}
    items.sort(key=lambda item: (item.path not in first, item.path not in browsing, -tests[item.path]))


def _interrupt(*_: object) -> None:
    # As Ctrl-C does, so that pytest ends in order and the servers with it.
    raise KeyboardInterrupt


@pytest.fixture(scope="session", autouse=True)
def keys_of_the_run() -> None:
    """The keys by which values are sealed; the same ones in every process of the run."""
    servers.make_keys()


@pytest.fixture(autouse=True)
def web_again() -> Iterator[None]:
    """No test leaves this process as the one that signs people in."""
    yield
    assert is_web_again()


@pytest.fixture(scope="session")
def running_servers() -> Servers:
    """PostgreSQL and Redis, for a test that wants them without Django's connection: addresses, redis."""
    return servers.running()


@pytest.fixture(scope="session")
def django_db_setup(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """This process's database, instead of the one pytest-django would make: the web role may not make any."""
    servers.clone(servers.own_database())
    # Django finds out by making a table, which the web role may not.
    connection.features.supports_transactions = True
    with django_db_blocker.unblock():
        yield
        connections.close_all()


@pytest.fixture
def db(request: pytest.FixtureRequest) -> None:
    """The database. What a test does is taken back, but in one of its own, where it is committed:
    `pytest.mark.usefixtures("own_database")`, for whatever reads because of an event.
    """
    request.getfixturevalue("own_database" if "own_database" in request.fixturenames else "db")


@pytest.fixture
def as_owner(db: None) -> OwnerContext:
    """`with as_owner():` runs its block as the tables' owner: for set-up alone."""
    return as_owner_here


@contextmanager
def as_owner_here() -> Iterator[None]:
    """Runs its block as the tables' owner, in the same transaction: for set-up alone."""
    with acting_as("contactpoint_owner"):
        yield


@contextmanager
def as_worker() -> Iterator[None]:
    """Runs its block as the worker's role and with its keys, in the same transaction."""
    with override_settings(KEYRING_HOLDER="worker"), acting_as("contactpoint_worker"):
        yield


@pytest.fixture(scope="session")
def reused() -> Iterator[OwnDatabase]:
    """What `own_database` lends to one test after another."""
    lender = OwnDatabase()
    yield lender
    lender.close()


@pytest.fixture
def own_database(running_servers: Servers, django_db_blocker: DjangoDbBlocker, reused: OwnDatabase) -> Iterator[str]:
    """A database for this test alone, with Django connected to it as the web role: for what has to commit.

    Yields its name. Use it instead of `transactional_db`, whose cleaning empties tables that refuse to be
    emptied.
    """
    with django_db_blocker.unblock(), reused.lent(running_servers):
        servers.forget_counts()  # in which ids of another test's would be taken for those of this one
        yield NAME


@pytest.fixture(scope="session")
def service(running_servers: Servers) -> Iterator[Service]:
    """The service as in earnest: gunicorn, the web role's own login, children, users of every role."""
    servers.make_keys()
    with run_service() as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium. Without one the test fails and says how to get it."""
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, service: Service) -> Iterator[Page]:
    """A fresh browser window, signed out, whose addresses start at the service."""
    context = browser.new_context(base_url=service.address)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()
