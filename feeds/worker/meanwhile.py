"""What other processes made while a block of rows was decided: so that two batches at once do not make one child twice.

A block is decided on what was committed when it was asked who its rows may be about. Before it is committed, those of
its rows that are about nobody on record are held against all records that others made since then: first those that are
there, then, alone, the last of them. Where one may be about the same child, the block is dealt with again.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from feeds.models import Arrival
from feeds.rows import Row

LOCK = 4_302_016  # of PostgreSQL's advisory locks: held by who commits what was made
KEPT_FOR = timedelta(hours=1)

AreNew = Callable[[Sequence[Row], Sequence[int]], bool]


class MadeMeanwhileError(Exception):
    """Somebody else made a record meanwhile that a row may be about."""


class Meanwhile:
    """Of one process, and one batch."""

    def __init__(self) -> None:
        self._known = 0
        self._next: int | None = None
        self._own = set[int]()

    def begin(self) -> None:
        """A block begins. Of its rows the index may have been asked as the one before it began (matching/ahead.py)."""
        now = _latest()
        self._known, self._next = (now if self._next is None else self._next), now

    def settle(self, made: Mapping[int, Row], are_new: AreNew) -> None:
        """Note which records a block made, for which rows: nobody makes another until this transaction ends.

        `are_new` tells whether rows are about none of these records, beyond doubt. Raises MadeMeanwhileError.
        """
        rows = list(made.values())
        seen = self._hold_against_others(rows, self._known, are_new)
        _lock()
        self._hold_against_others(rows, seen, are_new)
        self._own.add(Arrival.objects.create(children=sorted(made)).pk)
        Arrival.objects.filter(made_at__lt=timezone.now() - KEPT_FOR).delete()

    def _hold_against_others(self, rows: Sequence[Row], known: int, are_new: AreNew) -> int:
        """Against what others made since then. Returns how far that is."""
        arrived = dict(Arrival.objects.filter(pk__gt=known).values_list("pk", "children"))
        others = [child_id for pk, children in arrived.items() if pk not in self._own for child_id in children]
        if others and not are_new(rows, others):
            raise MadeMeanwhileError
        return max(known, *arrived) if arrived else known


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _latest() -> int:
    return Arrival.objects.aggregate(latest=Max("pk"))["latest"] or 0
