"""Reports of something wrong: the worker looks up which sources said it, and forgets those that are over."""

from datetime import timedelta

import structlog
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from audit.reported import ReportedPart
from registry.models import Child, Report
from registry.rules.parts import sources_of
from registry.worker.changing import values_of

KEPT_FOR = timedelta(days=90)  # once it is closed
AT_ONCE = 100
WITHOUT_SOURCES = """
    SELECT id FROM registry_report WHERE sources IS NULL AND closed_at IS NULL AND id > %s ORDER BY id LIMIT %s
"""

logger = structlog.get_logger(__name__)


def look_up_sources() -> int:
    """Note of each new report which sources said what it is about. Returns how many there were.

    Which they are is sealed, so that PostgreSQL cannot look; and whoever serves people is not believed about it. One
    with which that fails keeps no other from it, and is taken up again the next time.
    """
    looked_up = last = 0
    while ids := _without_sources(last):
        last = ids[-1]
        for report_id in ids:
            try:
                looked_up += _look_up(report_id)
            except Exception:
                logger.exception("report.no_sources", report=report_id)
    return looked_up


def forget() -> int:
    """Delete reports that were closed long enough ago, and those of records that nobody sees any more: nobody will
    answer them. Returns how many there were."""
    over = Q(closed_at__lt=timezone.now() - KEPT_FOR)
    gone = Q(child__severed=True) | Q(child__archived=True)
    ids = list(Report.objects.filter(over | gone).values_list("pk", flat=True))
    deleted, _by_model = Report.objects.filter(pk__in=ids).delete()
    return deleted


@transaction.atomic
def _look_up(report_id: int) -> bool:
    report = Report.objects.select_for_update(of=("self",)).select_related("child").get(pk=report_id)
    if report.sources.open() is not None or report.child.severed or report.child.archived:
        return False
    under = Child.objects.filter(merged_into=report.child_id).values_list("pk", flat=True)
    says = list(values_of([report.child_id, *under]).values())
    report.sources = sources_of(ReportedPart(report.part), says)
    report.save(update_fields=["sources"])
    return True


def _without_sources(after: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(WITHOUT_SOURCES, [after, AT_ONCE])
        return [report_id for (report_id,) in cursor.fetchall()]
