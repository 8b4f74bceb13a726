"""What is sealed, and how, is the same for every role: here the owner writes, whom no row-level security hinders."""

from collections.abc import Iterator

import pytest

from tests.conftest import OwnerContext


@pytest.fixture(autouse=True)
def owner(as_owner: OwnerContext) -> Iterator[None]:
    with as_owner():
        yield
