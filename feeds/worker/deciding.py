"""What people decided about doubtful matches, carried out: the row is linked with the child, or is about another."""

import structlog
from django.db import transaction
from django.utils import timezone

from feeds.models import COUNTED, Batch, BatchRow, Match, RowOutcome, VerdictKind
from feeds.worker.applying import Applying
from registry.worker.changing import Unchanged

logger = structlog.get_logger(__name__)


def carry_out_decided() -> int:
    """Carry out every decision that waits. Each in a transaction of its own; one that fails keeps no other from it."""
    done = 0
    waiting = Match.objects.exclude(outcome="").filter(applied_at=None).order_by("id")
    for pk in list(waiting.values_list("pk", flat=True)):
        try:
            done += _carry_out(pk)
        except Exception:
            logger.exception("match.not_carried_out", match=pk)
    return done


@transaction.atomic
def _carry_out(pk: int) -> bool:
    """All matches of the row are locked: what one of them decides is decided of the row."""
    match = Match.objects.select_related("batch__supplier__organisation").get(pk=pk)
    Batch.objects.select_for_update().get(pk=match.batch_id)
    beside = list(Match.objects.select_for_update().filter(batch=match.batch, line=match.line).order_by("id"))
    match = next(each for each in beside if each.pk == pk)
    match.batch = Batch.objects.select_related("supplier__organisation").get(pk=match.batch_id)
    if match.applied_at is not None:
        return False
    others = [each for each in beside if each.pk != pk and each.applied_at is None]
    if match.outcome == VerdictKind.SAME:
        _link(match)
        _close([match, *others], VerdictKind.DIFFERENT)
        return True
    if not others:
        _create(match)
    _close([match], "")
    return True


def _link(match: Match) -> None:
    """The row is about that child. Where nothing can be changed in the record, since it is closed or in the archive,
    nothing is; a row with another record's number is refused, since one of the two is wrong about it."""
    (outcome,) = Applying(match.batch).link([(match.said.open(), match.child_id)])
    if outcome is Unchanged.NUMBER_TAKEN:
        _settle(match, RowOutcome.REFUSED, None)
    else:
        _settle(match, RowOutcome.LINKED, match.child_id)


def _create(match: Match) -> None:
    """It is about nobody whom it was held against: the child had no record."""
    (child_id,) = Applying(match.batch).create([match.said.open()])
    _settle(match, RowOutcome.CREATED, child_id)


def _settle(match: Match, outcome: RowOutcome, child_id: int | None) -> None:
    """The row has its outcome, and the batch counts it."""
    BatchRow.objects.filter(batch=match.batch, line=match.line).update(outcome=outcome, child=child_id)
    counted = COUNTED[outcome]
    batch = match.batch
    batch.queued -= 1
    setattr(batch, counted, getattr(batch, counted) + 1)
    batch.save(update_fields=["queued", counted])


def _close(matches: list[Match], outcome: str) -> None:
    """They wait no longer, and what was said is gone from them."""
    for each in matches:
        each.outcome = each.outcome or outcome
        each.decided_at = each.decided_at or timezone.now()
        each.applied_at = timezone.now()
        each.said = None
        each.save(update_fields=["outcome", "decided_at", "applied_at", "said"])
