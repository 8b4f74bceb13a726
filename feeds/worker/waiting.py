"""What waits for the worker: batches to check, take in or take back, and decisions about doubtful matches."""

from collections.abc import Callable, Mapping

import structlog

from feeds.models import Batch, BatchState
from feeds.worker.deciding import carry_out_decided
from feeds.worker.taking_in import check, take_in
from feeds.worker.undoing import undo

STEPS: Mapping[str, Callable[[Batch], None]] = {
    BatchState.RECEIVED: check,
    BatchState.COMMITTED: take_in,
    BatchState.UNDOING: undo,
}

logger = structlog.get_logger(__name__)


def process_waiting() -> int:
    """Deal with every batch that waits for the worker, oldest first, and with what people decided. Returns how many.

    One that fails keeps no other from it, and is taken up again the next time.
    """
    done = 0
    for batch in Batch.objects.select_related("supplier__organisation").filter(state__in=STEPS).order_by("id"):
        try:
            STEPS[batch.state](batch)
            done += 1
        except Exception:
            logger.exception("batch.failed", batch=batch.pk, state=batch.state)
    return done + carry_out_decided()
