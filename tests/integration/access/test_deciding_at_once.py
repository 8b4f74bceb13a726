"""Two administrators at once, and one who is stopped between reading and pressing: one outcome, and a clear answer."""

import threading
import time
from collections.abc import Callable

import psycopg
import pytest
from django.db import connections, transaction

from access.models import Approval, Role, StopReason, StopScope, User, UserState
from access.organisations.actions.organisations import NewSite, add_site
from access.organisations.actions.stopping import stop
from access.people.actions.contact import remember_telephone
from access.people.actions.deciding import approve, ask_role, decide_role, decline, leave, suspend
from access.people.actions.inviting import invite
from access.rules import grants
from access.rules.errors import EmailTakenError, WrongStateError
from audit.errors import NoLiveSessionError
from audit.events import EventKind
from contactpoint.local.servers import Servers
from tests import factories, people
from tests.conftest import as_owner_here
from tests.integration.access import lives
from tests.integration.access.lives import Council
from tests.log import events

SECONDS_TO_WAIT = 20


@pytest.fixture
def council(own_database: str) -> Council:
    with as_owner_here():
        return lives.council()


class Press:
    """Somebody presses a button in another thread, with a connection of its own."""

    def __init__(self, step: Callable[[], object]) -> None:
        self.answer: object = None
        self._thread = threading.Thread(target=self._run, args=(step,))
        self._thread.start()

    def _run(self, step: Callable[[], object]) -> None:
        try:
            self.answer = step()
        except Exception as error:  # noqa: BLE001 - the answer is looked at by the test
            self.answer = error
        finally:
            connections.close_all()

    def wait(self) -> object:
        self._thread.join(SECONDS_TO_WAIT)
        assert not self._thread.is_alive()
        return self.answer


def wait_for_a_lock(running: Servers, database: str) -> None:
    waiting = "SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE datname = %s AND NOT granted"
    deadline = time.monotonic() + SECONDS_TO_WAIT
    with psycopg.connect(running.postgresql.superuser_address, autocommit=True) as watching:
        while not watching.execute(waiting, [database]).fetchone():
            assert time.monotonic() < deadline, "the second did not wait for the first"
            time.sleep(0.02)


@pytest.mark.parametrize("step", [approve, decline])
def test_the_second_is_told_what_the_first_did(
    council: Council, own_database: str, running_servers: Servers, step: Callable[..., object]
) -> None:
    user = lives.complete(council)
    with transaction.atomic():
        approve(actor=council.second, user_id=user.pk)
        pressed = Press(lambda: step(actor=council.third, user_id=user.pk))
        wait_for_a_lock(running_servers, own_database)
    refused = pressed.wait()

    assert isinstance(refused, WrongStateError)
    assert "is active now" in refused.sentence
    assert people.one(pk=council.second.user_id).name.open() in refused.sentence
    assert [event.actor_id for event in events(user_id=user.pk, kind=EventKind.USER_APPROVED)] == [
        council.second.user_id
    ]
    assert not events(user_id=user.pk, kind=EventKind.USER_DECLINED)
    assert Approval.objects.get(user=user).decided_by_id == council.second.user_id


def test_a_page_that_is_older_than_the_person_decides_nothing(council: Council) -> None:
    user = lives.complete(council)
    seen = user.standing
    suspend(actor=council.second, user_id=user.pk, reason=StopReason.EMPLOYER, seen=seen)
    with pytest.raises(WrongStateError) as raised:
        suspend(actor=council.third, user_id=user.pk, reason=StopReason.EMPLOYER, seen=seen)
    assert "is suspended now" in raised.value.sentence


def test_what_somebody_keeps_about_themselves_is_nobodys_decision(council: Council) -> None:
    """A practitioner who saves an involvement while an administrator reads the page is suspended all the same."""
    user = lives.brought(council)
    seen = lives.again(user).standing
    remember_telephone(actor=factories.actor_for(user), telephone="0161 496 0001")

    suspend(actor=council.second, user_id=user.pk, reason=StopReason.EMPLOYER, seen=seen)

    assert lives.again(user).state == UserState.SUSPENDED


def test_page_from_before_a_change_of_role_decides_nothing(council: Council) -> None:
    user = lives.brought(council)
    seen = lives.again(user).standing
    asked = ask_role(actor=council.first, user_id=user.pk, role=Role.ADMINISTRATOR)
    decide_role(actor=council.second, approval_id=asked.pk, approved=True)

    with pytest.raises(WrongStateError):
        leave(actor=council.third, user_id=user.pk, seen=seen)


def test_an_approver_suspended_before_pressing_lets_nobody_in(council: Council) -> None:
    user = lives.complete(council)
    suspend(actor=council.third, user_id=council.second.user_id, reason=StopReason.MISUSE)
    with pytest.raises(NoLiveSessionError):
        approve(actor=council.second, user_id=user.pk)
    assert lives.again(user).state == UserState.JOINING


def test_an_approver_suspended_in_the_very_moment_of_pressing_lets_nobody_in(council: Council) -> None:
    """The suspension is on its way and not committed."""
    user = lives.complete(council)
    with transaction.atomic():
        suspend(actor=council.third, user_id=council.second.user_id, reason=StopReason.MISUSE)
        pressed = Press(lambda: approve(actor=council.second, user_id=user.pk))
        assert isinstance(pressed.wait(), NoLiveSessionError)
    assert lives.again(user).state == UserState.JOINING


def test_the_same_address_invited_twice_at_once_is_one_person(
    council: Council, own_database: str, running_servers: Servers
) -> None:
    person = lives.new_person(council.school)
    with transaction.atomic():
        invite(actor=council.first, new=person)
        pressed = Press(lambda: invite(actor=council.second, new=person))
        wait_for_a_lock(running_servers, own_database)
    assert isinstance(pressed.wait(), EmailTakenError)
    assert len(people.everybody(state=UserState.INVITED)) == 1


@pytest.mark.parametrize("scope", [StopScope.ORGANISATION, StopScope.SERVICE])
def test_of_two_who_stop_the_same_at_once_the_second_is_told(
    council: Council, own_database: str, running_servers: Servers, scope: StopScope
) -> None:
    with as_owner_here():
        for each in (council.first, council.second):
            grants.grant(User.objects.get(pk=each.user_id), grants.STOP_SERVICE, council.authority)
    told = {
        "scope": scope,
        "target": council.school.pk if scope == StopScope.ORGANISATION else None,
        "reason": StopReason.INCIDENT,
    }
    with transaction.atomic():
        stop(actor=council.first, **told)
        pressed = Press(lambda: stop(actor=council.second, **told))
        wait_for_a_lock(running_servers, own_database)
    refused = pressed.wait()

    assert isinstance(refused, WrongStateError)
    assert refused.sentence == "This is stopped already."
    assert [event.actor_id for event in events(kind=EventKind.STOP_BEGUN)] == [council.first.user_id]


def test_of_two_who_add_the_same_site_at_once_the_second_is_told(
    council: Council, own_database: str, running_servers: Servers
) -> None:
    new = NewSite("Hall Road", "M33 4AB", "01614960000")
    with transaction.atomic():
        add_site(actor=council.first, organisation_id=council.school.pk, new=new)
        pressed = Press(lambda: add_site(actor=council.second, organisation_id=council.school.pk, new=new))
        wait_for_a_lock(running_servers, own_database)
    refused = pressed.wait()

    assert isinstance(refused, WrongStateError)
    assert "a site of that name already" in refused.sentence
    assert [event.actor_id for event in events(kind=EventKind.ORGANISATION_CHANGED)] == [council.first.user_id]
