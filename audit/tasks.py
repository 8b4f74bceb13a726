"""Background work of the log. `seal` and what reads events runs in the sequencer's process, the rest in the worker."""

from celery import shared_task
from django.db import connection

from audit import sequencer, watch

MONTHS_AHEAD = 3


@shared_task
def seal() -> None:
    """Extend the tree, sign, publish."""
    sequencer.seal()


@shared_task
def watch_the_numbers() -> None:
    """Ask for every number that is missing."""
    watch.watch_the_numbers()


@shared_task
def watch_the_seal() -> None:
    """Ask whether the sequencer keeps up."""
    watch.watch_the_seal()


@shared_task
def make_partitions() -> None:
    """Have the log's months ready before they begin."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_make_partitions(%s)", [MONTHS_AHEAD])
