"""Whatever ends somebody's access ends it in every session that they hold open, on its very next request."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.models import Grant, Role, StopReason, StopScope, User, VettingItem, VettingKind
from access.organisations.actions.stopping import lift, stop
from access.people.actions.deciding import leave, revoke, suspend
from access.rules import grants
from access.rules.errors import NotPermittedError, OwnCaseError, WrongStateError
from audit.events import EventKind
from tests import factories, people
from tests.conftest import OwnerContext, as_worker
from tests.integration.access import lives
from tests.integration.access.conftest import Wait
from tests.integration.access.lives import Council
from tests.log import events

HOME, SEARCH, PEOPLE, MY_ACCESS = (reverse(name) for name in ("home", "search", "people", "my_access"))
SESSIONS = 3


@pytest.fixture
def db(own_database: str) -> None:
    """Here every test commits: a search is recorded, or refused, by itself."""


@pytest.fixture
def council(as_owner: OwnerContext) -> Council:
    with as_owner():
        made = lives.council()
        grants.grant(User.objects.get(pk=made.first.user_id), grants.STOP_SERVICE, made.authority)
        grants.grant(User.objects.get(pk=made.second.user_id), grants.STOP_SERVICE, made.authority)
    return made


@pytest.fixture
def teacher(council: Council, as_owner: OwnerContext) -> User:
    with as_owner():
        return factories.user(works_for=council.school)


@pytest.fixture
def open_sessions(teacher: User, wait: Wait) -> list[Client]:
    """In several browsers, one after another: a code works once."""
    browsers = []
    for _ in range(SESSIONS):
        browsers.append(factories.signed_in(teacher))
        wait(timedelta(minutes=1))
    assert all(lets_in(browser) for browser in browsers)
    return browsers


def lets_in(browser: Client) -> bool:
    return all(browser.get(page).status_code == 200 for page in (HOME, SEARCH))


def stop_one(council: Council, teacher: User) -> None:
    stop(actor=council.first, scope=StopScope.USER, target=teacher.pk, reason=StopReason.STOLEN)


def stop_organisation(council: Council, teacher: User) -> None:
    stop(actor=council.first, scope=StopScope.ORGANISATION, target=teacher.organisation_id, reason=StopReason.INCIDENT)


def stop_service(council: Council, teacher: User) -> None:
    stop(actor=council.first, scope=StopScope.SERVICE, target=None, reason=StopReason.INCIDENT)


ENDINGS: dict[str, Callable[[Council, User], None]] = {
    "suspended": lambda council, teacher: suspend(actor=council.first, user_id=teacher.pk, reason=StopReason.MISUSE),
    "left": lambda council, teacher: leave(actor=council.first, user_id=teacher.pk),
    "revoked": lambda council, teacher: revoke(actor=council.first, user_id=teacher.pk, reason=StopReason.MISUSE),
    "stopped": stop_one,
    "organisation stopped": stop_organisation,
    "service stopped": stop_service,
}


@pytest.mark.parametrize("end", ENDINGS.values(), ids=ENDINGS)
def test_every_open_session_is_refused_on_its_next_request(
    council: Council, teacher: User, open_sessions: list[Client], end: Callable[[Council, User], None]
) -> None:
    end(council, teacher)

    for browser in open_sessions:
        answers = [browser.get(page) for page in (HOME, SEARCH)]
        assert all(answer.status_code in (302, 403) for answer in answers)
    again = factories.with_password(teacher)
    assert again.get(HOME).status_code != 200


@pytest.mark.parametrize("scope", [StopScope.ORGANISATION, StopScope.SERVICE])
def test_another_administrator_lifts_a_stop_and_all_go_on(
    council: Council, teacher: User, open_sessions: list[Client], scope: StopScope
) -> None:
    target = teacher.organisation_id if scope == StopScope.ORGANISATION else None
    stop(actor=council.first, scope=scope, target=target, reason=StopReason.INCIDENT)
    with pytest.raises(OwnCaseError):
        lift(actor=council.first, scope=scope, target=target)
    lift(actor=council.second, scope=scope, target=target)

    assert lets_in(open_sessions[0])
    with pytest.raises(WrongStateError):
        lift(actor=council.second, scope=scope, target=target)


def test_the_service_is_stopped_only_by_those_granted_it(council: Council) -> None:
    with pytest.raises(NotPermittedError):
        stop(actor=council.third, scope=StopScope.SERVICE, target=None, reason=StopReason.INCIDENT)


def test_those_who_may_lift_the_stop_of_the_service_go_on(council: Council, as_owner: OwnerContext) -> None:
    browser = factories.signed_in(people.one(pk=council.second.user_id))
    stop(actor=council.first, scope=StopScope.SERVICE, target=None, reason=StopReason.INCIDENT)
    assert browser.get(HOME).status_code == 200


@pytest.mark.parametrize("scope", ["--user", "--organisation", "--service"])
def test_the_shell_stops_at_once_and_lets_go_on(teacher: User, open_sessions: list[Client], scope: str) -> None:
    whom = {"--user": [str(teacher.pk)], "--organisation": [teacher.organisation.directory_code]}.get(scope, [])
    with as_worker():
        call_command("stop_access", scope, *whom)
    assert not any(lets_in(browser) for browser in open_sessions)
    with as_worker():
        call_command("stop_access", scope, *whom, "--lift")
    assert lets_in(factories.signed_in(teacher))


def test_a_grant_that_ran_out_administers_nobody(council: Council, teacher: User, as_owner: OwnerContext) -> None:
    administrator = people.one(pk=council.third.user_id)
    browser = factories.signed_in(administrator)
    assert teacher.name.open() in browser.get(PEOPLE).content.decode()
    with as_owner():
        Grant.objects.filter(user=administrator).update(expires_on=factories.today() - timedelta(days=1))

    assert teacher.name.open() not in browser.get(PEOPLE).content.decode()


@pytest.mark.parametrize("role", [Role.MEDIATOR, Role.AUDITOR, Role.ADMINISTRATOR])
def test_every_role_is_stopped(council: Council, as_owner: OwnerContext, role: Role) -> None:
    with as_owner():
        person = factories.user(works_for=council.authority, role=role)
    browser = factories.signed_in(person)
    assert browser.get(MY_ACCESS).status_code == 200
    suspend(actor=council.first, user_id=person.pk, reason=StopReason.MISUSE)
    assert browser.get(MY_ACCESS).status_code != 200


def test_a_web_process_whose_clock_is_behind_opens_nothing(
    council: Council,
    teacher: User,
    open_sessions: list[Client],
    as_owner: OwnerContext,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It takes yesterday for today, and lets the person in; the database knows better when something is recorded."""
    yesterday = factories.today() - timedelta(days=1)
    with as_owner():
        VettingItem.objects.filter(user=teacher, kind=VettingKind.TRAINING_USE).update(expires_on=yesterday)
    monkeypatch.setattr(timezone, "localdate", lambda *_: yesterday)

    assert open_sessions[0].get(HOME).status_code == 200, "the clock is behind"
    refused = open_sessions[0].post(SEARCH, {"family_name": "Hussain", "given_name": "Amina", "age": "7"}, follow=True)
    assert refused.status_code == 403
    assert not events(kind=EventKind.CHILD_SEARCHED, actor_id=teacher.pk)
