"""One block of rows against the registry: whose each is, and what it changes. Every row ends with an outcome.

`look_at` says what would become of it; `apply` does it, in the transaction of whoever calls.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import msgspec

from feeds.matching import Decision, Matcher, Outcome
from feeds.matching.deciding import Shown
from feeds.models import NUMBER_TAKEN, Agreement, Batch, BatchRow, Match, RowOutcome
from feeds.rows import Fault, Refused, Row
from feeds.worker.learning import weights_of
from feeds.worker.meanwhile import Meanwhile
from feeds.worker.saying import Known, Made, Saying
from registry.models import Child
from registry.worker.changing import Unchanged, Values

WHY_NOT = {Unchanged.CLOSED: "closed", Unchanged.NUMBER_TAKEN: NUMBER_TAKEN}
Block = Sequence[Row | Refused]
BECOMES = {Outcome.LINK: RowOutcome.LINKED, Outcome.NEW: RowOutcome.CREATED, Outcome.DOUBT: RowOutcome.QUEUED}


@dataclass(frozen=True, slots=True)
class Dealt:
    """A row with its outcome; `unchanged` where its supplier had said exactly this before."""

    row: BatchRow
    unchanged: bool = False


class _Sorted:
    """A block: what is refused, what its supplier said before word for word, and what is new."""

    def __init__(self, refused: list[Refused], known: list[Known]) -> None:
        self.refused = refused
        self.known = known
        self.same = [each for each in known if each.says_the_same]
        self.changed = [each for each in known if not each.says_the_same]


class _Decided:
    """Rows with what is decided of each, in their order; and the records that were made for those that were new."""

    def __init__(self, known: Sequence[Known], decisions: Sequence[Decision]) -> None:
        self.known = known
        self.decisions = decisions
        self.made: Mapping[int, Made] = {}

    def of(self, outcome: Outcome) -> list[int]:
        return [at for at, each in enumerate(self.decisions) if each.outcome is outcome]

    def certain_target(self, at: int) -> int:
        """The child with whom a row is linked."""
        target = self.target(at)
        if target is None:
            raise LookupError(f"Row {at} of its block is linked with nobody.")
        return target

    def target(self, at: int) -> int | None:
        """The child to whom a row leads: on record before, or made for it or for an earlier row."""
        decision = self.decisions[at]
        if decision.child_id is not None:
            return decision.child_id
        if decision.first is not None:
            return self.target(decision.first)
        return self.made[at].child_id if at in self.made else None


class Applying:
    """Holds rows of one batch against the registry."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._saying = Saying(batch)
        self._seen = set[bytes]()  # keys of this batch, while it is only looked at
        self._meanwhile = Meanwhile()
        self._new: dict[int, Row] = {}

    @cached_property
    def _matcher(self) -> Matcher:
        """It opens what is hidden of children: not before the first row that has to be matched."""
        return Matcher(self._saying.led_to, by=weights_of(self._batch))

    def close(self) -> None:
        """Nothing more of the batch is dealt with."""
        if "_matcher" in self.__dict__:
            self._matcher.close()

    def settle(self) -> None:
        """Last of all in the transaction of a block. Raises MadeMeanwhileError: then it has to be dealt with again."""
        if self._new:
            self._meanwhile.settle(self._new, self._matcher.are_new)

    def look_at(self, block: Block, coming: Block = ()) -> list[Dealt]:
        """What would become of each. Changes nothing. `coming` is the next block, where it is known."""
        sorted_ = self._sorted(block)
        self._seen.update(each.key for each in sorted_.known)
        decided = self._decided(sorted_.changed, coming)
        return [
            *(self._refused(each) for each in sorted_.refused),
            *(self._same(each) for each in sorted_.same),
            *(
                self._outcome(each.row, BECOMES[decision.outcome], code=decision.code)
                for each, decision in zip(decided.known, decided.decisions, strict=True)
            ),
        ]

    def apply(self, block: Block, coming: Block = ()) -> list[Dealt]:
        """Do it: link, add, queue or refuse each. Not before `settle` is it certain that nobody was made twice."""
        self._meanwhile.begin()
        sorted_ = self._sorted(block)
        decided = self._decided(sorted_.changed, coming)
        new = decided.of(Outcome.NEW)
        self._saying.protect([(each, each.record.stays) for each in sorted_.same if each.record is not None])
        decided.made = dict(zip(new, self._saying.create([decided.known[at] for at in new]), strict=True))
        self._new = {made.child_id: decided.known[at].row for at, made in decided.made.items()}
        dealt = [
            *(self._refused(each) for each in sorted_.refused),
            *(self._same(each) for each in sorted_.same),
            *(
                self._outcome(decided.known[at].row, RowOutcome.CREATED, child=made.child_id, code=made.code)
                for at, made in decided.made.items()
            ),
            *self._link_each(decided),
            *(self._queue(decided, at) for at in decided.of(Outcome.DOUBT)),
        ]
        return sorted(dealt, key=lambda each: each.row.place)

    def _decided(self, known: Sequence[Known], coming: Block) -> _Decided:
        next_ = [each for each in coming if isinstance(each, Row)]
        return _Decided(known, self._matcher.match([each.row for each in known], next_) if known else [])

    def _sorted(self, block: Block) -> _Sorted:
        refused = [each for each in block if isinstance(each, Refused)]
        known = list[Known]()
        here = set(self._seen)
        for each in self._saying.known(each for each in block if isinstance(each, Row)):
            again = each.key in here or (each.record is not None and each.record.batch_id == self._batch.pk)
            here.add(each.key)
            if again:  # whom the batch named before
                refused.append(Refused(each.row.line, Fault.TWICE, "key", as_written(each.row), each.row.place))
            else:
                known.append(each)
        return _Sorted(refused, known)

    def _same(self, known: Known) -> Dealt:
        child_id = known.record.stays if known.record is not None else None
        return self._outcome(known.row, RowOutcome.LINKED, child=child_id, unchanged=True)

    def _link_each(self, decided: _Decided) -> Iterator[Dealt]:
        """Two rows about one child one after the other, so that the second sees what the first said."""
        waiting = decided.of(Outcome.LINK)
        while waiting:
            now: dict[int, int] = {}
            for at in waiting:
                now.setdefault(decided.certain_target(at), at)
            outcomes = self._saying.link([(decided.known[at], child_id) for child_id, at in now.items()])
            for (child_id, at), outcome in zip(now.items(), outcomes, strict=True):
                if isinstance(outcome, Unchanged):
                    yield self._queue(decided, at, WHY_NOT[outcome])
                else:
                    row = decided.known[at].row
                    yield self._outcome(row, RowOutcome.LINKED, child=child_id, content=before(outcome))
            waiting = [at for at in waiting if at not in now.values()]

    def _queue(self, decided: _Decided, at: int, code: str = "") -> Dealt:
        """Hold it for the administrators of the authorities that answer for whom it may be about."""
        known, decision = decided.known[at], decided.decisions[at]
        row, code = known.row, code or decision.code
        hold(self._batch, row, code, decision.candidates, also=decided.target(at))
        if row.restricted and known.record is not None:
            # Whoever is meant: the supplier has told of this child before, and now keeps back where they are.
            self._saying.protect([(known, known.record.stays)])
        return self._outcome(row, RowOutcome.QUEUED, code=code)

    def _refused(self, refused: Refused) -> Dealt:
        row = BatchRow(
            batch=self._batch,
            place=refused.place,
            line=refused.line,
            outcome=RowOutcome.REFUSED,
            code=refused.fault,
            field=refused.field,
            content=refused.written.decode("utf-8", "replace") or None,
        )
        return Dealt(row)

    def _outcome(
        self,
        row: Row,
        outcome: RowOutcome,
        *,
        child: int | None = None,
        code: str = "",
        content: str | None = None,
        unchanged: bool = False,
    ) -> Dealt:
        made = BatchRow(
            batch=self._batch,
            place=row.place,
            line=row.line,
            outcome=outcome,
            child_id=child,
            code=code,
            content=content,
        )
        return Dealt(made, unchanged)


def hold(batch: Batch, row: Row, code: str, candidates: Iterable[Shown], *, also: int | None = None) -> None:
    """Have it wait for people: those who answer for whom it may be about, and for whom it leads to as well."""
    agreements = {each.child_id: Agreement(each.bits, tuple(each.levels)) for each in candidates}
    if also is not None:
        agreements.setdefault(also, Agreement(0.0, ()))
    Match.objects.bulk_create(
        Match(
            batch=batch,
            place=row.place,
            child=child,
            authority_id=child.responsible_authority_id,
            code=code,
            agreement=agreements[child.pk],
            said=row,
        )
        for child in Child.objects.filter(pk__in=agreements)
    )


def before(values: Values) -> str:
    """What a record said, as a row keeps it that changed it (BatchRow.content)."""
    return msgspec.json.encode(values).decode()


def as_written(row: Row) -> bytes:
    """A row that was read and is not taken, to give it back to its supplier."""
    return msgspec.json.encode(replace(row, line=0, place=0))
