"""Two records of one child: compared, asked to be put under one or parted, and approved. The worker does it.

Each step is an event, and taken by the database from it (docs/adr/0048).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from access.rules.decisions import check_can
from access.rules.errors import NotFoundError, OwnCaseError, WrongStateError
from access.rules.roles import Permission
from audit.actors import Actor
from audit.events import EventKind
from audit.reasons import MergeReason, MergeRefusal, PartReason
from audit.recorder import About, record, record_first
from registry import statements
from registry.actions.steps import check_seen, find, take_step
from registry.record import Compared
from registry.rules.numbers import OWN, number_fingerprint
from registry.selectors import merging
from registry.selectors.merging import Request
from registry.selectors.records import compared_of

ASKED_ALREADY = "Somebody asked something about one of these records already. See under waiting how far it is."
SAME_RECORD = "These are the numbers of one record"
OTHERS_UNDER = "Other records lie under the one that would go under. Part those first, or let it be the one that stays."
PROTECTED_STAYS = "The record that would go under is protected, and the other is not. Let the protected one stay."
TWO_COUNCILS = "Two councils answer for these records. Hand one over first, so that one council answers for both."
OFFERED = "One of these records is offered to another council. Wait for its answer, or withdraw the offer."


@dataclass(frozen=True, slots=True)
class Two:
    """Two records by our ids: the one that stays, and the one that lies under it or would."""

    stays: int
    under: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two records side by side, and what was asked about them, in its order."""

    stays: Compared
    under: Compared
    requests: list[Request]

    @property
    def open(self) -> Request | None:
        return next((each for each in self.requests if each.goes_on), None)

    @property
    def together(self) -> bool:
        """Whether the one lies under the other now."""
        return self.under.lies_under

    @property
    def hindrance(self) -> str:
        """Why the one cannot be put under the other; nothing where it can, or where it lies there."""
        if self.together:
            return ""
        if not self.under.of_one_authority:
            return TWO_COUNCILS
        if self.stays.offered or self.under.offered:
            return OFFERED
        if self.under.holds_others:
            return OTHERS_UNDER
        return PROTECTED_STAYS if self.under.protected and not self.stays.protected else ""


def find_two(*, actor: Actor, stays: str, under: str) -> Two:
    """The records with these registry numbers, of authorities for which the actor decides. Recorded, without either.

    Where one lies under the other already, in that order. Raises NotFoundError, or WrongStateError for one record.
    """
    check_can(actor, Permission.MERGE_DECIDE)
    (first, first_stays), (second, second_stays) = (_look_up(actor, number) for number in (stays, under))
    if first == second:
        raise WrongStateError(SAME_RECORD)
    if first_stays == second:
        return Two(stays=second, under=first)
    if first_stays is not None or second_stays not in (None, first):
        raise NotFoundError  # it lies under a third
    return Two(stays=first, under=second)


def _look_up(actor: Actor, number: str) -> tuple[int, int | None]:
    presented = number_fingerprint(OWN, number)
    token = hashlib.sha256(presented + actor.request_id.bytes).hexdigest()
    ticket = record_first(EventKind.MERGE_LISTED, About(fields=[f"asked.{token}"]), actor=actor)
    with ticket.shown():
        rows = statements.rows("SELECT child_id, stays_id FROM registry_merge_child(%s)", presented)
    if not rows:
        raise NotFoundError
    child_id, stays_id = rows[0]
    return child_id, stays_id


def list_merges(*, actor: Actor) -> list[Request]:
    """What goes on in the authorities for which the actor decides. Recorded. Names nobody."""
    check_can(actor, Permission.MERGE_DECIDE)
    ticket = record_first(EventKind.MERGE_LISTED, actor=actor)
    with ticket.shown():
        return merging.requests()


def compare(*, actor: Actor, two: Two) -> Comparison:
    """Both records, side by side. Recorded of each, before it is read. Raises NotFoundError where one is not theirs."""
    check_can(actor, Permission.MERGE_DECIDE)
    under, _requests = _read(actor, two.under, two.stays)
    stays, requests = _read(actor, two.stays, two.under)
    return Comparison(stays, under, requests)


def _read(actor: Actor, child_id: int, beside: int) -> tuple[Compared, list[Request]]:
    about = About(child_id=child_id, fields=[f"beside.{beside}"])
    ticket = record_first(EventKind.MERGE_READ, about, actor=actor)
    with ticket.shown():
        told: Mapping[str, Any] | None = statements.value("SELECT registry_merge_who()")
        if told is None:
            raise NotFoundError(child_id=child_id)
        requests = merging.requests()
    return compared_of(told, today=timezone.localdate()), requests


def ask(*, actor: Actor, two: Two, reason: MergeReason | PartReason) -> None:
    """Ask that the one be put under the other, or with a PartReason that they be parted again.

    Raises WrongStateError, with why, where it cannot be.
    """
    before = compare(actor=actor, two=two)
    parts = isinstance(reason, PartReason)
    if before.open is not None or before.together != parts:
        raise WrongStateError(ASKED_ALREADY)
    if before.hindrance:
        raise WrongStateError(before.hindrance)
    about = About(child_id=two.stays, fields=[f"under.{two.under}"], reason=reason)
    with transaction.atomic():
        if parts:
            record(EventKind.MERGE_PART_ASKED, about, actor=actor)
        else:
            record(EventKind.MERGE_ASKED, about, actor=actor)
        if statements.value("SELECT registry_merge_ask()") is None:
            raise WrongStateError(ASKED_ALREADY)


def approve(*, actor: Actor, two: Two, request_id: int, seen: int) -> None:
    """Approve it: the worker does it. Raises OwnCaseError for whoever asked, ChangedError."""
    asked = find(compare(actor=actor, two=two).requests, request_id, child_id=two.stays)
    check_seen(asked, seen, stands=not asked.outcome)
    if actor.user_id == asked.asked_by_id:
        raise OwnCaseError(child_id=two.stays)
    if asked.parts:
        _decide(EventKind.MERGE_PART_APPROVED, actor, two, request_id, seen, asked.reason)
    else:
        _decide(EventKind.MERGE_APPROVED, actor, two, request_id, seen, asked.reason)


def refuse(*, actor: Actor, two: Two, request_id: int, why: MergeRefusal, seen: int) -> None:
    """Refuse it, or take back what one asked for. Nothing changes. Raises ChangedError."""
    check_can(actor, Permission.MERGE_DECIDE)
    _decide(EventKind.MERGE_REFUSED, actor, two, request_id, seen, why)


def _decide(kind: EventKind, actor: Actor, two: Two, request_id: int, seen: int, reason: str) -> None:
    take_step(
        actor=actor,
        kind=kind,
        about=About(child_id=two.stays, fields=[f"merge.{request_id}"], reason=reason),
        statement="SELECT registry_merge_decide(%s, %s)",
        told=[request_id, seen],
    )
