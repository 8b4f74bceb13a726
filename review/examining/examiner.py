"""A batch from its events to its cases, in one transaction."""

from collections.abc import Callable

from django.db import transaction

from review.examining import cursor
from review.examining.access import here
from review.examining.alerting import alert_of_urgent
from review.examining.judging import Judge
from review.examining.loading import Loader
from review.examining.nearness import Comparing
from review.examining.writing import write


class Examiner:
    """Examines what has settled. One lives as long as its process, and remembers which rows it opened."""

    def __init__(self) -> None:
        self._settled = cursor.Settled()
        self._loader = Loader()
        self._comparing = Comparing()

    def examine(self, told: Callable[[int], None] | None = None) -> int:
        """Examine all that has settled, batch by batch. Returns of how many events; none where another is at it.

        Each batch is one transaction with the cursor: killed anywhere, it is examined once. `told` is called with the
        number of events of each.
        """
        examined = 0
        while (number := self._examine_batch()) is not None:
            examined += number
            if told:
                told(number)
        return examined

    def compare_anew(self) -> None:
        """Find out again to whom auditors are near who are new, or of whom more is known by now."""
        self._comparing.compare_anew()

    @transaction.atomic
    def _examine_batch(self) -> int | None:
        begin = cursor.take()
        if begin is None:
            return None
        batch = self._settled.next_batch(begin)
        if not batch.happenings:
            if batch.before > begin:
                cursor.move_to(batch.before, batch.whole_at)
            return None
        known, held = self._loader.load(batch)
        judge = Judge(known, held)
        judge.examine(batch.happenings)
        last = max(each.at for each in batch.happenings)
        judge.expire(last)
        write(judge.verdicts, known.days, here(last).date())
        self._comparing.compare_new([each.access.event_id for each in judge.verdicts.accesses])
        alert_of_urgent()
        cursor.move_to(batch.before, batch.whole_at)
        return len(batch.happenings)
