"""People who have left: suspended at once, for an administrator to decide. By a feed or a list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.db import transaction

from access.models import StopReason, User, UserState
from access.people.actions.deciding import leave, suspend
from access.people.actions.inviting import withdraw
from access.rules.administering import people_administered
from access.rules.errors import NotFoundError, RefusedError, WrongStateError
from access.software.feeds import Member, as_member, people_of
from audit.actors import Actor, Process
from audit.events import EventKind, Outcome
from audit.recorder import About, record

# A list that names more people than this, and more than half of all there are, is most likely the wrong one.
FEW = 20


class WrongListError(RefusedError):
    """A feed would suspend more than half of an organisation: somebody must look first."""

    outcome = Outcome.NOT_PERMITTED
    status = 409


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a list: how many were suspended, whose invitations were withdrawn, and who was out before."""

    suspended: int
    withdrawn: int
    already: int


class _Ending(Protocol):
    """What ends the access of somebody who left."""

    def __call__(self, *, actor: Actor | Process, user_id: int) -> object: ...


@transaction.atomic
def suspend_one(*, actor: Process, user_id: int, seen: int) -> Member:
    """Suspend one person whom the feed saw standing so, and return them as they are then.

    Raises WrongStateError where they changed since.
    """
    suspend_leaver(actor=actor, person=_as_seen(actor, user_id, seen))
    return as_member(User.objects.get(pk=user_id))


@transaction.atomic
def remove_one(*, actor: Process, user_id: int, seen: int) -> None:
    """Let one person leave, whom the feed saw standing so. Raises WrongStateError where that changed since."""
    person = _as_seen(actor, user_id, seen)
    if person.state == UserState.INVITED:
        withdraw(actor=actor, user_id=person.pk)
    else:
        leave(actor=actor, user_id=person.pk)


@transaction.atomic
def suspend_leaver(*, actor: Actor | Process, person: User) -> UserState:
    """Suspend the person as one who left, or withdraw their invitation. Returns where they stood before.

    Whoever is out already stays as they are: said twice, it is done once.
    """
    before = UserState(person.state)
    step = STEPS.get(before)
    if step:
        step(actor=actor, user_id=person.pk)
    return before


@transaction.atomic
def receive_leavers(*, actor: Actor | Process, user_ids: Sequence[int]) -> Received:
    """Suspend each of them as one who left: all of them or nobody. Only people within the actor's reach.

    Raises WrongListError where software names more than FEW people and more than half of all who have access.
    """
    record(EventKind.FEED_RECEIVED, About(fields=["leavers"]), actor=actor)
    # All rows at once and in one order: nobody changes half-way, and two lists at a time do not wait for each other.
    reach = people_administered(actor) if isinstance(actor, Actor) else people_of(actor)
    named = reach.select_for_update().filter(pk__in=user_ids).order_by("pk")
    if isinstance(actor, Process):
        _check_plausible(actor, named)
    before = [suspend_leaver(actor=actor, person=person) for person in named]
    withdrawn = before.count(UserState.INVITED)
    suspended = before.count(UserState.JOINING) + before.count(UserState.ACTIVE)
    return Received(suspended, withdrawn, len(before) - suspended - withdrawn)


def _as_seen(feed: Process, user_id: int, seen: int) -> User:
    person = people_of(feed).select_for_update().filter(pk=user_id).first()
    if person is None:
        raise NotFoundError
    if person.standing != seen:
        raise WrongStateError("Somebody changed this person meanwhile. Read them again before you change them.")
    return person


def _check_plausible(feed: Process, people: Iterable[User]) -> None:
    stopping = sum(person.state in STEPS for person in people)
    if stopping > FEW and 2 * stopping > people_of(feed).filter(state__in=STEPS).count():
        raise WrongListError


def _suspend(*, actor: Actor | Process, user_id: int) -> None:
    suspend(actor=actor, user_id=user_id, reason=StopReason.LEFT)


STEPS: dict[UserState, _Ending] = {
    UserState.INVITED: withdraw,
    UserState.JOINING: _suspend,
    UserState.ACTIVE: _suspend,
}
