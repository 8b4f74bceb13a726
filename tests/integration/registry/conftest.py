"""The town, and a way to add children to it."""

import pytest

from tests import factories
from tests.conftest import OwnerContext
from tests.integration.registry.people import AddChildren, Town, build_town


@pytest.fixture
def town(as_owner: OwnerContext) -> Town:
    with as_owner():
        return build_town()


@pytest.fixture
def add(as_owner: OwnerContext) -> AddChildren:
    """`add(draft, ...)` adds children as the worker does, and returns them in order."""

    def _add(*drafts: factories.Draft) -> list[factories.Child]:
        with as_owner():
            return factories.children(*drafts)

    return _add
