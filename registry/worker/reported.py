"""Reports of something wrong that close by themselves: since a supplier spoke, the record says something else."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import models
from django.db.models import Q
from django.utils import timezone

from audit.actors import Process
from audit.events import EventKind
from audit.recorder import About, record_each
from audit.reported import ReportedPart
from registry.models import Child, Report
from registry.models.report import CHANGED_SINCE
from registry.rules.parts import Says, has_changed


def close_changed(changes: Sequence[tuple[Child, Says, Says]], *, actor: Process) -> int:
    """Close what is reported of parts in which records say something else than they did. Returns how many there were.

    Call it in the transaction that changes them, with the records locked. What was reported of one that lies under
    another is reported of that one, too.
    """
    by_child = {child.pk: (before, after) for child, before, after in changes}
    closed, told = list[int](), list[About]()
    for stays, reports in _open_of(by_child).items():
        before, after = by_child[stays]
        for report in reports:
            if has_changed(ReportedPart(report.part), before, after):
                closed.append(report.pk)
                told.append(About(child_id=stays, reason=report.part, fields=[f"reported.{report.pk}"]))
    if closed:
        record_each(EventKind.REPORT_CLOSED, told, actor=actor)
        Report.objects.filter(pk__in=closed).update(
            outcome=CHANGED_SINCE, closed_at=timezone.now(), steps=models.F("steps") + 1
        )
    return len(closed)


def _open_of(child_ids: Iterable[int]) -> dict[int, list[Report]]:
    """What is open of these records and of those that lie under them, by the one that stays; locked."""
    ids = list(child_ids)
    of = Report.objects.filter(Q(child__in=ids, child__merged_into=None) | Q(child__merged_into__in=ids))
    found: dict[int, list[Report]] = defaultdict(list)
    for report in of.filter(closed_at=None).select_related("child").select_for_update(of=("self",)).order_by("pk"):
        found[report.child.merged_into_id or report.child_id].append(report)
    return found
