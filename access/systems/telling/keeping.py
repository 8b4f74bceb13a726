"""How it goes with telling each system, so that one which does not answer is left alone for longer and longer."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from access.models import Failure, Telling

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
MOST_DOUBLED = 10  # by then it is the longest
_dice = random.SystemRandom()


def wait_after(failures: int) -> timedelta:
    """How long to wait after so many failures one after the other: twice as long each time, and never all at once."""
    longest: timedelta = min(FIRST_WAIT * 2 ** min(failures - 1, MOST_DOUBLED), LONGEST_WAIT)
    return longest * _dice.uniform(0.5, 1)


def paused_until(system_ids: Iterable[int]) -> dict[int, datetime]:
    """Which of these systems are left alone now, and until when."""
    paused = Telling.objects.filter(pk__in=set(system_ids), next_at__gt=timezone.now())
    return {system_id: until for system_id, until in paused.values_list("pk", "next_at") if until}


def note_taken(system_id: int) -> None:
    """It took what it was told: nothing is left of its failures but how much it never heard of."""
    taken = {"failures": 0, "failing_since": None, "next_at": None, "not_taken": 0, "last_taken_at": timezone.now()}
    Telling.objects.update_or_create(pk=system_id, defaults=taken)


@transaction.atomic
def note_failed(system_id: int, failure: Failure, *, notices: int) -> datetime:
    """It could not be told anything. Returns until when it is left alone. `notices`: that failed for the first time."""
    now = timezone.now()
    Telling.objects.get_or_create(pk=system_id)
    telling = Telling.objects.select_for_update().get(pk=system_id)
    telling.failures += 1
    telling.failing_since = telling.failing_since or now
    telling.next_at = now + wait_after(telling.failures)
    telling.last_failure, telling.last_failed_at = failure, now
    telling.not_taken += notices
    telling.save()
    return telling.next_at


def note_waiting(system_id: int, *, notices: int) -> None:
    """So many notices more wait until it is tried again."""
    Telling.objects.filter(pk=system_id).update(not_taken=F("not_taken") + notices)


def note_refused(system_id: int, *, notices: int) -> None:
    """It refused something, and is there for all else."""
    Telling.objects.get_or_create(pk=system_id)
    refused = {"last_failure": Failure.REFUSED, "last_failed_at": timezone.now(), "not_taken": F("not_taken") + notices}
    Telling.objects.filter(pk=system_id).update(**refused)


def note_given_up(system_id: int, notices: int) -> None:
    """So many notices are not tried any more."""
    Telling.objects.get_or_create(pk=system_id)
    Telling.objects.filter(pk=system_id).update(given_up=F("given_up") + notices)
