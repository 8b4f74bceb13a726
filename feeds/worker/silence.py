"""Of how many children a feed has said nothing for a long time, though what it said of them still counts."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from feeds.models import BatchRow, BatchState, SourceRecord, Supplier
from feeds.rules.quality import SILENT_AFTER


def named_and_silent(supplier: Supplier, *, now: datetime) -> tuple[int, int]:
    """How many children the feed names who are not in the archive, by its own numbers for them; and of how many of
    them no row of it said anything for a year, not even that nothing has changed.

    By its own numbers, so that the count does not tell that two records were put together.
    """
    named = SourceRecord.objects.filter(supplier=supplier, superseded_by=None, child__archived=False)
    spoken = BatchRow.objects.filter(
        Q(child=OuterRef("child")) | Q(child=OuterRef("counts_for")),
        batch__supplier=supplier,
        batch__received_at__gt=now - SILENT_AFTER,
    ).exclude(batch__state=BatchState.UNDONE)
    stays = Coalesce(F("child__merged_into"), F("child"))
    old = named.filter(said_at__lte=now - SILENT_AFTER).annotate(counts_for=stays)
    return named.count(), old.exclude(Exists(spoken)).count()
