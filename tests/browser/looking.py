"""Looking at a page as an inspector does: accessibility rules, width and tables, on a desk and on two telephones."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

WIDTHS = (1280, 390, 320)
# Of rules that are kept it says only that they are: to tell of each place takes as long as to look.
BROKEN = "async () => (await axe.run({ resultTypes: ['violations'] })).violations"
UNFOLD = "for (const fold of document.querySelectorAll('details')) fold.open = true"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Cells of tables that hold more than they show, or stand beyond the page or beyond what scrolls inside of it.
CUT = """
    () => [...document.querySelectorAll('table th, table td')].filter(cell => {
        const shown = cell.getBoundingClientRect();
        if (!shown.width || cell.closest('thead')) return false;
        const around = (cell.closest('.table-scroll') ?? document.documentElement).getBoundingClientRect();
        const beyond = shown.right > around.right + 1 || shown.left < around.left - 1;
        return beyond || cell.scrollWidth > cell.clientWidth + 1;
    }).map(cell => cell.innerText)
"""
# Cells whose own heading, which shows on a telephone, is another than their column's.
MISNAMED = """
    () => [...document.querySelectorAll('table.stacked')].flatMap(table => {
        const columns = [...table.querySelectorAll('thead th')].map(column => column.textContent.trim());
        return [...table.querySelectorAll('tbody tr')].flatMap(line => [...line.children].filter((cell, place) => {
            const heading = cell.querySelector('.stacked__heading')?.textContent.trim();
            return heading === undefined ? place < columns.length - 1 : heading !== columns[place];
        })).map(cell => cell.innerText);
    })
"""


@dataclass
class Inspector:
    """Follows one window. `problems` is what was wrong, `routes` which of the service's pages were seen."""

    page: Page
    problems: list[str] = field(default_factory=list)
    routes: set[str] = field(default_factory=set)

    def look(self, state: str = "as it opens") -> None:
        """Inspect the page that the window shows now."""
        # A press leads to a page that may still be on its way, and nothing is there between the two.
        self.page.wait_for_load_state()
        self.page.locator("main").wait_for()
        route = route_of(self.page)
        self.routes.add(route)
        self.page.evaluate(UNFOLD)
        self.page.evaluate(AXE_SCRIPT)
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            where = f"{route}, {state}, {width} wide"
            self.problems += [f"{where}: {problem}" for problem in self._found()]
        self.page.set_viewport_size({"width": WIDTHS[0], "height": 900})

    def open(self, address: str, state: str = "as it opens") -> None:
        """Open an address and inspect what comes."""
        self.page.goto(address)
        self.look(state)

    def _found(self) -> list[str]:
        rules: list[dict[str, Any]] = self.page.evaluate(BROKEN)
        found = [f"{broken['id']}: {broken['nodes'][0]['html']}" for broken in rules]
        if too_wide := self.page.evaluate(OVERFLOW):
            found.append(f"{too_wide} pixels too wide")
        found += [f"a cell is cut: {text}" for text in self.page.evaluate(CUT)]
        found += [f"a cell has not its column's heading: {text}" for text in self.page.evaluate(MISNAMED)]
        return found


def route_of(page: Page) -> str:
    """The name of the route that the window is at."""
    try:
        return str(resolve(urlsplit(page.url).path).url_name)
    except Resolver404:
        return "no route"
