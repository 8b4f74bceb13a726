"""Each process counts its events, so that one removed before its seal leaves a gap that only the process could explain.

A number whose transaction was rolled back stands in no event; the process says so (`voided`) in a later one. A writer
is one process; a process that was forked begins to count anew under another name.
"""

import os
import threading
from dataclasses import dataclass
from functools import cache
from uuid import UUID, uuid4

from django.db import connection, transaction

VOIDED_AT_ONCE = 100  # the rest is said by later events: after an outage there may be many


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells an event's place among those of its writer."""

    writer: UUID
    number: int
    voided: tuple[int, ...]


class Writer:
    """The count of one process. Safe to share between threads."""

    def __init__(self) -> None:
        self.id = uuid4()
        self._lock = threading.Lock()
        self._last = 0
        self._voided: set[int] = set()
        self._mine = threading.local()

    def stamp(self) -> Stamp:
        """The next number, and which earlier ones nobody will see. Call it inside the event's transaction."""
        return self.stamps(1)[0]

    def stamps(self, count: int) -> list[Stamp]:
        """As `stamp`, for so many events that are written at once."""
        self.settle()
        return [self._next() for _ in range(count)]

    def _next(self) -> Stamp:
        with self._lock:
            self._last += 1
            stamp = Stamp(self.id, self._last, tuple(sorted(self._voided)[:VOIDED_AT_ONCE]))

        def committed() -> None:
            self._taken().pop(stamp.number, None)
            with self._lock:
                self._voided.difference_update(stamp.voided)

        self._taken()[stamp.number] = committed
        transaction.on_commit(committed)
        return stamp

    def settle(self) -> None:
        """Void the numbers this thread took in transactions, or parts of them, that were rolled back since."""
        waiting = {id(callback) for _savepoints, callback, _robust in connection.run_on_commit}  # type: ignore[misc]  # stubs know two
        lost = [number for number, committed in self._taken().items() if id(committed) not in waiting]
        for number in lost:
            del self._taken()[number]
        with self._lock:
            self._voided.update(lost)

    @property
    def used(self) -> bool:
        """Whether any event was counted."""
        return self._last > 0

    def _taken(self) -> dict[int, object]:
        """Numbers of this thread whose transaction has not ended, or has and was not looked at."""
        if not hasattr(self._mine, "taken"):
            self._mine.taken = {}
        taken: dict[int, object] = self._mine.taken
        return taken


def writer() -> Writer:
    """The writer that this process is."""
    return _writer_of(os.getpid())


@cache
def _writer_of(process: int) -> Writer:
    return Writer()
