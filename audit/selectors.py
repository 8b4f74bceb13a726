"""Reading the log."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from audit.events import EventKind
from audit.models import Event


@dataclass(frozen=True, slots=True)
class Filter:
    """Which events to read; None means any. `since` and `until` are days, both included."""

    since: date | None = None
    until: date | None = None
    kind: EventKind | None = None
    person_id: int | None = None
    child_id: int | None = None


def events_of_authorities(authority_ids: list[int], wanted: Filter) -> QuerySet[Event]:
    """Events by people of those authorities' organisations, and alerts that concern everybody; newest first."""
    for_all = Q(kind=EventKind.ALERT_RAISED, authority_id__isnull=True)
    return _filtered(Event.objects.filter(Q(authority_id__in=authority_ids) | for_all), wanted)


def _filtered(events: QuerySet[Event], wanted: Filter) -> QuerySet[Event]:
    if wanted.since:
        events = events.filter(at__gte=_start_of(wanted.since))
    if wanted.until:
        events = events.filter(at__lt=_start_of(wanted.until + timedelta(days=1)))
    if wanted.kind:
        events = events.filter(kind=wanted.kind)
    if wanted.person_id is not None:
        events = events.filter(Q(actor_id=wanted.person_id) | Q(user_id=wanted.person_id))
    if wanted.child_id is not None:
        listed = Q(kind=EventKind.CHILD_LISTED, shown__contains=[wanted.child_id])  # as its partial index has it
        events = events.filter(Q(child_id=wanted.child_id) | listed)
    return events.order_by("-id")


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
