"""Which two records are one child's: written by the worker, and read by two people together.

The number of the record that goes on is sealed as an answer to the web process, and that is locked for the sequencer.
So it takes both processes: the sequencer takes the outer seal off where the log says that two people asked for it, and
sees no number; the web process sees what was taken off. The worker writes both and opens neither: it has the lock
alone, and no right to read the column.
"""

import structlog
from django.db import connection, transaction
from django.utils import timezone

from audit.actors import Process
from audit.alerts import raise_alert
from audit.events import Alert, EventKind
from audit.leaves import leaves
from encryption import keyring, seal
from encryption.errors import KeyMissingError, ValueDamagedError
from encryption.fields import SealedField
from encryption.keys import Purpose
from encryption.locked import lock, unlock
from encryption.models import next_ids
from registry.models import Child, Escrow
from transparency.lines import Line, parse

PAD_TO = 128
OPENING = "escrow"
# Requests that were given and are not opened, with what both of their events must name.
GIVEN = """
    SELECT one.id, one.asked_event, one.decided_event, kept.id, kept.child_id, kept.authority_id, kept.link
    FROM registry_escrowrequest AS one JOIN registry_escrow AS kept ON kept.id = one.escrow_id
    WHERE one.outcome = 'opened' AND one.answered_at IS NULL ORDER BY one.id
"""
SHOWN_BEFORE = """
    UPDATE registry_escrow AS kept SET answer = NULL WHERE answer IS NOT NULL AND NOT EXISTS (
        SELECT FROM registry_escrowrequest AS one
        WHERE one.escrow_id = kept.id AND one.outcome = 'opened' AND one.decided_at > now() - interval '1 day'
    )
"""

logger = structlog.get_logger(__name__)


class NotByTwoError(Exception):
    """The log does not say that two people asked to read the link. Its text says what is amiss."""


def keep(child: Child, number: str) -> None:
    """Write down which record goes on with the child's. In the transaction that closes it."""
    (row,) = next_ids(Escrow, 1)
    kept = Escrow(
        pk=row,
        child=child,
        authority_id=child.responsible_authority_id,
        number_fingerprint=child.number_fingerprint,
    )
    field = _answer()
    key = keyring.current().sealing_key(Escrow.sealing_purpose, kept.sealing_cohort())
    answer = seal.seal(field.encode(number), field.place(row, kept.row_version), key, pad_to=field.pad_to)
    kept.link = lock(answer, _place(row), Purpose.ESCROW_LOCK, pad_to=PAD_TO)
    kept.save()


def open_answer(stored: bytes, *, row: int, version: int) -> str:
    """The number that two people asked for, in the web process."""
    number: str = _answer().open_stored(stored, row=row, version=version)
    return number


def open_given() -> int:
    """Take the outer seal off each link that two people asked for, and tell the auditors. For the sequencer."""
    with connection.cursor() as cursor:
        cursor.execute(GIVEN)
        given = cursor.fetchall()
    opened = 0
    for row in given:
        try:
            _open(*row)
            opened += 1
        except (NotByTwoError, ValueDamagedError, KeyMissingError):
            logger.exception("escrow.not_opened", request=row[0])
    return opened


def forget_answers() -> None:
    """Take away what was opened longer ago than a day, read or not. For the sequencer."""
    with connection.cursor() as cursor:
        cursor.execute(SHOWN_BEFORE)


@transaction.atomic
def _open(request_id: int, asked: int, decided: int, row: int, child_id: int, authority_id: int, link: bytes) -> None:
    """Both or neither: what can be read, and the auditors' alert about it."""
    check_two(request_id, asked, decided, child_id=child_id)
    answer = unlock(bytes(link), _place(row), Purpose.ESCROW)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registry_escrow SET answer = %s WHERE id = %s", [answer, row])
        cursor.execute("UPDATE registry_escrowrequest SET answered_at = %s WHERE id = %s", [timezone.now(), request_id])
    raise_alert(
        Alert.ESCROW_OPENED,
        actor=Process(OPENING, None, authority_id, authority_id),
        subject=f"escrow.{request_id}",
        always_recorded=True,
    )


def check_two(request_id: int, asked: int, decided: int, *, child_id: int) -> None:
    """Raise NotByTwoError unless one person asked for the link of that record and another gave it, by the log.

    By events that bear our tag, which whoever owns the tables cannot make: rows alone open nothing.
    """
    found = {leaf.id: leaf for leaf in leaves("id IN (%s, %s)", [asked, decided])}
    if set(found) != {asked, decided} or not all(leaf.is_ours() for leaf in found.values()):
        raise NotByTwoError(f"The events of request {request_id} are not there, or not ours.")
    first, second = (parse(found[event].line.encode()) for event in (asked, decided))
    if not (
        _says(first, EventKind.ESCROW_ASKED, child_id)
        and _says(second, EventKind.ESCROW_OPENED, child_id)
        and second.fields == f"escrow.{request_id}"
        and first.actor_id != second.actor_id
    ):
        raise NotByTwoError(f"The events of request {request_id} do not say that two people ask for this link.")


def _says(event: Line, kind: EventKind, child_id: int) -> bool:
    return event.kind == kind and event.child_id == str(child_id) and bool(event.actor_id)


def _place(row: int) -> seal.Place:
    return seal.Place("registry_escrow", "link", row, 0)


def _answer() -> SealedField:
    (field,) = Escrow.sealed_fields()
    return field
