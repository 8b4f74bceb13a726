"""Of how many children a feed has said nothing for a long time, though what it said of them still counts."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Coalesce

from feeds.models import BatchRow, BatchState, SourceRecord, Supplier
from feeds.rules.quality import SILENT_AFTER


def named_and_silent(supplier: Supplier, *, now: datetime) -> tuple[int, int]:
    """How many children the feed names who are not in the archive, by its own numbers for them; and of how many of
    them no row of it said anything for a year, not even that nothing has changed.

    By its own numbers, so that the count does not tell that two records were put together.
    """
    since = now - SILENT_AFTER
    named = SourceRecord.objects.filter(supplier=supplier, superseded_by=None, child__archived=False)
    rows = BatchRow.objects.filter(batch__supplier=supplier, batch__received_at__gt=since)
    spoken = rows.exclude(batch__state=BatchState.UNDONE)
    old = named.filter(said_at__lte=since).annotate(counts_for=Coalesce(F("child__merged_into"), F("child")))
    # One after the other: of either alone PostgreSQL makes one list, and does not look each of millions up.
    for record in ("child", "counts_for"):
        old = old.exclude(Exists(spoken.filter(child=OuterRef(record))))
    return named.count(), old.count()
