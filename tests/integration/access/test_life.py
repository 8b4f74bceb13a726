"""A person's life in the service, step by step, as the web role."""

import pytest

from access.models import Role, StopReason, UserState, VettingKind
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
from access.people.actions.inviting import accept, withdraw
from access.rules.errors import IncompleteError, OwnCaseError
from audit.events import EventKind
from tests import factories
from tests.conftest import OwnerContext
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
        approve(council.first, user.pk)


def test_nothing_missing_when_approved(council: Council) -> None:
    user = lives.joining(council)
    lives.vet(council.first, user)
    with pytest.raises(IncompleteError) as raised:
        approve(council.second, user.pk)

    assert [lapse.what for lapse in raised.value.missing] == [VettingKind.AGREEMENT.label]


def test_suspended_at_once_and_let_in_again_by_another(council: Council) -> None:
    user = lives.active(council)
    factories.actor_for(user)
    suspend(council.first, user.pk, StopReason.MISUSE)

    assert lives.again(user).state == UserState.SUSPENDED
    with pytest.raises(OwnCaseError):
        reinstate(council.first, user.pk)
    reinstate(council.second, user.pk)
    assert lives.again(user).state == UserState.ACTIVE


def test_leaves_and_joins_again(council: Council) -> None:
    user = lives.active(council)
    leave(council.second, user.pk)
    rejoin(council.second, user.pk)
    accept(lives.AT_THE_DOOR, lives.mailed_secret(), lives.PASSWORD)
    with pytest.raises(OwnCaseError):
        approve(council.second, user.pk)
    approve(council.first, user.pk)
    assert lives.again(user).state == UserState.ACTIVE


def test_role_changes_by_two(council: Council) -> None:
    user = lives.active(council)
    asked = ask_role(council.first, user.pk, Role.MEDIATOR)
    with pytest.raises(OwnCaseError):
        decide_role(council.first, asked.pk, approved=True)
    decide_role(council.second, asked.pk, approved=True)
    assert lives.again(user).role == Role.MEDIATOR


def test_declined_revoked_withdrawn(council: Council) -> None:
    declined, revoked, withdrawn = lives.complete(council), lives.active(council), lives.invited(council)
    decline(council.second, declined.pk)
    revoke(council.third, revoked.pk, StopReason.MISUSE)
    withdraw(council.first, withdrawn.pk)
    assert [lives.again(each).state for each in (declined, revoked, withdrawn)] == ["left", "revoked", "left"]
