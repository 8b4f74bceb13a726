"""The town, a way to add children to it, and a log that refuses."""

import pytest
from django.db import connection

from audit.events import EventKind
from registry.search import index
from tests import factories
from tests.conftest import OwnerContext
from tests.integration.registry.people import AddChildren, RefuseEvents, Town, build_town


@pytest.fixture
def db(own_database: str) -> None:
    """Here every test commits: what an event allows is read after it is committed."""


@pytest.fixture
def town(as_owner: OwnerContext) -> Town:
    with as_owner():
        index.start_epoch(1000)  # a town without children can be searched, too
        return build_town()


@pytest.fixture
def refuse_events(as_owner: OwnerContext) -> RefuseEvents:
    """`refuse_events(kind, ...)` lets no event of these kinds be written from then on: IntegrityError, "log_full"."""

    def _refuse(*kinds: EventKind) -> None:
        refused = ", ".join(f"'{kind.value}'" for kind in kinds)
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(f"alter table audit_event add constraint log_full check (kind not in ({refused})) not valid")

    return _refuse


@pytest.fixture
def add(as_owner: OwnerContext) -> AddChildren:
    """`add(draft, ...)` adds children as the worker does, and returns them in order."""

    def _add(*drafts: factories.Draft) -> list[factories.Child]:
        with as_owner():
            return factories.children(*drafts)

    return _add
