"""What the log is asked all the time: does everything get its seal, is every number there, was anything taken back?"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from audit.actors import Process
from audit.events import Alert
from audit.leaves import leaves
from audit.recorder import About, alert

logger = structlog.get_logger(__name__)

WATCH = Process("watch")
AGAIN_SECONDS = 10 * 60  # how long the same alert is not raised again
LOOKED_BACK = timedelta(minutes=30)
GRACE = timedelta(seconds=120)  # four heartbeats: by then a process has said which numbers it took back


@dataclass(frozen=True, slots=True)
class Counted:
    """Of an event, what its numbering says. `settled` where the grace for explaining gaps before it is over."""

    id: int
    writer: str
    number: int
    voided: tuple[int, ...]
    settled: bool


def watch_the_seal() -> None:
    """Alert when events wait for their seal for longer than AUDIT_UNSEALED_SECONDS. For the worker."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_unsealed_since()")
        (since,) = cursor.fetchone()
    if since is None:
        return
    waiting = timezone.now() - since
    if waiting > timedelta(seconds=settings.AUDIT_UNSEALED_SECONDS):
        _raise(Alert.UNSEALED, [f"seconds.{int(waiting.total_seconds())}"], once="seal")


def watch_the_numbers() -> None:
    """Alert where a number is missing that nobody explained. For the sequencer, which may read events."""
    counted = _recently_counted()
    for writer, number in removed(counted):
        _raise(Alert.REMOVED, [f"writer.{writer}", f"number.{number}"], once=f"{writer}:{number}")
    if unrecorded(counted):
        first, last = counted[0].id, counted[-1].id
        _raise(Alert.UNRECORDED, [f"count.{unrecorded(counted)}", f"from.{first}", f"to.{last}"], once="ids")


def removed(counted: Iterable[Counted]) -> list[tuple[str, int]]:
    """Numbers of a writer, before its last settled one, that stand in no event and that it did not void."""
    present: dict[str, set[int]] = defaultdict(set)
    voided: dict[str, set[int]] = defaultdict(set)
    last: dict[str, int] = {}
    for event in counted:
        present[event.writer].add(event.number)
        voided[event.writer].update(event.voided)
        if event.settled:
            last[event.writer] = max(last.get(event.writer, 0), event.number)
    return [
        (writer, number)
        for writer, bound in last.items()
        for number in range(min(present[writer]), bound)
        if number not in present[writer] and number not in voided[writer]
    ]


def unrecorded(counted: list[Counted]) -> int:
    """How many ids were drawn and stand in no event, beyond those whose writers said that they took them back.

    Somebody who records, reads and then rolls back is seen here and nowhere else. After a crash of PostgreSQL up to 32
    ids are skipped, which is asked about as well.
    """
    settled = [event.id for event in counted if event.settled]
    if not settled:
        return 0
    first, last = min(settled), max(settled)
    missing = last - first + 1 - sum(first <= event.id <= last for event in counted)
    explained = len({(event.writer, number) for event in counted for number in event.voided})
    return max(0, missing - explained)


def _recently_counted() -> list[Counted]:
    """What was counted within the time looked back on, by id. Only an event of ours explains a gap."""
    now = timezone.now()
    explaining = {leaf.id for leaf in leaves("at > %s AND voided <> '{}'", [now - LOOKED_BACK]) if leaf.is_ours()}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, writer::text, number, voided, at < %s FROM audit_event WHERE at > %s"
            " AND transaction_id < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY id",
            [now - GRACE, now - LOOKED_BACK],
        )
        return [
            Counted(event_id, writer, number, tuple(voided) if event_id in explaining else (), settled)
            for event_id, writer, number, voided, settled in cursor.fetchall()
        ]


def _raise(what: Alert, fields: list[str], *, once: str) -> None:
    """Raise an alert, unless the same was raised a while ago."""
    if not cache.add(f"alert:{what}:{once}", 1, AGAIN_SECONDS):
        return
    logger.error("alert.raised", what=what.value, fields=fields)
    with transaction.atomic():
        alert(what, About(fields=fields), actor=WATCH)
