"""What the log is asked all the time: does everything get its seal, is every number there, was anything taken back?"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from audit.actors import Process
from audit.alerts import raise_alert
from audit.events import Alert
from audit.intervals import Interval, between, size, without
from audit.leaves import leaves

logger = structlog.get_logger(__name__)

WATCH = Process("watch")
LOOKED_BACK = timedelta(minutes=30)
MOST_WRITERS = 20  # whose missing numbers stand in an event of their own; those of all others in one together
GRACE = timedelta(seconds=120)  # four heartbeats: by then a process has said which numbers it took back
MOST_TIMES = 2**31 - 1  # by which an alert is counted at once
COUNT = re.compile(r"count\.([0-9]+)")
NUMBERS = re.compile(r"numbers\.([0-9]+)-([0-9]+)")
Missing = Mapping[str, list[Interval]]  # numbers by their writer


@dataclass(frozen=True, slots=True)
class Counted:
    """Of an event, what its numbering says. `settled` where the grace for explaining gaps before it is over."""

    id: int
    writer: str
    number: int
    voided: tuple[int, ...]
    settled: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What earlier alerts said: which numbers of which writers are missing, and how many ids."""

    removed: Missing
    unrecorded: int


def watch_the_seal() -> None:
    """Alert when events wait for their seal for longer than AUDIT_UNSEALED_SECONDS. For the worker."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_unsealed_since()")
        (since,) = cursor.fetchone()
    if since is None:
        return
    waiting = timezone.now() - since
    if waiting > timedelta(seconds=settings.AUDIT_UNSEALED_SECONDS):
        _raise(Alert.UNSEALED, [f"seconds.{int(waiting.total_seconds())}"])


def watch_the_numbers() -> None:
    """Alert where a number is missing that nobody explained. For the sequencer, which may read events.

    Each number is told once, and all of them are: what the log itself holds as told is not told again. However many
    there are, one look makes no more than MOST_WRITERS + 2 events of them.
    """
    counted, told = _recently_counted(), _recently_told()
    missing = _newly_missing(counted, told)
    apart, together = list(missing)[:MOST_WRITERS], list(missing)[MOST_WRITERS:]
    for writer in apart:
        _raise_removed(f"writer.{writer}", {writer: missing[writer]})
    if together:
        _raise_removed("writers", {writer: missing[writer] for writer in together})
    gaps = unrecorded(counted) - told.unrecorded
    if gaps > 0:
        fields = [f"count.{gaps}", f"from.{counted[0].id}", f"to.{counted[-1].id}"]
        _raise(Alert.UNRECORDED, fields, times=gaps, always_recorded=True)


def removed(counted: Iterable[Counted]) -> Missing:
    """Numbers of a writer, before its last settled one, that stand in no event and that it did not void."""
    present: dict[str, set[int]] = defaultdict(set)
    voided: dict[str, set[int]] = defaultdict(set)
    last: dict[str, int] = {}
    for event in counted:
        present[event.writer].add(event.number)
        voided[event.writer].update(event.voided)
        if event.settled:
            last[event.writer] = max(last.get(event.writer, 0), event.number)
    missing = {}
    for writer, bound in last.items():
        first = min(present[writer])
        missing[writer] = list(between(n for n in present[writer] | voided[writer] if first <= n <= bound))
    return {writer: found for writer, found in missing.items() if found}


def unrecorded(counted: list[Counted]) -> int:
    """How many ids were drawn and stand in no event, beyond those whose writers said that they took them back.

    Somebody who records, reads of somebody's vetting and then rolls back is seen here and nowhere else; of a child they
    have seen nothing. So are the last events of a process that was killed, where somebody removed them. After a crash
    of PostgreSQL up to 32 ids are skipped, which is asked about as well.
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


def _recently_told() -> Told:
    """What alerts said that is still within the time looked back on. Only those count that this watch raised."""
    now = timezone.now()
    raised = leaves(
        "kind = 'alert.raised' AND process = %s AND reason = ANY (%s::text[]) AND at > %s",
        [WATCH.name, [Alert.REMOVED.value, Alert.UNRECORDED.value], now - 2 * LOOKED_BACK],
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reason, fields, at > %s FROM audit_event WHERE id = ANY (%s) AND at > %s",
            [now - LOOKED_BACK, [leaf.id for leaf in raised if leaf.is_ours()], now - 2 * LOOKED_BACK],
        )
        alerts = cursor.fetchall()
    named: dict[str, list[Interval]] = defaultdict(list)
    counts = 0
    for reason, fields, lately in alerts:
        if reason == Alert.REMOVED:
            _name(named, fields)
        elif lately:
            counts += sum(int(count[1]) for count in map(COUNT.fullmatch, fields) if count)
    return Told(named, counts)


def _newly_missing(counted: list[Counted], told: Told) -> Missing:
    """What was removed and not told yet.

    Whether an event is ours is asked where a number is missing, and not of every event there is: one that is not, which
    has an alert of its own at its seal, opens no gap and is no end of one.
    """
    suspected = _untold(counted, told)
    if not suspected:
        return {}
    written = leaves("at > %s AND writer = ANY (%s::uuid[])", [timezone.now() - 2 * LOOKED_BACK, list(suspected)])
    ours = {leaf.id for leaf in written if leaf.is_ours()}
    return _untold((event for event in counted if event.writer in suspected and event.id in ours), told)


def _untold(counted: Iterable[Counted], told: Told) -> Missing:
    found = {
        writer: list(without(numbers, told.removed.get(writer, ()))) for writer, numbers in removed(counted).items()
    }
    return {writer: numbers for writer, numbers in found.items() if numbers}


def _raise_removed(subject: str, missing: Missing) -> None:
    fields = [
        field
        for writer, numbers in missing.items()
        for field in (f"writer.{writer}", *(f"numbers.{first}-{last}" for first, last in numbers))
    ]
    times = min(MOST_TIMES, sum(map(size, missing.values())))
    _raise(Alert.REMOVED, fields, subject=subject, times=times, always_recorded=True)


def _name(named: dict[str, list[Interval]], fields: list[str]) -> None:
    """Add the numbers that the fields of an alert name, each with its writer."""
    writer = ""
    for field in fields:
        if field.startswith("writer."):
            writer = field.removeprefix("writer.")
        elif numbers := NUMBERS.fullmatch(field):
            named[writer].append(Interval(int(numbers[1]), int(numbers[2])))


def _raise(what: Alert, fields: list[str], *, subject: str = "", times: int = 1, always_recorded: bool = False) -> None:
    # Operators are told first, each time: nobody who holds the database up keeps it from them.
    logger.error("alert.raised", what=what.value, fields=fields)
    with transaction.atomic():
        raise_alert(what, actor=WATCH, subject=subject, fields=fields, times=times, always_recorded=always_recorded)
