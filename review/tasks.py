"""What is done by the timetable (contactpoint/settings/base.py): `examine` by the examiner's process."""

from celery import shared_task

from review import watch
from review.examining.examiner import Examiner

# One for the life of the process: it remembers which rows it opened.
_examiner = Examiner()


@shared_task
def examine() -> None:
    """Hold every access that has settled against what was known, and weigh what is left."""
    _examiner.examine()


@shared_task
def watch_the_examiner() -> None:
    """Ask whether the examiner keeps up. In the worker: one that stands still could not say so."""
    watch.watch_the_examiner()
