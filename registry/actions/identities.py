"""New identities: asked for and approved here, made by the worker; and which two records are one, read by two people.

Each step is an event, and taken by the database from it (docs/adr/0042).
"""

import hashlib
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from access.rules.decisions import check_can
from access.rules.errors import NotFoundError, OwnCaseError, WrongStateError
from access.rules.roles import Permission
from audit.actors import Actor
from audit.events import EventKind
from audit.reasons import EscrowReason, IdentityReason, IdentityRefusal
from audit.recorder import About, record, record_first
from registry import statements
from registry.actions.steps import ChangedError, check_seen, find, take_step
from registry.protection import escrow
from registry.protection.new_identity import Wanted, seal_wanted
from registry.record import Identity
from registry.rules.numbers import OWN, number_fingerprint, shown
from registry.selectors import identities
from registry.selectors.identities import LinkRequest, Request
from registry.selectors.records import identity_of
from registry.shown import child_told

ASKED_ALREADY = "A new identity was asked for already. See below how far it is."
TOGETHER = (
    "This record lies together with another, or that is asked for. Have the two parted, or close the request. Then "
    "you can ask for a new identity."
)
LINK_ASKED_ALREADY = "Somebody asked for this already, and it waits for another administrator."
NOT_READY = "It is being opened, which takes some seconds. Try again."
SHOWN_BEFORE = "It was shown to you before, or given longer ago than a day. It is shown once. You can ask anew."


class OtherRecordError(Exception):
    """The number is not that of the closed record. Nothing was opened."""


@dataclass(frozen=True, slots=True)
class Found:
    """A record with the number that was typed, and whether it is closed for a new identity."""

    child_id: int
    closed: bool


@dataclass(frozen=True, slots=True)
class Going:
    """What goes on in the authorities whose records the actor answers for."""

    requests: list[Request]
    links: list[LinkRequest]


@dataclass(frozen=True, slots=True)
class IdentityRead:
    """A child for whom a new identity is asked, or may be: who they are, and the requests in their order.

    `together`: the record lies together with another, or is asked to, and none is asked for.
    """

    identity: Identity
    requests: list[Request]
    together: bool

    @property
    def open(self) -> Request | None:
        return next((each for each in self.requests if each.outcome != "refused"), None)


def find_record(*, actor: Actor, number: str) -> Found:
    """The record with that registry number, of an authority for which the actor decides. Recorded, without the number.

    Raises NotFoundError.
    """
    check_can(actor, Permission.SHIELD_DECIDE)
    presented = number_fingerprint(OWN, number)
    token = hashlib.sha256(presented + actor.request_id.bytes).hexdigest()
    ticket = record_first(EventKind.IDENTITY_LISTED, About(fields=[f"asked.{token}"]), actor=actor)
    with ticket.shown():
        rows = statements.rows("SELECT child_id, closed FROM registry_identity_child(%s)", presented)
    if not rows:
        raise NotFoundError
    return Found(*rows[0])


def list_identities(*, actor: Actor) -> Going:
    """What goes on in the authorities for which the actor decides. Recorded. Names nobody."""
    check_can(actor, Permission.SHIELD_DECIDE)
    ticket = record_first(EventKind.IDENTITY_LISTED, actor=actor)
    with ticket.shown():
        return Going(identities.requests(), identities.links())


def read_identity(*, actor: Actor, child_id: int) -> IdentityRead:
    """Who the child is and what was asked for. Recorded. Raises NotFoundError where it is not the actor's to decide."""
    check_can(actor, Permission.SHIELD_DECIDE)
    ticket = record_first(EventKind.IDENTITY_READ, About(child_id=child_id), actor=actor)
    with ticket.shown():
        told = statements.value("SELECT registry_identity_who()")
        if told is None:
            raise NotFoundError(child_id=child_id)
        identity = identity_of(child_told(told), today=timezone.localdate())
        return IdentityRead(identity, identities.requests(), together=told["together"])


def ask_identity(*, actor: Actor, child_id: int, reason: IdentityReason, wanted: Wanted) -> None:
    """Ask for it. The child is hidden from now on.

    Raises WrongStateError where somebody asked already, or the record lies together with another.
    """
    before = read_identity(actor=actor, child_id=child_id)
    if before.open:
        raise WrongStateError(ASKED_ALREADY)
    if before.together:
        raise WrongStateError(TOGETHER)
    with transaction.atomic():
        record(EventKind.IDENTITY_ASKED, About(child_id=child_id, reason=reason), actor=actor)
        sealed = seal_wanted(wanted, child_id=child_id)
        if statements.value("SELECT registry_identity_ask(%s)", sealed) is None:
            raise WrongStateError(ASKED_ALREADY)


def approve_identity(*, actor: Actor, child_id: int, request_id: int, seen: int) -> None:
    """Approve it: the worker closes the record. Raises OwnCaseError for whoever asked, ChangedError."""
    _decide(EventKind.IDENTITY_APPROVED, actor, child_id, request_id, seen)


def refuse_identity(*, actor: Actor, child_id: int, request_id: int, why: IdentityRefusal, seen: int) -> None:
    """Refuse it, or take back what one asked for. The child stays hidden. Raises ChangedError."""
    _decide(EventKind.IDENTITY_REFUSED, actor, child_id, request_id, seen, why)


def ask_link(*, actor: Actor, child_id: int, reason: EscrowReason) -> None:
    """Ask to read which record goes on with a closed one. Raises WrongStateError where somebody asked already."""
    check_can(actor, Permission.SHIELD_DECIDE)
    with transaction.atomic():
        record(EventKind.ESCROW_ASKED, About(child_id=child_id, reason=reason), actor=actor)
        if statements.value("SELECT registry_escrow_ask()") is None:
            raise WrongStateError(LINK_ASKED_ALREADY)


def link_request(*, actor: Actor, request_id: int) -> LinkRequest:
    """The request, while it goes on. Recorded. Raises NotFoundError."""
    return find(list_identities(actor=actor).links, request_id)


def give_link(*, actor: Actor, request_id: int, number: str, seen: int) -> None:
    """Give what another asked for, of the closed record with that number.

    Raises OwnCaseError for whoever asked, OtherRecordError where the number is not that record's, ChangedError.
    """
    try:
        _answer(EventKind.ESCROW_OPENED, actor, request_id, seen, number_fingerprint(OWN, number))
    except ChangedError:
        now = link_request(actor=actor, request_id=request_id)
        check_seen(now, seen, stands=not now.outcome)
        raise OtherRecordError from None  # where nothing else changed, it is the number


def refuse_link(*, actor: Actor, request_id: int, seen: int) -> None:
    """Refuse it, or take back what one asked for. Raises ChangedError."""
    _answer(EventKind.ESCROW_REFUSED, actor, request_id, seen, None)


def read_link(*, actor: Actor, request_id: int) -> str:
    """The number of the record that goes on, as it is read out: once, to who asked and to who gave it. Recorded.

    Raises WrongStateError where it is not open yet, or was shown; NotFoundError to anybody else.
    """
    asked = link_request(actor=actor, request_id=request_id)
    if actor.user_id not in (asked.asked_by_id, asked.decided_by_id) or asked.outcome != "opened":
        raise NotFoundError
    if asked.answered_at is None:
        raise WrongStateError(NOT_READY)
    about = About(child_id=asked.child_id, fields=[f"escrow.{request_id}"])
    ticket = record_first(EventKind.IDENTITY_READ, about, actor=actor)
    with ticket.shown():
        rows = statements.rows("SELECT id, row_version, answer FROM registry_escrow_answer(%s)", request_id)
    if not rows or rows[0][2] is None:
        raise WrongStateError(SHOWN_BEFORE)
    row, version, stored = rows[0]
    return shown(escrow.open_answer(bytes(stored), row=row, version=version))


def _decide(
    kind: EventKind, actor: Actor, child_id: int, request_id: int, seen: int, why: IdentityRefusal | None = None
) -> None:
    request = find(read_identity(actor=actor, child_id=child_id).requests, request_id, child_id=child_id)
    check_seen(request, seen, stands=not request.outcome)
    if kind == EventKind.IDENTITY_APPROVED and actor.user_id == request.asked_by_id:
        raise OwnCaseError
    about = About(child_id=child_id, reason=why or request.reason, fields=[f"identity.{request_id}"])
    statement = "SELECT registry_identity_decide(%s, %s)"
    take_step(actor=actor, kind=kind, about=about, statement=statement, told=[request_id, seen])


def _answer(kind: EventKind, actor: Actor, request_id: int, seen: int, presented: bytes | None) -> None:
    asked = link_request(actor=actor, request_id=request_id)
    check_seen(asked, seen, stands=not asked.outcome)
    if kind == EventKind.ESCROW_OPENED and actor.user_id == asked.asked_by_id:
        raise OwnCaseError
    reason = asked.reason if kind == EventKind.ESCROW_OPENED else ""
    about = About(child_id=asked.child_id, reason=reason, fields=[f"escrow.{asked.id}"])
    statement = "SELECT registry_escrow_decide(%s, %s, %s)"
    take_step(actor=actor, kind=kind, about=about, statement=statement, told=[asked.id, seen, presented])
