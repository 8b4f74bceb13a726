"""The town of the registry's tests, and a system of its authority's."""

import pytest

from tests.integration.api.asking import Asking, system_of
from tests.integration.registry.conftest import add, refuse_events, town  # noqa: F401 - fixtures
from tests.integration.registry.people import AddChildren, Town, full_draft


@pytest.fixture
def db(own_database: str) -> None:
    """Here every test commits: what an event allows is read after it is committed."""


@pytest.fixture
def teacher(town: Town, add: AddChildren) -> Asking:  # noqa: F811
    """The teacher of the town in its authority's system, with a child of whom everything is known."""
    add(full_draft(town))
    return Asking(system_of(town.authority), town.teacher)
