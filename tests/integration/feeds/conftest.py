"""What tests of feeds share: the town of the registry's tests, a child of it, a feed, and who keeps it."""

import pytest

from feeds.models import Supplier
from registry.models import Child
from tests.integration.feeds.sending import supplier
from tests.integration.registry.conftest import add, db, refuse_events, town
from tests.integration.registry.people import AddChildren, Town, full_draft
from tests.integration.registry.visiting import Visitor

__all__ = ["add", "db", "refuse_events", "town"]


@pytest.fixture
def child(town: Town, add: AddChildren) -> Child:
    (made,) = add(full_draft(town))
    return made


@pytest.fixture
def census(town: Town) -> Supplier:
    return supplier(town.authority)


@pytest.fixture
def keeper(town: Town) -> Visitor:
    return Visitor(town.administrator)
