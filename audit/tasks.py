"""Background work of the log. `seal` and what reads events runs in the sequencer's process, the rest in the worker."""

from celery import shared_task
from django.db import connection

from audit import outside, sequencer, watch

MONTHS_AHEAD = 3


@shared_task
def seal() -> None:
    """Extend the tree, sign, publish; and take up what witnesses said of what was published before."""
    sequencer.seal()
    outside.take_up_cosignatures()


@shared_task
def watch_the_numbers() -> None:
    """Ask for every number that is missing."""
    watch.watch_the_numbers()


@shared_task
def watch_the_seal() -> None:
    """Ask whether the sequencer keeps up."""
    watch.watch_the_seal()


@shared_task
def watch_what_is_outside() -> None:
    """Ask whether what is sealed is published, kept and vouched for."""
    outside.watch_what_is_outside()


@shared_task
def keep_in_the_bucket() -> None:
    """Put what was published into the bucket, where there is one."""
    from audit import bucket  # boto3 takes a while to load; the worker alone needs it

    bucket.keep()


@shared_task
def make_partitions() -> None:
    """Have the log's months ready before they begin."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_make_partitions(%s)", [MONTHS_AHEAD])
