"""What tests of sign-in, sessions and calls share."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from access.models import Organisation, OrganisationKind, Role, User
from tests import ageing, factories
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.access.at_desk import Desk, at_desk

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


def let_confirmation_run_out(browser: Client, wait: Wait) -> None:
    """Five minutes pass for the database, which decides; for the person's app as many as it takes to show another code."""
    wait(timedelta(minutes=1))
    with as_owner_here():
        ageing.confirmed_longer_ago(browser.cookies[settings.SESSION_COOKIE_NAME].value, timedelta(minutes=5))


@pytest.fixture
def person(as_owner: OwnerContext) -> User:
    """A vetted practitioner with an authenticator app."""
    with as_owner():
        return factories.user()


@pytest.fixture
def authority(as_owner: OwnerContext) -> Organisation:
    with as_owner():
        return factories.organisation(kind=OrganisationKind.AUTHORITY)


@pytest.fixture
def mediator(authority: Organisation, as_owner: OwnerContext) -> User:
    with as_owner():
        return factories.user(role=Role.MEDIATOR, works_for=authority, name="Helen Marsh")


@pytest.fixture
def colleague(authority: Organisation, as_owner: OwnerContext) -> User:
    with as_owner():
        return factories.user(works_for=factories.organisation(authority=authority), name="Anna Brown-Okafor")


@pytest.fixture
def at(as_owner: OwnerContext) -> Desk:
    """The desks of a council's administrators."""
    return at_desk(as_owner)
