"""What a walk says of itself."""

from collections.abc import Callable
from typing import TypeVar

from playwright.sync_api import Page

from tests.browser.looking import Inspector

Walk = TypeVar("Walk", bound=Callable[..., None])
Inspect = Callable[[Page], Inspector]
NO_ROUTE = "no route"  # what a page that is not there is seen as

WALKED: dict[str, frozenset[str]] = {}


def walks(*routes: str) -> Callable[[Walk], Walk]:
    """The routes of which the walk sees a page: these, and no others."""

    def note(walk: Walk) -> Walk:
        WALKED[walk.__name__] = frozenset(routes)
        return walk

    return note


def submit(page: Page, button: str) -> None:
    page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
