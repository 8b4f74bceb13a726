"""What the examiner's process does by the timetable (contactpoint/settings/base.py)."""

from celery import shared_task

from review.examining.examiner import Examiner

# One for the life of the process: it remembers which rows it opened.
_examiner = Examiner()


@shared_task
def examine() -> None:
    """Hold every access that has settled against what was known, and weigh what is left."""
    _examiner.examine()


@shared_task
def compare_anew() -> None:
    """Compare auditors with those whom cases are about, where either stands otherwise than before."""
    _examiner.compare_anew()
