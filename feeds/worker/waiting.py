"""What waits for the worker: batches to check, take in or take back, and decisions about doubtful matches."""

from collections.abc import Callable, Mapping

import structlog
from django.conf import settings
from django.db.models import F

from database.locks import one_of, only_one
from feeds.models import MOST_FAILURES, Batch, BatchState
from feeds.worker.deciding import carry_out_decided, suppliers_with_decisions
from feeds.worker.taking_in import check, take_in
from feeds.worker.undoing import undo

STEPS: Mapping[str, Callable[[Batch], None]] = {
    BatchState.RECEIVED: check,
    BatchState.COMMITTED: take_in,
    BatchState.UNDOING: undo,
}

# Numbers of our own: of a feed, with its number, and of each process that is at feeds.
LOCK, PLACES = 0x66656564 << 31, 0x666565647321

logger = structlog.get_logger(__name__)


def process_waiting() -> int:
    """Deal with every batch that waits for the worker, oldest first, and with what people decided. Returns how many.

    Of each feed one process at a time, and no more processes than settings.FEEDS_AT_ONCE, so that others are left for
    what is more urgent. One batch that fails keeps no other from it, and is taken up again the next time, a few times.
    """
    with one_of(range(PLACES, PLACES + settings.FEEDS_AT_ONCE)) as place:
        return 0 if place is None else _process() + _carry_out()


def _process() -> int:
    waiting = Batch.objects.filter(state__in=STEPS, failures__lt=MOST_FAILURES)
    done = 0
    for batch_id, supplier_id in list(waiting.order_by("id").values_list("pk", "supplier")):
        with only_one(LOCK + supplier_id) as is_ours:
            # Another process may have dealt with it since.
            batch = waiting.select_related("supplier__organisation").filter(pk=batch_id).first() if is_ours else None
            done += batch is not None and _take_step(batch)
    return done


def _take_step(batch: Batch) -> bool:
    try:
        STEPS[batch.state](batch)
    except Exception:
        logger.exception("batch.failed", batch=batch.pk, state=batch.state)
        Batch.objects.filter(pk=batch.pk).update(failures=F("failures") + 1)
        return False
    return True


def _carry_out() -> int:
    done = 0
    for supplier_id in suppliers_with_decisions():
        with only_one(LOCK + supplier_id) as is_ours:
            done += carry_out_decided(supplier_id) if is_ours else 0
    return done
