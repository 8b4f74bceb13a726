from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.looking import Inspector
from tests.browser.walks.walking import WALKED, Inspect


@pytest.fixture
def inspect(request: pytest.FixtureRequest) -> Iterator[Inspect]:
    """`inspect(page)` follows a window; what it finds wrong fails the walk at its end."""
    inspectors: list[Inspector] = []

    def follow(page: Page) -> Inspector:
        inspectors.append(Inspector(page))
        return inspectors[-1]

    yield follow
    assert [problem for each in inspectors for problem in each.problems] == []
    assert set().union(*(each.routes for each in inspectors)) == WALKED[request.node.name]
