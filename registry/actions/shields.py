"""Shields: asked for, decided, approved, reviewed and lifted. Each step is an event, and taken by the database from it.

What a process says of a step beyond its event counts for nothing (docs/adr/0039).
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from access.rules.decisions import check_can
from access.rules.errors import OwnCaseError, WrongStateError
from access.rules.roles import Permission
from audit.actors import Actor
from audit.events import EventKind
from audit.reasons import ShieldAsker, ShieldDecision, ShieldIdentity, ShieldLifting, ShieldReason, ShieldReview
from audit.recorder import About, record, record_first
from registry import statements
from registry.actions.steps import check_seen, find, take_step
from registry.models import Override, Shield, ShieldRequest
from registry.policies.records import child_to_open
from registry.record import Identity
from registry.selectors import leaves, shields
from registry.selectors.leaves import Leave
from registry.selectors.records import identity_of

URGENT, ORDINARY = "urgent", "ordinary"
ASKED_ALREADY = "You asked for this before, and it waits for a decision. You need do nothing more."
SHIELDED_ALREADY = "This child’s details are protected already. You need do nothing more."


@dataclass(frozen=True, slots=True)
class Wanted:
    """Why a child is to be shielded, who wants it, how that was checked, and whether it cannot wait."""

    reason: ShieldReason
    asker: ShieldAsker
    identity_check: ShieldIdentity
    urgent: bool


@dataclass(frozen=True, slots=True)
class ToAsk:
    """The child for whom somebody may ask; what they asked for before and still waits; else what was answered last."""

    identity: Identity
    shielded: bool
    own: ShieldRequest | None
    answered: ShieldRequest | None


@dataclass(frozen=True, slots=True)
class ShieldRead:
    """All about one child's shield, to those who decide: requests and shields in their order."""

    identity: Identity
    requests: list[ShieldRequest]
    shields: list[Shield]
    leaves: list[Leave]
    overrides: list[Override]

    @property
    def in_force(self) -> Shield | None:
        return next((shield for shield in self.shields if shield.ended_on is None), None)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What those who decide have before them: requests that are open, and shields in force, the next review first.

    Besides leave that somebody asked for, and shields that were overridden within 26 weeks.
    """

    requests: list[ShieldRequest]
    shields: list[Shield]
    leaves: list[Leave]
    overrides: list[Override]


def shield_to_ask(*, actor: Actor, child_id: int) -> ToAsk:
    """The child, to a practitioner who asks for a shield, and what they asked for before. Recorded as shown."""
    check_can(actor, Permission.SHIELD_ASK)
    ticket = record_first(EventKind.CHILD_SHOWN, About(child_id=child_id), actor=actor)
    child = child_to_open(ticket, child_id)
    with ticket.shown():
        asked = shields.requests()
    own = next((each for each in asked if each.approved_at is None), None)
    answered = max((each for each in asked if each.approved_at), key=lambda each: each.pk, default=None)
    return ToAsk(identity_of(child, today=timezone.localdate()), child.shielded, own, answered)


def ask_shield(*, actor: Actor, child_id: int, wanted: Wanted) -> int:
    """Ask that the child be shielded; where it is urgent, they are from now on. Returns the request's number.

    Raises WrongStateError where they are shielded, or the actor's own request waits; NotAllowedError where the actor
    has not opened the record in this session.
    """
    before = shield_to_ask(actor=actor, child_id=child_id)
    if before.shielded or before.own:
        raise WrongStateError(ASKED_ALREADY if before.own else SHIELDED_ALREADY)
    told = [wanted.asker, wanted.identity_check, URGENT if wanted.urgent else ORDINARY]
    with transaction.atomic():
        record(EventKind.SHIELD_ASKED, About(child_id=child_id, reason=wanted.reason, fields=told), actor=actor)
        request_id: int | None = statements.value("SELECT registry_shield_ask()")
        if request_id is None:  # from another tab, or by somebody else, in this very moment
            raise WrongStateError(SHIELDED_ALREADY)
    return request_id


def list_shields(*, actor: Actor) -> Waiting:
    """What waits, and what is in force, in the authorities whose shields the actor decides. Recorded."""
    check_can(actor, Permission.SHIELD_DECIDE)
    ticket = record_first(EventKind.SHIELD_LISTED, actor=actor)
    with ticket.shown():
        return Waiting(*_all())


def read_shield(*, actor: Actor, child_id: int) -> ShieldRead:
    """All about the child's shield. Recorded. Raises NotFoundError where the actor does not decide about it."""
    return _read(actor, child_id)


def decide_shield(*, actor: Actor, child_id: int, request_id: int, decision: ShieldDecision, seen: int) -> None:
    """Decide about a request; a second person approves. Raises OwnCaseError for whoever asked, ChangedError."""
    _with_request(EventKind.SHIELD_DECIDED, actor, child_id, request_id, seen, decision)


def return_shield(*, actor: Actor, child_id: int, request_id: int, seen: int) -> None:
    """Send a decision back, to be decided anew. Raises ChangedError."""
    _with_request(EventKind.SHIELD_RETURNED, actor, child_id, request_id, seen)


def approve_shield(*, actor: Actor, child_id: int, request_id: int, seen: int) -> None:
    """Approve what another decided, which comes into force.

    Raises OwnCaseError for whoever asked or decided, ChangedError.
    """
    _with_request(EventKind.SHIELD_APPROVED, actor, child_id, request_id, seen)


def review_shield(*, actor: Actor, child_id: int, shield_id: int, why: ShieldReview, seen: int) -> None:
    """Say why a shield is still needed: the next review falls due later. Raises ChangedError."""
    _with_shield(EventKind.SHIELD_REVIEWED, actor, child_id, shield_id, seen, why)


def ask_lifting(*, actor: Actor, child_id: int, shield_id: int, why: ShieldLifting, seen: int) -> None:
    """Ask that a shield be lifted; a second person does it, or refuses. Raises ChangedError."""
    _with_shield(EventKind.SHIELD_LIFT_ASKED, actor, child_id, shield_id, seen, why)


def refuse_lifting(*, actor: Actor, child_id: int, shield_id: int, seen: int) -> None:
    """Keep a shield whose lifting was asked for, also by the actor themselves. Raises ChangedError."""
    _with_shield(EventKind.SHIELD_LIFT_REFUSED, actor, child_id, shield_id, seen)


def lift_shield(*, actor: Actor, child_id: int, shield_id: int, seen: int) -> None:
    """Lift a shield, as another asked. Raises OwnCaseError for whoever asked, ChangedError."""
    _with_shield(EventKind.SHIELD_LIFTED, actor, child_id, shield_id, seen)


def _with_request(kind: EventKind, actor: Actor, child_id: int, request_id: int, seen: int, reason: str = "") -> None:
    request = find(_read(actor, child_id).requests, request_id, child_id=child_id)
    check_seen(request, seen, stands=request.approved_at is None)
    own = {
        EventKind.SHIELD_DECIDED: (request.asked_by_id,),
        EventKind.SHIELD_APPROVED: (request.asked_by_id, request.decided_by_id),
    }
    if actor.user_id in own.get(kind, ()):
        raise OwnCaseError
    why = request.decision if kind == EventKind.SHIELD_APPROVED else reason
    about = About(child_id=child_id, reason=why, fields=[f"request.{request_id}"])
    statement = "SELECT registry_shield_decide(%s, %s)"
    take_step(actor=actor, kind=kind, about=about, statement=statement, told=[request_id, seen])


def _with_shield(kind: EventKind, actor: Actor, child_id: int, shield_id: int, seen: int, reason: str = "") -> None:
    shield = find(_read(actor, child_id).shields, shield_id, child_id=child_id)
    check_seen(shield, seen, stands=shield.ended_on is None)
    if kind == EventKind.SHIELD_LIFTED and shield.lift_asked_by_id == actor.user_id:
        raise OwnCaseError
    why = shield.lift_reason if kind == EventKind.SHIELD_LIFTED else reason
    about = About(child_id=child_id, reason=why, fields=[f"shield.{shield_id}"])
    statement = "SELECT registry_shield_step(%s, %s)"
    take_step(actor=actor, kind=kind, about=about, statement=statement, told=[shield_id, seen])


def _read(actor: Actor, child_id: int) -> ShieldRead:
    check_can(actor, Permission.SHIELD_DECIDE)
    ticket = record_first(EventKind.SHIELD_READ, About(child_id=child_id), actor=actor)
    identity = identity_of(child_to_open(ticket, child_id), today=timezone.localdate())
    with ticket.shown():
        return ShieldRead(identity, *_all())


def _all() -> tuple[list[ShieldRequest], list[Shield], list[Leave], list[Override]]:
    return (
        shields.requests(),
        shields.shields(),
        leaves.leaves(),
        leaves.overrides(),
    )
