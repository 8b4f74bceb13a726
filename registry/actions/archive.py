"""Records in the archive: asked for by one administrator, given by another, read by the first, once (docs/adr/0049)."""

import hashlib
import json

from django.db import transaction
from django.utils import timezone

from access.rules.decisions import check_can
from access.rules.errors import NotFoundError, OwnCaseError, WrongStateError
from access.rules.roles import Permission
from audit.actors import Actor
from audit.events import EventKind
from audit.reasons import ArchiveReason
from audit.recorder import About, record, record_first
from registry import statements
from registry.actions.identities import OtherRecordError
from registry.actions.steps import ChangedError, check_seen, find, take_step
from registry.models import ArchiveRequest
from registry.models.archive import GIVEN, THERE
from registry.record import Record
from registry.rules.numbers import OWN, number_fingerprint
from registry.selectors.archive import Request, requests
from registry.selectors.records import record_of
from registry.shown import child_told

ASKED_ALREADY = "Somebody asked for this record already, and it waits for another administrator."
SHOWN_BEFORE = "It was shown to you before, or found longer ago than a day. It is shown once. You can ask anew."


def ask_archive(*, actor: Actor, number: str, reason: ArchiveReason) -> None:
    """Ask to read the record with that registry number. Raises WrongStateError where somebody asked already.

    Nobody is told whether there is one.
    """
    check_can(actor, Permission.ARCHIVE_READ)
    presented = number_fingerprint(OWN, number)
    token = hashlib.sha256(presented + actor.request_id.bytes).hexdigest()
    with transaction.atomic():
        record(EventKind.ARCHIVE_ASKED, About(reason=reason, fields=[f"asked.{token}"]), actor=actor)
        if statements.value("SELECT registry_archive_ask(%s)", presented) is None:
            raise WrongStateError(ASKED_ALREADY)


def list_archive(*, actor: Actor) -> list[Request]:
    """What was asked of the archive in the authorities for which the actor decides. Recorded. Names nobody."""
    check_can(actor, Permission.ARCHIVE_READ)
    ticket = record_first(EventKind.ARCHIVE_LISTED, actor=actor)
    with ticket.shown():
        return requests()


def archive_request(*, actor: Actor, request_id: int) -> Request:
    """The request, while it goes on. Recorded. Raises NotFoundError."""
    return find(list_archive(actor=actor), request_id)


def give_archive(*, actor: Actor, request_id: int, number: str, seen: int) -> None:
    """Give what another asked for, of the record with that number.

    Raises OwnCaseError for whoever asked, OtherRecordError where the number is not that record's, ChangedError.
    """
    try:
        _decide(EventKind.ARCHIVE_GIVEN, actor, request_id, seen, number_fingerprint(OWN, number))
    except ChangedError:
        now = archive_request(actor=actor, request_id=request_id)
        check_seen(now, seen, stands=not now.outcome)
        raise OtherRecordError from None  # where nothing else changed, it is the number


def refuse_archive(*, actor: Actor, request_id: int, seen: int) -> None:
    """Refuse it, or take back what one asked for. Raises ChangedError."""
    _decide(EventKind.ARCHIVE_REFUSED, actor, request_id, seen, None)


def open_archived(*, actor: Actor, request_id: int) -> Record:
    """The record, as the actor may see it, to who asked and nobody else: once, within a day. Recorded.

    Raises WrongStateError where it was shown before, NotFoundError where there is nothing to show.
    """
    asked = archive_request(actor=actor, request_id=request_id)
    if actor.user_id != asked.asked_by_id or asked.outcome != GIVEN or asked.found != THERE:
        raise NotFoundError
    about = About(child_id=asked.child_id, reason=asked.reason, fields=[f"archive.{request_id}"])
    ticket = record_first(EventKind.ARCHIVE_OPENED, about, actor=actor)
    with ticket.shown():
        rows = statements.rows("SELECT id, row_version, answer FROM registry_archive_answer(%s)", request_id)
    if not rows or rows[0][2] is None:
        raise WrongStateError(SHOWN_BEFORE)
    row, version, stored = rows[0]
    (field,) = ArchiveRequest.sealed_fields()
    answer: str = field.open_stored(bytes(stored), row=row, version=version)
    return record_of(child_told(json.loads(answer)), actor=actor, today=timezone.localdate())


def _decide(kind: EventKind, actor: Actor, request_id: int, seen: int, presented: bytes | None) -> None:
    asked = archive_request(actor=actor, request_id=request_id)
    check_seen(asked, seen, stands=not asked.outcome)
    if kind == EventKind.ARCHIVE_GIVEN and actor.user_id == asked.asked_by_id:
        raise OwnCaseError
    reason = asked.reason if kind == EventKind.ARCHIVE_GIVEN else ""
    about = About(reason=reason, fields=[f"archive.{asked.id}"])
    statement = "SELECT registry_archive_decide(%s, %s, %s)"
    take_step(actor=actor, kind=kind, about=about, statement=statement, told=[asked.id, seen, presented])
