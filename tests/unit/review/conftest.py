"""The keys of the process that compares."""

import pytest
from pytest_django import Settings


@pytest.fixture
def keys_of_the_examiner(settings: Settings) -> None:
    settings.KEYRING_HOLDER = "examiner"
