"""Overridden shields that cases look into. Inside `audit.reading.reading` alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from encryption.fields import SealedField
from registry.models import Child
from registry.rules import numbers


@dataclass(frozen=True, slots=True)
class Overridden:
    """One view of a protected record: its opening, when, why, and where whoever did it works.

    `number` is the record's, where the reader's authority has to do with the case; nothing where it concerns everybody.
    """

    event_id: int
    at: datetime
    reason: str
    organisation_id: int
    number: str


def overrides_of(cases: Sequence[int]) -> dict[int, Overridden]:
    """What these cases look into, by case, of those that are about an overridden shield and that the reader may see."""
    if not cases:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM review_overrides_of_cases(%s::bigint[])", [list(cases)])
        rows = cursor.fetchall()
    field = Child._meta.get_field("number")
    assert isinstance(field, SealedField)  # noqa: S101 - for the type checker
    return {
        case_id: Overridden(
            event_id=event_id,
            at=at,
            reason=reason,
            organisation_id=organisation_id,
            number=numbers.shown(field.open_stored(bytes(stored), row=child_id, version=version)) if child_id else "",
        )
        for case_id, event_id, at, reason, organisation_id, child_id, version, stored in rows
    }
