"""Connections with sensitive services: asked for by somebody who may not know which it is, made by the management team.

Each step is an event, and taken by the database from it (docs/adr/0041). Who asks learns of two ends alone.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from access.models import Organisation
from access.rules.decisions import check_can
from access.rules.errors import NotFoundError, WrongStateError
from access.rules.roles import Permission
from audit.actors import Actor
from audit.events import EventKind
from audit.reasons import ConnectionOutcome, ConnectionReason, ConnectionSoon, ConnectionStep
from audit.recorder import About, record, record_first
from registry import statements
from registry.actions.steps import check_seen, find, take_step
from registry.models import ConnectionNote, ConnectionRequest
from registry.policies.disclosure import services_to_connect
from registry.policies.records import child_to_open
from registry.record import Identity, KnownInvolvement
from registry.selectors import connections
from registry.selectors.connections import OwnRequest
from registry.selectors.records import identity_of, known_involvements, own_authority
from registry.shown import read_child_to_connect

ASKED_ALREADY = "You asked for this before. See below how far it is."
PROTECTED = "This child’s details are protected. No connection can be asked for here."


@dataclass(frozen=True, slots=True)
class Wanted:
    """Why a connection is needed, how soon, and where the asker can be rung."""

    reason: ConnectionReason
    soon: ConnectionSoon
    telephone: str


@dataclass(frozen=True, slots=True)
class ToAsk:
    """The child about whom somebody may ask, their own request about it if there is one, and whom to ring."""

    identity: Identity
    shielded: bool
    own: OwnRequest | None
    authority: Organisation


@dataclass(frozen=True, slots=True)
class ConnectionRead:
    """What the management team reads: who the child is, what was asked and done, and whom to ring while it is open."""

    identity: Identity
    shielded: bool
    requests: list[ConnectionRequest]
    notes: list[ConnectionNote]
    services: tuple[KnownInvolvement, ...]


def connection_to_ask(*, actor: Actor, child_id: int) -> ToAsk:
    """The child, to a practitioner who asks for a connection, and what they asked before. Recorded as shown.

    Nothing is read of the services: the page is the same whatever there are.
    """
    check_can(actor, Permission.CONNECTION_ASK)
    ticket = record_first(EventKind.CHILD_SHOWN, About(child_id=child_id), actor=actor)
    child = child_to_open(ticket, child_id)
    return ToAsk(
        identity=identity_of(child, today=timezone.localdate()),
        shielded=child.shielded,
        own=connections.own_request_of(child_id),
        authority=own_authority(actor),
    )


def ask_connection(*, actor: Actor, child_id: int, wanted: Wanted) -> None:
    """Ask that the connection be made, whether or not any sensitive service works with the child.

    Raises WrongStateError where the actor's own request is open or the child is shielded; NotAllowedError where the
    actor has not opened the record in this session.
    """
    before = connection_to_ask(actor=actor, child_id=child_id)
    if before.own and before.own.is_open:
        raise WrongStateError(ASKED_ALREADY)
    if before.shielded:
        raise WrongStateError(PROTECTED)
    with transaction.atomic():
        about = About(child_id=child_id, reason=wanted.reason, fields=[wanted.soon])
        record(EventKind.CONNECTION_ASKED, about, actor=actor)
        number: int = statements.value("SELECT registry_connection_number()")
        sealed = _sealed(number, wanted.telephone)
        if statements.value("SELECT registry_connection_ask(%s, %s)", number, sealed) is not True:
            raise WrongStateError(ASKED_ALREADY)  # from another tab, or shielded in this very moment


def list_connections(*, actor: Actor) -> list[ConnectionRequest]:
    """What is open in the authorities for which the actor makes connections, in the order of asking. Recorded."""
    check_can(actor, Permission.CONNECTION_MAKE)
    ticket = record_first(EventKind.CONNECTION_LISTED, actor=actor)
    with ticket.shown():
        return connections.requests()


def read_connection(*, actor: Actor, child_id: int) -> ConnectionRead:
    """All that was asked about the child, and the services to ring while something is open. Recorded.

    Raises NotFoundError where nobody asked but the actor, or it is not theirs to make.
    """
    check_can(actor, Permission.CONNECTION_MAKE)
    ticket = record_first(EventKind.CONNECTION_READ, About(child_id=child_id), actor=actor)
    child = read_child_to_connect(ticket)
    if child is None:
        raise NotFoundError(child_id=child_id)
    today = timezone.localdate()
    with ticket.shown():
        requests, notes = connections.requests(), connections.notes()
    return ConnectionRead(
        identity=identity_of(child, today=today),
        shielded=child.shielded,
        requests=requests,
        notes=notes,
        services=services_to_connect(known_involvements(child, actor), today=today),
    )


def note_step(*, actor: Actor, child_id: int, request_id: int, step: ConnectionStep, seen: int) -> None:
    """Note what was done. Raises ChangedError, NotFoundError."""
    _take(EventKind.CONNECTION_NOTED, actor, child_id, request_id, step, seen)


def close_connection(*, actor: Actor, child_id: int, request_id: int, outcome: ConnectionOutcome, seen: int) -> None:
    """Say how it ended; where the asker can be rung is forgotten. Raises ChangedError, NotFoundError."""
    _take(EventKind.CONNECTION_CLOSED, actor, child_id, request_id, outcome, seen)


def _take(
    kind: EventKind,
    actor: Actor,
    child_id: int,
    request_id: int,
    why: ConnectionStep | ConnectionOutcome,
    seen: int,
) -> None:
    request = find(read_connection(actor=actor, child_id=child_id).requests, request_id, child_id=child_id)
    check_seen(request, seen, stands=request.closed_at is None)
    about = About(child_id=child_id, reason=why, fields=[f"connection.{request_id}"])
    statement = "SELECT registry_connection_step(%s, %s)"
    take_step(actor=actor, kind=kind, about=about, statement=statement, told=[request_id, seen])


def _sealed(number: int, telephone: str) -> bytes:
    """The telephone number, sealed for the row that is to hold it."""
    row = ConnectionRequest(pk=number, telephone=telephone)
    (field,) = ConnectionRequest.sealed_fields()
    return bytes(field.pre_save(row, add=True) or b"")
