"""A person's life in the service, step by step, as the web role."""

import pytest

from access.models import Role, StopReason, User, UserState, VettingKind
from access.people.actions.deciding import (
    approve,
    ask_role,
    decide_role,
    decline,
    leave,
    reinstate,
    rejoin,
    revoke,
    suspend,
)
from access.people.actions.inviting import withdraw
from access.people.actions.vetting import NewItem, record_item
from access.rules.errors import AloneError, IncompleteError, OwnCaseError, WrongStateError
from audit.events import EventKind
from tests import factories
from tests.conftest import OwnerContext, as_worker
from tests.integration.access import lives
from tests.integration.access.lives import Council
from tests.log import last_event


@pytest.fixture
def council(as_owner: OwnerContext) -> Council:
    with as_owner():
        return lives.council()


def test_somebody_is_invited_joins_and_is_let_in(council: Council) -> None:
    user = lives.active(council)

    assert lives.again(user).state == UserState.ACTIVE
    event = last_event()
    assert (event.kind, event.user_id, event.actor_id) == (EventKind.USER_APPROVED, user.pk, council.second.user_id)


def test_whoever_invited_does_not_approve(council: Council) -> None:
    user = lives.complete(council)
    with pytest.raises(OwnCaseError):
        approve(actor=council.first, user_id=user.pk)


def test_nobody_lets_in_alone_whom_the_service_brought(council: Council) -> None:
    user = lives.asked_by_the_service(council)
    lives.vet(council.first, user)
    lives.sign(user)
    with pytest.raises(AloneError):
        approve(actor=council.first, user_id=user.pk)
    assert lives.again(user).state == UserState.JOINING
    approve(actor=council.second, user_id=user.pk)
    assert lives.again(user).state == UserState.ACTIVE


def test_one_item_of_another_is_a_part_in_it(council: Council) -> None:
    user = lives.asked_by_the_service(council)
    lives.vet(council.first, user)
    record_item(actor=council.second, user_id=user.pk, item=NewItem(VettingKind.DBS, factories.today()))
    lives.sign(user)
    approve(actor=council.first, user_id=user.pk)
    assert lives.again(user).state == UserState.ACTIVE


def test_what_only_the_service_recorded_lets_nobody_in(council: Council) -> None:
    """A feed suspends somebody whom the operator brought with all their evidence: two people are still wanted."""
    user = lives.brought(council)
    with as_worker():
        suspend(actor=factories.SETTING_UP, user_id=user.pk, reason=StopReason.EMPLOYER)
    for each in (council.first, council.second):
        with pytest.raises(AloneError):
            reinstate(actor=each, user_id=user.pk)
    record_item(actor=council.first, user_id=user.pk, item=NewItem(VettingKind.DBS, factories.today()))
    with pytest.raises(AloneError):
        reinstate(actor=council.first, user_id=user.pk)
    reinstate(actor=council.second, user_id=user.pk)
    assert lives.again(user).state == UserState.ACTIVE


def test_what_was_recorded_before_the_service_asked_is_no_part_in_it(council: Council) -> None:
    """A feed suspends a leaver: that two people let them in once brings them back for nobody alone."""
    user = lives.active(council)
    suspended_by_the_service(user)
    for each in (council.first, council.second):
        with pytest.raises(AloneError):
            reinstate(actor=each, user_id=user.pk)
    assert lives.again(user).state == UserState.SUSPENDED

    record_item(actor=council.second, user_id=user.pk, item=NewItem(VettingKind.DBS, factories.today()))
    with pytest.raises(AloneError):
        reinstate(actor=council.second, user_id=user.pk)
    reinstate(actor=council.first, user_id=user.pk)
    assert lives.again(user).state == UserState.ACTIVE


def test_what_another_recorded_since_and_was_recorded_over_is_no_part_in_it(council: Council) -> None:
    user = lives.active(council)
    suspended_by_the_service(user)
    for each in (council.second, council.first):
        record_item(actor=each, user_id=user.pk, item=NewItem(VettingKind.DBS, factories.today()))

    with pytest.raises(AloneError):
        reinstate(actor=council.first, user_id=user.pk)
    reinstate(actor=council.second, user_id=user.pk)


def test_that_another_once_invited_is_no_part_in_undoing_a_suspension(council: Council) -> None:
    """Suspended while they were joining, they wait for both: to join, and to come back."""
    user = lives.complete(council)
    suspended_by_the_service(user)
    with pytest.raises(AloneError):
        reinstate(actor=council.second, user_id=user.pk)
    record_item(actor=council.third, user_id=user.pk, item=NewItem(VettingKind.DBS, factories.today()))
    reinstate(actor=council.second, user_id=user.pk)
    assert lives.again(user).state == UserState.ACTIVE


def suspended_by_the_service(user: User) -> None:
    with as_worker():
        suspend(actor=factories.SETTING_UP, user_id=user.pk, reason=StopReason.LEFT)


def test_whoever_was_asked_by_another_may_have_recorded_it_all(council: Council) -> None:
    user = lives.joining(council)
    lives.vet(council.second, user)
    lives.sign(user)
    approve(actor=council.second, user_id=user.pk)
    assert lives.again(user).state == UserState.ACTIVE


@pytest.mark.usefixtures("own_database")
def test_nothing_missing_when_approved(council: Council) -> None:
    user = lives.joining(council)
    lives.vet(council.first, user)
    with pytest.raises(IncompleteError) as raised:
        approve(actor=council.second, user_id=user.pk)

    assert [lapse.what for lapse in raised.value.missing] == [VettingKind.AGREEMENT.label]


def test_suspended_at_once_and_let_in_again_by_another(council: Council) -> None:
    user = lives.active(council)
    factories.actor_for(user)
    suspend(actor=council.first, user_id=user.pk, reason=StopReason.MISUSE)

    assert lives.again(user).state == UserState.SUSPENDED
    with pytest.raises(OwnCaseError):
        reinstate(actor=council.first, user_id=user.pk)
    reinstate(actor=council.second, user_id=user.pk)
    assert lives.again(user).state == UserState.ACTIVE


def test_leaves_and_joins_again(council: Council) -> None:
    user = lives.active(council)
    leave(actor=council.second, user_id=user.pk)
    rejoin(actor=council.second, user_id=user.pk)
    lives.accept(actor=lives.AT_THE_DOOR, secret=lives.mailed_secret(), password=lives.PASSWORD)
    with pytest.raises(OwnCaseError):
        approve(actor=council.second, user_id=user.pk)
    approve(actor=council.first, user_id=user.pk)
    assert lives.again(user).state == UserState.ACTIVE


def test_role_changes_by_two(council: Council) -> None:
    user = lives.active(council)
    asked = ask_role(actor=council.first, user_id=user.pk, role=Role.MEDIATOR)
    with pytest.raises(OwnCaseError):
        decide_role(actor=council.first, approval_id=asked.pk, approved=True)
    decide_role(actor=council.second, approval_id=asked.pk, approved=True)
    assert lives.again(user).role == Role.MEDIATOR


def test_role_of_somebody_suspended_stays_the_one_that_they_are_let_in_again_with(council: Council) -> None:
    user = lives.active(council)
    asked = ask_role(actor=council.first, user_id=user.pk, role=Role.MEDIATOR)
    suspended_by_the_service(user)
    with pytest.raises(WrongStateError):
        decide_role(actor=council.second, approval_id=asked.pk, approved=True)
    with pytest.raises(WrongStateError):
        ask_role(actor=council.first, user_id=user.pk, role=Role.MEDIATOR)
    record_item(actor=council.second, user_id=user.pk, item=NewItem(VettingKind.DBS, factories.today()))
    reinstate(actor=council.first, user_id=user.pk)
    assert (lives.again(user).state, lives.again(user).role) == (UserState.ACTIVE, Role.PRACTITIONER)


def test_declined_revoked_withdrawn(council: Council) -> None:
    declined, revoked, withdrawn = lives.complete(council), lives.active(council), lives.invited(council)
    decline(actor=council.second, user_id=declined.pk)
    revoke(actor=council.third, user_id=revoked.pk, reason=StopReason.MISUSE)
    withdraw(actor=council.first, user_id=withdrawn.pk)
    assert [lives.again(each).state for each in (declined, revoked, withdrawn)] == ["left", "revoked", "left"]
