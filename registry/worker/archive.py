"""Records in the archive, told to those to whom a second person gave it: by the worker, which alone sees them.

What is told is what registry_read.sql tells of a record that is opened, or of a shielded one that nobody has leave to
see: its rows, sealed as they stand, which the web process opens and cuts to its reader. A record that was closed for a
new identity is told to nobody, as if it were not there.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from audit.reasons import ArchiveReason
from encryption.fields import Stored
from registry.models import (
    ArchiveRequest,
    Child,
    ChildAddress,
    ChildName,
    ChildNumber,
    ChildSaidBy,
    Guardian,
    Involvement,
    Shield,
)
from registry.models.archive import GIVEN, NONE, THERE, TOO_LATE
from registry.vocabulary import NameKind

FIRST_YEAR = timedelta(days=366)
KEPT_FOR = timedelta(days=1)
OVER = "UPDATE registry_archiverequest SET answer = NULL WHERE answer IS NOT NULL AND answered_at < %s"
WHO = ("id", "row_version", "number", "gender", "date_of_birth")
MORE = ("date_of_death", "assessment", "responsible_authority_id")

logger = structlog.get_logger(__name__)


def answer_given() -> int:
    """Answer each request that was given. Returns how many there were.

    Each in a transaction of its own: one that fails keeps no other from it, and is taken up again the next time.
    """
    given = ArchiveRequest.objects.filter(outcome=GIVEN, answered_at=None).order_by("id")
    answered = 0
    for request_id in list(given.values_list("pk", flat=True)):
        try:
            _answer(request_id)
            answered += 1
        except Exception:
            logger.exception("archive.not_answered", request=request_id)
    return answered


def forget_answers() -> None:
    """Take away what was answered longer ago than a day and nobody read. What is read is taken away as it is."""
    with connection.cursor() as cursor:
        cursor.execute(OVER, [timezone.now() - KEPT_FOR])


@transaction.atomic
def _answer(request_id: int) -> None:
    request = ArchiveRequest.objects.select_for_update().get(pk=request_id)
    if request.answered_at is not None:
        return
    child = Child.objects.filter(
        number_fingerprint=request.number_fingerprint,
        responsible_authority=request.authority_id,
        archived=True,
        severed=False,
    ).first()
    if child is None:
        request.found = NONE
    elif request.reason == ArchiveReason.UPKEEP and not _is_in_its_first_year(child):
        request.found = TOO_LATE
    else:
        request.found, request.child = THERE, child
        request.answer = json.dumps(_told(child))
    request.answered_at = timezone.now()
    request.save(update_fields=["found", "child", "answered_at"])


def _is_in_its_first_year(child: Child) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT registry_archived_at(%s)", [child.pk])
        (archived_at,) = cursor.fetchone()
    return archived_at is not None and timezone.now() - archived_at < FIRST_YEAR


def _told(child: Child) -> dict[str, Any]:
    """As registry_read.sql tells it: all of it, or of a shielded child who it is."""
    shielded = Shield.objects.filter(child=child, ended_on=None).exists()
    names = ChildName.objects.filter(child=child).order_by("id")
    told = {
        "shielded": shielded,
        "child": _row(child, WHO) | (dict.fromkeys(MORE) if shielded else _row(child, MORE)),
        "names": _rows(names.filter(kind=NameKind.LEGAL) if shielded else names, ("kind", "details")),
    }
    if shielded:
        return told | {"involvements": None}
    involvements = [
        row for row in Involvement.objects.filter(child=child).order_by("id") if row.__dict__["withdrawal"] is None
    ]
    return told | {
        "addresses": _rows(
            ChildAddress.objects.filter(child=child).order_by("-present", "-id"), ("present", "details")
        ),
        "numbers": _rows(ChildNumber.objects.filter(child=child).order_by("id"), ("kind", "details")),
        "guardians": _rows(Guardian.objects.filter(child=child).order_by("id"), ("details",)),
        "said_by": _rows(ChildSaidBy.objects.filter(child=child), ("child_id", "details")),
        "involvements": _rows(involvements, ("lead", "details", "withdrawal")),
    }


def _rows(rows: Iterable[Model], columns: Sequence[str]) -> list[dict[str, Any]]:
    return [_row(row, ("id", "row_version", *columns)) for row in rows]


def _row(row: Model, columns: Sequence[str]) -> dict[str, Any]:
    """Columns of the row as json_build_object would have them."""
    values = {name: row.__dict__[name] for name in columns}
    return {name: f"\\x{value.hex()}" if isinstance(value, Stored) else value for name, value in values.items()}
