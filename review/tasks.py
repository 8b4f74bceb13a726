"""What is done by the timetable (contactpoint/settings/base.py): in the examiner's process, and in the worker."""

from celery import shared_task

from review import watch
from review.actions.reminding import remind_of_questions
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


@shared_task
def send_reminders_of_questions() -> None:
    """Write to whoever did not answer an auditor in time. For the worker."""
    remind_of_questions()


@shared_task
def watch_the_examiner() -> None:
    """Ask whether the examiner keeps up. In the worker: one that stands still could not say so."""
    watch.watch_the_examiner()
