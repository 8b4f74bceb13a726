"""Records kept to the 25th birthday by consent: recorded, and ended, by the authority that answers for them.

Each step is an event, and taken by the database from it. The worker seals the record for its new term (docs/adr/0049).
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from access.rules.decisions import check_can
from access.rules.errors import NotFoundError, WrongStateError
from access.rules.roles import Permission
from audit.actors import Actor
from audit.events import EventKind
from audit.reasons import KeepingEnd, KeepingGround
from audit.recorder import About, record, record_first
from registry import statements
from registry.actions import identities
from registry.record import Identity
from registry.rules.retention import consent_counts, kept_until
from registry.selectors.keeping import Consent, consents
from registry.selectors.records import identity_of
from registry.shown import child_told

KEPT_ALREADY = "That this record is kept was recorded already. See below."
NOT_KEPT = "This record is not kept beyond the 18th birthday any more. See below."


class TooEarlyError(Exception):
    """Nobody consents to it before they are seventeen. Nothing was recorded."""


@dataclass(frozen=True, slots=True)
class KeepingRead:
    """Whose record it is, and the consents to keep it."""

    identity: Identity
    consents: list[Consent]

    @property
    def in_force(self) -> Consent | None:
        return next((each for each in self.consents if each.ended_at is None), None)

    @property
    def kept_until(self) -> date:
        """The 25th birthday."""
        return kept_until(self.identity.date_of_birth)


def find_record(*, actor: Actor, number: str) -> int:
    """The record with that registry number, of an authority for which the actor decides. Recorded.

    Raises NotFoundError.
    """
    check_can(actor, Permission.RECORD_KEEP)
    found = identities.find_record(actor=actor, number=number)
    if found.closed:
        raise NotFoundError
    return found.child_id


def read_keeping(*, actor: Actor, child_id: int) -> KeepingRead:
    """Whose record it is, and whether it is kept. Recorded.

    Raises NotFoundError unless its number led the actor there.
    """
    check_can(actor, Permission.RECORD_KEEP)
    ticket = record_first(EventKind.IDENTITY_READ, About(child_id=child_id), actor=actor)
    with ticket.shown():
        told = statements.value("SELECT registry_identity_who()")
        if told is None:
            raise NotFoundError(child_id=child_id)
        return KeepingRead(identity_of(child_told(told), today=timezone.localdate()), consents())


def keep_record(*, actor: Actor, child_id: int, ground: KeepingGround, given_on: date) -> None:
    """Record that the young person consented to it.

    Raises TooEarlyError, and WrongStateError where it was recorded already.
    """
    read = read_keeping(actor=actor, child_id=child_id)
    if not consent_counts(read.identity.date_of_birth, given_on):
        raise TooEarlyError
    about = About(child_id=child_id, reason=ground, fields=[f"given.{given_on.isoformat()}"])
    _take_step(EventKind.CHILD_KEPT, about, actor, KEPT_ALREADY)


def keep_no_more(*, actor: Actor, child_id: int, why: KeepingEnd) -> None:
    """End it: from now on the record goes as any other. Raises WrongStateError where it was ended already."""
    read_keeping(actor=actor, child_id=child_id)
    _take_step(EventKind.CHILD_KEPT_NO_MORE, About(child_id=child_id, reason=why), actor, NOT_KEPT)


@transaction.atomic
def _take_step(kind: EventKind, about: About, actor: Actor, otherwise: str) -> None:
    record(kind, about, actor=actor)
    if not statements.value("SELECT registry_keeping_step()"):
        raise WrongStateError(otherwise)
