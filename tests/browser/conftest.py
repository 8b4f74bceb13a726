"""Windows onto the running service, watched all the while; people who use it; children who are in it."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role, Usage
from tests.browser import children as known_children
from tests.browser import people
from tests.browser.children import Children
from tests.browser.database import service_database
from tests.browser.people import Change, Invited, Person
from tests.browser.steps import sign_in
from tests.browser.watching import Watch
from tests.service import Service

# For how many seconds a sign-in serves further tests. A session ends after fifteen minutes without a click, and whoever
# decides about people, or about what is told of them, is asked for a second step of the last five.
FRESH, FRESH_TO_DECIDE = 600, 120
DECIDING = (Role.ADMINISTRATOR, Role.AUDITOR)
Join = Callable[..., Person]
OpenBrowser = Callable[..., BrowserContext]
Enter = Callable[..., Page]


@pytest.fixture(scope="session")
def address(service: Service) -> str:
    """Where the service is."""
    return service.address


@pytest.fixture(autouse=True)
def budgets_begin_anew(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> None:
    """Each test begins with what somebody may do in an hour: the same few people walk through all of them."""
    if "service" in request.fixturenames:
        request.getfixturevalue("service")
        with service_database(django_db_blocker):
            Usage.objects.all().delete()


@pytest.fixture
def watch(service: Service) -> Iterator[Watch]:
    """Fails the test that made a browser complain, or ask another place for anything."""
    watch = Watch({service.address, service.sign_in_address})
    yield watch
    assert not watch.complaints


@pytest.fixture
def open_browser(browser: Browser, address: str, watch: Watch) -> Iterator[OpenBrowser]:
    """`open_browser()` is a person's own browser, watched. Options are those of Playwright's `new_context`."""
    opened: list[BrowserContext] = []

    def open_one(**options: Any) -> BrowserContext:
        context = browser.new_context(base_url=address, locale="en-GB", **options)
        context.set_default_timeout(10_000)
        watch.over(context)
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()


@pytest.fixture
def page(open_browser: OpenBrowser) -> Page:
    """A window of a browser in which nobody is signed in."""
    return open_browser().new_page()


@pytest.fixture
def join(service: Service, django_db_blocker: DjangoDbBlocker) -> Join:
    """`join(role, works_for=directory code)` adds a person."""

    def join_one(role: Role = Role.PRACTITIONER, works_for: str = people.SOCIAL_CARE, **options: Any) -> Person:
        with service_database(django_db_blocker):
            return people.join(role, works_for, **options)

    return join_one


@pytest.fixture
def invited(service: Service, django_db_blocker: DjangoDbBlocker) -> Invited:
    """Somebody who was invited and has not opened the link yet."""
    with service_database(django_db_blocker):
        return people.invite()


@pytest.fixture
def given_anew(service: Service, django_db_blocker: DjangoDbBlocker) -> Invited:
    """Somebody who gets a new sign-in and has not opened the link yet."""
    with service_database(django_db_blocker):
        return people.give_new_sign_in()


@pytest.fixture(scope="session")
def sessions() -> dict[object, tuple[float, StorageState]]:
    """Browsers' memories in which somebody is signed in, by who it is, and when they signed in."""
    return {}


@pytest.fixture
def enter(open_browser: OpenBrowser, join: Join, sessions: dict[object, tuple[float, StorageState]]) -> Enter:
    """`enter(role, works_for=directory code)` is a window in which such a person is signed in.

    They signed in for the first test that asked: it takes long. `which` tells people of one role and place apart.
    A mediator signs in for each test: a session keeps the call that a test leaves.
    """

    def enter_one(
        role: Role = Role.PRACTITIONER, works_for: str = people.SOCIAL_CARE, *, which: int = 1, **options: Any
    ) -> Page:
        key = (role, works_for, which)
        signed_in_at, state = sessions.get(key, (0.0, None))
        fresh_for = FRESH_TO_DECIDE if role in DECIDING else FRESH
        if state is None or role is Role.MEDIATOR or time.monotonic() - signed_in_at > fresh_for:
            page = open_browser().new_page()
            sign_in(page, join(role, works_for))
            state = page.context.storage_state()
            sessions[key] = (time.monotonic(), state)
        return open_browser(storage_state=state, **options).new_page()

    return enter_one


@pytest.fixture
def change(service: Service, django_db_blocker: DjangoDbBlocker) -> Change:
    """`change(idle_too_long, person)` does to the person what no page can."""

    def change_one(what: Callable[[Person], None], person: Person) -> None:
        with service_database(django_db_blocker):
            what(person)

    return change_one


@pytest.fixture(scope="session")
def children(service: Service, django_db_blocker: DjangoDbBlocker) -> Children:
    """The children of the service."""
    with service_database(django_db_blocker):
        return known_children.load()


@pytest.fixture(scope="session")
def organisation_names() -> dict[str, str]:
    """The names of the demonstration's organisations, by key."""
    return known_children.organisation_names()
