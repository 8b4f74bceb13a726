"""What tests of feeds share: the town of the registry's tests, a child of it, feeds, and who keeps them."""

import pytest

from feeds.models import Supplier
from registry.models import Child
from registry.vocabulary import Source
from tests.integration.feeds.sending import supplier
from tests.integration.registry.conftest import add, db, refuse_events, town
from tests.integration.registry.people import AddChildren, Town, full_draft
from tests.integration.registry.visiting import Visitor

__all__ = ["add", "db", "refuse_events", "town"]


@pytest.fixture
def child(town: Town, add: AddChildren) -> Child:
    """Amina Hussain, of whom everything is known."""
    (made,) = add(full_draft(town))
    return made


@pytest.fixture
def census(town: Town) -> Supplier:
    return supplier(town.authority)


@pytest.fixture
def keeper(town: Town) -> Visitor:
    return Visitor(town.administrator)


@pytest.fixture
def health(town: Town) -> Supplier:
    """A feed of the source that may say most."""
    return supplier(town.authority, Source.PERSONAL_DEMOGRAPHICS)
