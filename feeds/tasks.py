"""Work of the feeds in the background, done by the worker."""

from celery import shared_task

from feeds.worker.deciding import follow_records
from feeds.worker.learning import suggest_all
from feeds.worker.waiting import process_waiting


@shared_task(name="feeds.tasks.process_waiting")
def process() -> None:
    """Check batches, take them in or back, and carry out what was decided about doubtful matches."""
    process_waiting()


@shared_task(name="feeds.tasks.follow_records")
def follow() -> None:
    """Have doubtful matches wait for those who answer for the records by now."""
    follow_records()


@shared_task(name="feeds.tasks.suggest_bounds")
def suggest_bounds() -> None:
    """Suggest, from what people decided, which rows need no person any more, and which do."""
    suggest_all()
