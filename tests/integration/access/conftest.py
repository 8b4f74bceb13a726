"""What tests of sign-in, sessions and calls share."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa import app_settings as second_factor
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.models import Organisation, OrganisationKind, Role, User
from tests import ageing, factories
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.access.at_desk import Desk, at_desk

Wait = Callable[[timedelta], None]
Enter = Callable[..., Client]


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
    """Five minutes pass for the database, which decides, and one for the person's app, which shows another code."""
    wait(timedelta(minutes=1))
    with as_owner_here():
        ageing.confirmed_longer_ago(browser.cookies[settings.SESSION_COOKIE_NAME].value, timedelta(minutes=5))


@pytest.fixture
def enter(wait: Wait) -> Enter:
    """`enter(person, browser)` signs the person in there, half a minute later each time: a code is good once."""

    def sign_in(person: User, browser: Client | None = None) -> Client:
        wait(timedelta(seconds=second_factor.TOTP_PERIOD))
        return factories.signed_in(person, client=browser)

    return sign_in


@pytest.fixture
def known_to(enter: Enter) -> Enter:
    """`known_to(person)` is a browser in which the person signed in before, and signed out."""

    def known(person: User, browser: Client | None = None) -> Client:
        left = enter(person, browser)
        left.post(reverse("account_logout"))
        return left

    return known


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
