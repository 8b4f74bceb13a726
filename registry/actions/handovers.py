"""Records handed over: offered by the authority that answers for them, accepted or declined by another.

Each step is an event, and taken by the database from it (docs/adr/0050).
"""

import hashlib
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from access.rules.decisions import check_can
from access.rules.errors import NotFoundError, NotPermittedError, OwnCaseError, WrongStateError
from access.rules.roles import Permission
from audit.actors import Actor
from audit.events import EventKind
from audit.reasons import HandoverReason, HandoverRefusal
from audit.recorder import About, record, record_first
from registry import statements
from registry.actions.steps import check_seen, find, take_step
from registry.record import Identity
from registry.rules.numbers import OWN, number_fingerprint
from registry.selectors import handovers
from registry.selectors.handovers import Offer
from registry.selectors.records import identity_of
from registry.shown import child_told

NOT_NOW = (
    "This record cannot be offered now: it is offered already, or a new identity is asked for, or that it and another "
    "record be put under one. Deal with that first."
)
STEP = "SELECT registry_handover_step(%s, %s)"


@dataclass(frozen=True, slots=True)
class HandoverRead:
    """A child whose record is offered, or may be: who they are, and the offers in their order."""

    identity: Identity
    offers: list[Offer]

    @property
    def open(self) -> Offer | None:
        return next((each for each in self.offers if not each.outcome), None)


def find_own_record(*, actor: Actor, number: str) -> int:
    """The record with that registry number, of an authority for which the actor decides. Recorded, without the number.

    Raises NotFoundError, also where it is another authority's, closed or archived.
    """
    check_can(actor, Permission.HANDOVER_KEEP)
    presented = number_fingerprint(OWN, number)
    token = hashlib.sha256(presented + actor.request_id.bytes).hexdigest()
    ticket = record_first(EventKind.HANDOVER_LISTED, About(fields=[f"asked.{token}"]), actor=actor)
    with ticket.shown():
        child_id: int | None = statements.value("SELECT registry_handover_child(%s)", presented)
    if child_id is None:
        raise NotFoundError
    return child_id


def list_offers(*, actor: Actor) -> list[Offer]:
    """What is open, to or from the authorities for which the actor decides. Recorded. Names nobody."""
    check_can(actor, Permission.HANDOVER_KEEP)
    ticket = record_first(EventKind.HANDOVER_LISTED, actor=actor)
    with ticket.shown():
        return handovers.offers()


def read_offer(*, actor: Actor, child_id: int) -> HandoverRead:
    """Who the child is and what was offered. Recorded. Raises NotFoundError where it is not the actor's."""
    check_can(actor, Permission.HANDOVER_KEEP)
    ticket = record_first(EventKind.HANDOVER_READ, About(child_id=child_id), actor=actor)
    with ticket.shown():
        told = statements.value("SELECT registry_handover_who()")
        if told is None:
            raise NotFoundError(child_id=child_id)
        return HandoverRead(identity_of(child_told(told), today=timezone.localdate()), handovers.offers())


def offer_record(*, actor: Actor, child_id: int, to_id: int, reason: HandoverReason) -> None:
    """Offer it. Nothing changes until it is accepted. Raises WrongStateError where it cannot be offered now."""
    read_offer(actor=actor, child_id=child_id)
    about = About(child_id=child_id, reason=reason, fields=[f"authority.{to_id}"])
    with transaction.atomic():
        record(EventKind.HANDOVER_OFFERED, about, actor=actor)
        if statements.value("SELECT registry_handover_offer()") is None:
            raise WrongStateError(NOT_NOW)


def accept_offer(*, actor: Actor, child_id: int, offer_id: int, seen: int) -> None:
    """Take the record over: the actor's authority answers for it from now on. Raises OwnCaseError, ChangedError."""
    offer = _offer_to_answer(actor, child_id, offer_id, seen)
    about = About(child_id=child_id, reason=offer.reason, fields=[f"handover.{offer_id}"])
    take_step(actor=actor, kind=EventKind.HANDOVER_ACCEPTED, about=about, statement=STEP, told=[offer_id, seen])


def decline_offer(*, actor: Actor, child_id: int, offer_id: int, why: HandoverRefusal, seen: int) -> None:
    """Do not take it over. The one that offered it answers for it as before. Raises OwnCaseError, ChangedError."""
    _offer_to_answer(actor, child_id, offer_id, seen)
    about = About(child_id=child_id, reason=why, fields=[f"handover.{offer_id}"])
    take_step(actor=actor, kind=EventKind.HANDOVER_DECLINED, about=about, statement=STEP, told=[offer_id, seen])


def withdraw_offer(*, actor: Actor, child_id: int, offer_id: int, seen: int) -> None:
    """Take back what the actor's authority offered. Raises ChangedError."""
    _offer(actor, child_id, offer_id, seen)
    about = About(child_id=child_id, fields=[f"handover.{offer_id}"])
    take_step(actor=actor, kind=EventKind.HANDOVER_WITHDRAWN, about=about, statement=STEP, told=[offer_id, seen])


def _offer_to_answer(actor: Actor, child_id: int, offer_id: int, seen: int) -> Offer:
    offer = _offer(actor, child_id, offer_id, seen)
    if not offer.to_answer:
        raise NotPermittedError(child_id=child_id)
    if actor.user_id == offer.offered_by_id:
        raise OwnCaseError(child_id=child_id)
    return offer


def _offer(actor: Actor, child_id: int, offer_id: int, seen: int) -> Offer:
    offer = find(read_offer(actor=actor, child_id=child_id).offers, offer_id, child_id=child_id)
    check_seen(offer, seen, stands=not offer.outcome)
    return offer
