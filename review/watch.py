"""Does the examiner keep up? A desk on which nothing new stands looks like one in a quiet week."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from audit.events import Alert
from audit.outside import raise_at_once


def watch_the_examiner() -> None:
    """Alert when events wait to be examined for longer than REVIEW_UNEXAMINED_SECONDS. For the worker."""
    since = unexamined_since()
    if since is not None and is_late(since):
        raise_at_once(Alert.UNEXAMINED, "", [f"seconds.{int((timezone.now() - since).total_seconds())}"])


def unexamined_since() -> datetime | None:
    """Since when events wait to be examined, if any do. Also inside `audit.reading.reading`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT review_unexamined_since()")
        since: datetime | None = cursor.fetchone()[0]
        return since


def is_late(since: datetime | None) -> bool:
    """Whether that is longer ago than it should be."""
    return since is not None and timezone.now() - since > timedelta(seconds=settings.REVIEW_UNEXAMINED_SECONDS)
