"""What waits for the worker: batches to check, take in or take back, and decisions about doubtful matches."""

from collections.abc import Callable, Mapping

import structlog
from django.db.models import F

from database.locks import only_one
from feeds.models import MOST_FAILURES, Batch, BatchState
from feeds.worker.deciding import carry_out_decided
from feeds.worker.taking_in import check, take_in
from feeds.worker.undoing import undo

STEPS: Mapping[str, Callable[[Batch], None]] = {
    BatchState.RECEIVED: check,
    BatchState.COMMITTED: take_in,
    BatchState.UNDOING: undo,
}

LOCK = 0x666565647321  # a number of our own

logger = structlog.get_logger(__name__)


def process_waiting() -> int:
    """Deal with every batch that waits for the worker, oldest first, and with what people decided. Returns how many.

    One process at a time: two that match at once would each make a record of a child whom both are told of. One batch
    that fails keeps no other from it, and is taken up again the next time, a few times.
    """
    with only_one(LOCK) as is_ours:
        return _process() + carry_out_decided() if is_ours else 0


def _process() -> int:
    done = 0
    waiting = Batch.objects.filter(state__in=STEPS, failures__lt=MOST_FAILURES).order_by("id")
    for batch in waiting.select_related("supplier__organisation"):
        try:
            STEPS[batch.state](batch)
            done += 1
        except Exception:
            logger.exception("batch.failed", batch=batch.pk, state=batch.state)
            Batch.objects.filter(pk=batch.pk).update(failures=F("failures") + 1)
    return done
