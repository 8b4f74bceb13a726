"""Systems that follow records are told that something changed, pass by pass. After ten seconds a pass begins to tell
nobody else.

Each system is told in a thread of its own, one notice after the other, so that one which does not answer holds up no
other. It is left alone for longer and longer then, and what it was to be told waits; after some days it is given up.
Nothing is open in the database while anybody is waited for: what is due is taken for two minutes, and taken up again by
a later pass where this one has died.
"""

from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic

import structlog
from django.db import connection
from django.db.models import F
from django.utils import timezone

from access.models import Failure
from access.systems.telling import keeping, tokens
from access.systems.telling.sending import send
from encryption.tokens import fingerprint
from registry.models import Untold
from registry.worker.following import News, Nothing, end_over, note_told, weigh

AT_ONCE = 200  # that one pass looks at
THREADS = 8
PASS_SECONDS = 10.0
TAKEN_FOR = timedelta(minutes=2)
GIVEN_UP_AFTER = timedelta(days=3)
ASKED_AGAIN_AFTER = timedelta(hours=1)  # where its organisation may not use the service
# One pass alone takes what is due: another leaves it, and does not wait. What is new comes before what has failed, so
# that whatever waits for a system that is away, however much it is, stands in nobody's way.
TAKE = """
    UPDATE registry_untold AS taken SET next_at = now() + make_interval(secs => %s)
    FROM (
        SELECT following_id FROM registry_untold WHERE next_at <= now()
        ORDER BY attempts > 0, next_at, following_id LIMIT %s FOR UPDATE SKIP LOCKED
    ) AS due
    WHERE taken.following_id = due.following_id
    RETURNING taken.following_id, taken.changes, taken.since, taken.attempts
"""

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Due:
    """One piece of news that is due, how often it was tried, and since when it waits."""

    news: News
    since: datetime
    attempts: int


@dataclass
class Said:
    """What came of telling one system: what it took, what it refused, and what was `left` once it failed."""

    taken: list[Due] = field(default_factory=list)
    refused: list[Due] = field(default_factory=list)
    failed: Failure | None = None
    left: list[Due] = field(default_factory=list)


def tell_followers() -> int:
    """Tell what is due. Returns how many notices were taken."""
    tokens.publish_keys()
    end_over(timezone.localdate())
    by_system = _due()
    paused = keeping.paused_until(by_system)
    for system_id, until in paused.items():
        due = by_system.pop(system_id)
        keeping.note_waiting(system_id, notices=_new(due))
        _wait(system_id, due, until)
    if not by_system:
        return 0
    over_at = monotonic() + PASS_SECONDS
    signing = tokens.signing()
    signed = {system_id: [(each, _signed(each, signing)) for each in due] for system_id, due in by_system.items()}
    with ThreadPoolExecutor(THREADS, thread_name_prefix="telling") as threads:
        said = threads.map(lambda notices: _tell(notices, over_at), signed.values())
        return sum(_note(system_id, each) for system_id, each in zip(signed, said, strict=True))


def _due() -> dict[int, list[Due]]:
    """What is due, by the system that is to be told. What is nothing to anybody is gone by then."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [TAKEN_FOR.total_seconds(), AT_ONCE])
        rows = cursor.fetchall()
    by_system = defaultdict(list)
    for following_id, changes, since, attempts in rows:
        try:
            found = weigh(following_id, changes)
        except Exception:  # one that cannot be looked at keeps no other from it, and is taken up again
            logger.exception("following.not_weighed", following=following_id)
            continue
        if isinstance(found, News):
            by_system[found.system_id].append(Due(found, since, attempts))
        elif found == Nothing.ENDED:
            Untold.objects.filter(pk=following_id).delete()
        elif found == Nothing.SILENT:
            Untold.objects.filter(pk=following_id, changes=changes).delete()
            Untold.objects.filter(pk=following_id).update(next_at=timezone.now())
        elif found == Nothing.LATER:
            Untold.objects.filter(pk=following_id).update(next_at=timezone.now() + ASKED_AGAIN_AFTER)
    return dict(by_system)


def _signed(due: Due, signing: tokens.Signing) -> str:
    """The notice. Tried again it has the same number, and another once something has changed again, even if back."""
    news = due.news
    number = fingerprint("notice", f"{news.reference}:{due.since.isoformat()}:{news.changes}").hex()
    return tokens.token(tokens.Told(news.client_id, news.reference, number), signing)


def _tell(notices: list[tuple[Due, str]], over_at: float) -> Said:
    """Tell one system, until it fails or the pass is over. Knows no database."""
    said = Said()
    for due, notice in notices:
        if said.failed or monotonic() > over_at:
            said.left.append(due)
            continue
        failure = send(due.news.address, notice)
        if failure is None:
            said.taken.append(due)
        elif failure == Failure.REFUSED:
            said.refused.append(due)
        else:
            said.failed = failure
            said.left.append(due)
    return said


def _note(system_id: int, said: Said) -> int:
    """Keep what came of it. Returns how many notices were taken."""
    for due in said.taken:
        note_told(due.news)
    if said.taken:
        keeping.note_taken(system_id)
        # What came while it was told is due at once, and was never tried.
        left = Untold.objects.filter(pk__in=[due.news.following_id for due in said.taken])
        left.update(next_at=timezone.now(), attempts=0)
    for due in said.refused:
        keeping.note_refused(system_id, notices=int(due.attempts == 0))
        _wait(system_id, [due], timezone.now() + keeping.wait_after(due.attempts + 1))
    if said.failed:
        _wait(system_id, said.left, keeping.note_failed(system_id, said.failed, notices=_new(said.left)))
        logger.warning("telling.failed", system=system_id, failure=said.failed.value, notices=len(said.left))
    else:
        Untold.objects.filter(pk__in=[due.news.following_id for due in said.left]).update(next_at=timezone.now())
    return len(said.taken)


def _new(dues: Iterable[Due]) -> int:
    """How many of them have not waited before."""
    return sum(due.attempts == 0 for due in dues)


def _wait(system_id: int, dues: Iterable[Due], until: datetime) -> None:
    """Have them wait until then; what has waited for too long is given up, unless something new came meanwhile."""
    oldest = timezone.now() - GIVEN_UP_AFTER
    given_up = 0
    for due in dues:
        waiting = Untold.objects.filter(pk=due.news.following_id)
        if due.since < oldest:
            given_up += waiting.filter(changes=due.news.changes).delete()[0]
        waiting.update(next_at=until, attempts=F("attempts") + 1)
    if given_up:
        keeping.note_given_up(system_id, given_up)
