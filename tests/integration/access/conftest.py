"""What tests of sign-in and sessions share."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from access.models import User
from tests import factories
from tests.conftest import OwnerContext

Wait = Callable[[timedelta], None]


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Wait:
    """`wait(timedelta)` lets that much time pass for Django and allauth; waits add up."""
    real_now, real_time = timezone.now, time.time
    waited = timedelta()

    def move(by: timedelta) -> None:
        nonlocal waited
        waited += by

    monkeypatch.setattr(timezone, "now", lambda: real_now() + waited)
    monkeypatch.setattr(time, "time", lambda: real_time() + waited.total_seconds())
    return move


@pytest.fixture
def person(as_owner: OwnerContext) -> User:
    """A vetted practitioner with an authenticator app."""
    with as_owner():
        return factories.user()
