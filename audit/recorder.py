"""The one way into the log."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection, transaction

from audit.actors import Actor, Process
from audit.encoding import to_json, written
from audit.errors import InTransactionError, NotInTransactionError, refusals
from audit.events import EventKind, Outcome
from audit.numbering import Stamp, writer
from audit.tickets import Ticket
from audit.vouching import voucher
from encryption import keyring, seal
from encryption.authentication import authenticate
from encryption.keys import Purpose

CRITERIA_PAD_TO = 256
EACH = "FROM jsonb_array_elements(%s::jsonb) WITH ORDINALITY AS each (told, place) ORDER BY place"


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
) -> int:
    """Write the event in the transaction of what it tells of: both happen or neither does. Returns its id.

    Raises NotInTransactionError outside a transaction, NoLiveSessionError where no live session vouches for the actor,
    NoCallError where a mediator acts in nobody's name, OverBudgetError where it would disclose too much,
    NotAllowedError where it is not theirs to do. The database decides the last four, whatever this process thinks.
    """
    (event_id,) = _write(kind, [about or About()], actor, outcome)
    return event_id


def record_first(
    kind: EventKind, about: About | None = None, *, actor: Actor | Process, outcome: Outcome = Outcome.DONE
) -> Ticket:
    """Write the event and commit it, before what it allows is read. Returns what allows that.

    Of software it allows something only where that brought its token. Raises InTransactionError inside a transaction,
    which could be rolled back later; otherwise as `record`.
    """
    if connection.in_atomic_block:
        raise InTransactionError(f"{kind} must be committed before anything is read.")
    with transaction.atomic():
        event_id = record(kind, about, actor=actor, outcome=outcome)
    return Ticket(event_id, actor.session_key if isinstance(actor, Actor) else actor.token_key or "")


def record_each(kind: EventKind, abouts: Sequence[About], *, actor: Actor | Process) -> list[int]:
    """Write one event for each of `abouts`, at once. As `record` otherwise."""
    return _write(kind, abouts, actor, Outcome.DONE)


def open_criteria(stored: bytes, *, writer_id: UUID, number: int) -> dict[str, str]:
    """What a practitioner asked, from an event's sealed `criteria`."""
    return msgspec.json.decode(seal.open_sealed(stored, _place(writer_id, number), Purpose.AUDIT), type=dict[str, str])


def _write(kind: EventKind, abouts: Sequence[About], actor: Actor | Process, outcome: Outcome) -> list[int]:
    if not connection.in_atomic_block:
        raise NotInTransactionError(f"{kind} must be recorded in the transaction of what it tells of.")
    stamps = writer().stamps(len(abouts))
    rows = [
        to_json(told(kind, about, actor=actor, outcome=outcome, stamp=stamp))
        for about, stamp in zip(abouts, stamps, strict=True)
    ]
    with refusals():
        return _call(kind, actor, rows)


def _call(kind: EventKind, actor: Actor | Process, rows: list[str]) -> list[int]:
    """Have the database check and write them."""
    with connection.cursor() as cursor:
        function, fingerprint = voucher(kind, actor)
        presented = [] if fingerprint is None else [fingerprint]
        marks = "%s, " * len(presented)
        cursor.execute(f"SELECT {function}({marks}told) {EACH}", [*presented, f"[{','.join(rows)}]"])
        return [event_id for (event_id,) in cursor.fetchall()]


def told(kind: EventKind, about: About, *, actor: Actor | Process, outcome: Outcome, stamp: Stamp) -> dict[str, Any]:
    """The columns of the event that its writer knows, its tag among them."""
    values: dict[str, Any] = {
        "kind": kind.value,
        "outcome": outcome.value,
        **_who(actor),
        "organisation_id": actor.organisation_id,
        "authority_id": actor.authority_id,
        "request_id": actor.request_id,
        "child_id": about.child_id,
        "user_id": about.user_id or _in_whose_name(actor),
        "reason": str(about.reason),
        "shown": list(about.shown),
        "fields": list(about.fields),
        "trail": about.trail,
        "criteria": _sealed(about.criteria, stamp),
        "writer": stamp.writer,
        "number": stamp.number,
        "voided": list(stamp.voided),
    }
    return values | {"authentication": authenticate(written(values))}


def _who(actor: Actor | Process) -> dict[str, Any]:
    if isinstance(actor, Actor):
        return {"actor_id": actor.user_id, "process": "", "role": str(actor.role), "session_id": actor.session_id}
    return {"actor_id": None, "process": actor.name, "role": "", "session_id": None}


def _in_whose_name(actor: Actor | Process) -> int | None:
    """A mediator's events are about nobody else than the colleague who asks, unless they say so."""
    return actor.colleague.user_id if isinstance(actor, Actor) and actor.colleague else None


def _sealed(criteria: dict[str, str] | None, stamp: Stamp) -> bytes | None:
    if criteria is None:
        return None
    key = keyring.current().sealing_key(Purpose.AUDIT)
    return seal.seal(msgspec.json.encode(criteria), _place(stamp.writer, stamp.number), key, pad_to=CRITERIA_PAD_TO)


def _place(writer_id: UUID, number: int) -> seal.Place:
    # The row's id is the database's to give; the writer's own count is as unique.
    return seal.Place(f"audit_event of {writer_id}", "criteria", number, 0)
