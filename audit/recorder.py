"""The one way into the log."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection

from audit.actors import Actor, Process
from audit.events import EventKind, Outcome
from audit.models import Event


class NotInTransactionError(Exception):
    """An event was about to be written apart from what it tells of."""


@dataclass(frozen=True, kw_only=True)
class About:
    """What an event is about, beyond who did it."""

    child_id: int | None = None
    user_id: int | None = None
    reason: str = ""
    shown: Sequence[int] = ()
    fields: Sequence[str] = ()
    trail: UUID | None = None
    criteria: dict[str, str] | None = field(default=None, repr=False)


def record(
    kind: EventKind, about: About | None = None, *, actor: Actor | Process, outcome: Outcome = Outcome.DONE
) -> Event:
    """Write the event in the transaction of what it tells of: both happen or neither does.

    Raises NotInTransactionError outside a transaction.
    """
    _check_in_transaction(kind)
    event = _event(kind, about or About(), actor, outcome)
    event.save()
    return event


def record_each(kind: EventKind, abouts: Sequence[About], *, actor: Actor | Process) -> None:
    """Write one event for each of `abouts`, at once. As `record` otherwise."""
    _check_in_transaction(kind)
    Event.objects.bulk_create(_event(kind, about, actor, Outcome.DONE) for about in abouts)


def _check_in_transaction(kind: EventKind) -> None:
    if not connection.in_atomic_block:
        raise NotInTransactionError(f"{kind} must be recorded in the transaction of what it tells of.")


def _event(kind: EventKind, about: About, actor: Actor | Process, outcome: Outcome) -> Event:
    event = Event(
        kind=kind,
        outcome=outcome,
        request_id=actor.request_id,
        organisation_id=actor.organisation_id,
        authority_id=actor.authority_id,
        child_id=about.child_id,
        user_id=about.user_id,
        reason=about.reason,
        shown=list(about.shown),
        fields=list(about.fields),
        trail=about.trail,
        criteria=about.criteria,
    )
    if isinstance(actor, Actor):
        event.actor_id, event.role, event.session_id = actor.user_id, actor.role, actor.session_id
    else:
        event.process = actor.name
    return event
