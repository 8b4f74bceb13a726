"""A system follows a child's record: from then on it is told that something changed, to come and ask (docs/adr/0059).

In the name of somebody at work in it who has the record open, and whose organisation works with the child. Whether a
shield hides the child changes nothing of what is answered: of a protected one nobody can say here who works with them,
and nothing is ever told.
"""

import re
import secrets
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.utils import timezone

from access.rules.errors import NotFoundError, NotPermittedError
from audit.actors import Actor
from audit.events import EventKind
from audit.recorder import About, record, record_first
from encryption.tokens import fingerprint
from registry import statements
from registry.models import Following
from registry.policies.disclosure import has_ended, is_own
from registry.policies.records import check_may_open
from registry.shown import ShownChild, read_child
from registry.values import Followed

WRITTEN = re.compile(r"[A-Za-z0-9_-]{22}")  # as they are made below
OF = "SELECT id, row_version, details FROM registry_following_of(%s)"
LED_TO = "SELECT id, row_version, child_id, details FROM registry_following_led_to(%s)"


class NotInvolvedError(NotPermittedError):
    """Their organisation does not work with the child."""

    sentence = (
        "The person’s organisation does not work with this child, so that its system is told nothing of the record. "
        "Record the involvement first, if there is one."
    )


class NotToldError(Exception):
    """The system was accredited without an address at which it could be told anything."""


@dataclass(frozen=True, slots=True)
class Follows:
    """By what a system knows that it follows a record, and the day until which it does."""

    reference: str
    until: date


def follow(*, actor: Actor, child_id: int, system_id: int) -> Follows:
    """Have the system in whose session the actor is follow the record for a year; again, for a year from today.

    Raises NotFoundError, NotInvolvedError, NotToldError; NotAllowedError where they have not opened the record for half
    an hour.
    """
    check_may_open(actor)
    ticket = record_first(EventKind.INVOLVEMENT_READ, About(child_id=child_id), actor=actor)
    pair = fingerprint("following", f"{system_id}:{actor.organisation_id}:{child_id}")
    with transaction.atomic():
        child = read_child(ticket)
        if child is None:
            raise NotFoundError(child_id=child_id)
        if not child.shielded and not _works_with(child, actor):
            raise NotInvolvedError(child_id=child_id)
        kept = _kept(child, pair)
        about = About(child_id=child_id, fields=["system", str(system_id)])
        begun = record(EventKind.CHILD_FOLLOWED, about, actor=actor)
        before: Followed | None = kept.details.open() if kept.row_version else None
        reference = before.reference if before else secrets.token_urlsafe(16)
        now = Followed(system_id, actor.organisation_id, actor.user_id, begun, reference)
        kept.details = replace(now, told=before.told) if before else now
        kept.row_version += 1
        until = _seal(kept, pair)
    return Follows(reference, until)


def unfollow(*, actor: Actor, reference: str, system_id: int) -> None:
    """End what the system knows by that, for the actor's organisation: they need not have begun it themselves.

    Ended twice, or ended by itself before, it is ended. Raises NotFoundError for what can be none.
    """
    if not WRITTEN.fullmatch(reference):
        raise NotFoundError
    presented = _presented(reference)
    with transaction.atomic():
        for row_id, version, child_id, details in statements.rows(LED_TO, presented):
            kept = _row(row_id, version, details)
            followed: Followed = kept.details.open()
            if (followed.system_id, followed.organisation_id) == (system_id, actor.organisation_id):
                about = About(child_id=child_id, fields=["system", str(system_id)])
                record(EventKind.CHILD_FOLLOWED_NO_MORE, about, actor=actor)
                statements.rows("SELECT registry_unfollow(%s)", presented)


def _works_with(child: ShownChild, actor: Actor) -> bool:
    """Whether the actor's organisation works with the child today."""
    today = timezone.localdate()
    told = (each.details.open() for each in child.involvements)
    return any(is_own(details, actor) and not has_ended(details, today) for details in told)


def _kept(child: ShownChild, pair: bytes) -> Following:
    """What the system has of this record; a new one, at no version yet, where it has none."""
    ((row_id, version, details),) = statements.rows(OF, pair)
    kept = _row(row_id, version, details)
    kept.child = child.child
    return kept


def _row(row_id: int, version: int, details: bytes | None) -> Following:
    sealed = None if details is None else f"\\x{bytes(details).hex()}"
    return Following.from_json({"id": row_id, "row_version": version, **({"details": sealed} if sealed else {})})


def _seal(kept: Following, pair: bytes) -> date:
    """Have the database keep it as it is now. Raises NotToldError."""
    (field,) = kept.sealed_fields()
    reference = _presented(kept.details.open().reference)
    told = (kept.pk, kept.row_version, pair, reference, bytes(field.pre_save(kept, add=False) or b""))
    until: date | None = statements.value("SELECT registry_follow(%s, %s, %s, %s, %s)", *told)
    if until is None:
        raise NotToldError
    return until


def _presented(reference: str) -> bytes:
    return fingerprint("reference of a following", reference)
