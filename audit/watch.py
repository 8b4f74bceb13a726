"""What the log is asked all the time: does everything get its seal, is every number there, was anything taken back?"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from audit.actors import Process
from audit.alerts import raise_alert
from audit.events import Alert
from audit.leaves import leaves

logger = structlog.get_logger(__name__)

WATCH = Process("watch")
LOOKED_BACK = timedelta(minutes=30)
MOST_WRITERS = 20  # whose missing numbers stand in an event of their own; those of all others in one together
GRACE = timedelta(seconds=120)  # four heartbeats: by then a process has said which numbers it took back


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

    removed: frozenset[tuple[str, int]]
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
    missing = _by_writer(pair for pair in removed(counted) if pair not in told.removed)
    apart, together = list(missing)[:MOST_WRITERS], list(missing)[MOST_WRITERS:]
    for writer in apart:
        _raise_removed(f"writer.{writer}", {writer: missing[writer]})
    if together:
        _raise_removed("writers", {writer: missing[writer] for writer in together})
    gaps = unrecorded(counted) - told.unrecorded
    if gaps > 0:
        fields = [f"count.{gaps}", f"from.{counted[0].id}", f"to.{counted[-1].id}"]
        _raise(Alert.UNRECORDED, fields, times=gaps, always_recorded=True)


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


def _recently_told() -> Told:
    """What alerts said that is still within the time looked back on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reason, fields, at > %s FROM audit_event WHERE kind = 'alert.raised' AND at > %s",
            [(now := timezone.now()) - LOOKED_BACK, now - 2 * LOOKED_BACK],
        )
        alerts = cursor.fetchall()
    named = frozenset(pair for reason, fields, _ in alerts if reason == Alert.REMOVED for pair in _named(fields))
    counts = [fields[0] for reason, fields, lately in alerts if reason == Alert.UNRECORDED and lately]
    return Told(named, sum(int(count.removeprefix("count.")) for count in counts))


def _by_writer(pairs: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    numbers: dict[str, list[int]] = defaultdict(list)
    for writer, number in pairs:
        numbers[writer].append(number)
    return numbers


def _raise_removed(subject: str, missing: dict[str, list[int]]) -> None:
    fields = [field for writer, numbers in missing.items() for field in (f"writer.{writer}", *_ranges(numbers))]
    times = sum(len(numbers) for numbers in missing.values())
    _raise(Alert.REMOVED, fields, subject=subject, times=times, always_recorded=True)


def _ranges(numbers: list[int]) -> Iterator[str]:
    """Numbers as fields of an event, those that follow one another in one: numbers.3-7."""
    for _, run in groupby(enumerate(sorted(numbers)), key=lambda each: each[1] - each[0]):
        first, *_others = found = [number for _place, number in run]
        yield f"numbers.{first}-{found[-1]}"


def _named(fields: list[str]) -> Iterator[tuple[str, int]]:
    """The numbers that the fields of an alert name, each with its writer."""
    writer = ""
    for kind, _, value in (field.partition(".") for field in fields):
        if kind == "writer":
            writer = value
        elif kind == "numbers":
            first, last = map(int, value.split("-"))
            yield from ((writer, number) for number in range(first, last + 1))


def _raise(what: Alert, fields: list[str], *, subject: str = "", times: int = 1, always_recorded: bool = False) -> None:
    with transaction.atomic():
        event_id = raise_alert(
            what, actor=WATCH, subject=subject, fields=fields, times=times, always_recorded=always_recorded
        )
    if event_id is None:
        logger.warning("alert.goes_on", what=what.value, fields=fields)
    else:
        logger.error("alert.raised", what=what.value, fields=fields)
