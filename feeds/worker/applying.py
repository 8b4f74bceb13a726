"""One block of rows against the registry: whose each is, and what it changes. Every row ends with an outcome.

`look_at` says what would become of it; `apply` does it, in the transaction of whoever calls.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

import msgspec
from django.utils import timezone

from access.models import Organisation
from encryption.tokens import fingerprint
from feeds.composing import Statement, compose, first_values
from feeds.matching import Decision, Matcher, Outcome
from feeds.models import Agreement, Batch, BatchRow, Match, RowOutcome, SourceRecord, Supplier
from feeds.rows import Fault, Refused, Row
from feeds.worker.acting import actor_for
from registry.actions.children import Draft, add_children
from registry.models import Child, Shield
from registry.protection.households import shield_each
from registry.vocabulary import Source
from registry.worker.changing import NotChangedError, NumberTakenError, Values, change

NUMBER_TAKEN, CLOSED = "number_taken", "closed"
BECOMES = {Outcome.LINK: RowOutcome.LINKED, Outcome.NEW: RowOutcome.CREATED, Outcome.DOUBT: RowOutcome.QUEUED}


@dataclass(frozen=True, slots=True)
class Dealt:
    """A row with its outcome; `unchanged` where its supplier had said exactly this before."""

    row: BatchRow
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class _Known:
    """A row, its supplier's number for the child as a fingerprint, and what that supplier says of the child now."""

    row: Row
    key: bytes
    digest: bytes
    record: SourceRecord | None

    @property
    def says_the_same(self) -> bool:
        return self.record is not None and bytes(self.record.digest) == self.digest


class _Sorted:
    """A block: what is refused, what its supplier said before word for word, and what is new."""

    def __init__(self, refused: list[Refused], known: list[_Known]) -> None:
        self.refused = refused
        self.known = known
        self.same = [each for each in known if each.says_the_same]
        self.changed = [each for each in known if not each.says_the_same]


class _Decided:
    """Rows with what is decided of each, by their places; and the records that were made for those that were new."""

    def __init__(self, known: Sequence[_Known], decisions: Sequence[Decision]) -> None:
        self.known = known
        self.decisions = decisions
        self.made: Mapping[int, int] = {}

    def of(self, outcome: Outcome) -> list[int]:
        return [place for place, each in enumerate(self.decisions) if each.outcome is outcome]

    def target(self, place: int) -> int | None:
        """The child to whom a row leads: on record before, or made for it or for an earlier row."""
        decision = self.decisions[place]
        if decision.child_id is not None:
            return decision.child_id
        return self.made.get(place) if decision.first is None else self.target(decision.first)


class Applying:
    """Holds rows of one batch against the registry."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._supplier: Supplier = batch.supplier
        self._source = Source(self._supplier.source)
        self._matcher = Matcher(self._led_to)
        self._seen = set[bytes]()  # keys of this batch, while it is only looked at

    def look_at(self, block: Sequence[Row | Refused]) -> list[Dealt]:
        """What would become of each. Changes nothing."""
        sorted_ = self._sorted(block)
        self._seen.update(each.key for each in sorted_.known)
        decisions = self._matcher.match([each.row for each in sorted_.changed])
        return [
            *(self._refused(each) for each in sorted_.refused),
            *(self._same(each) for each in sorted_.same),
            *(
                self._outcome(each.row, BECOMES[decision.outcome], code=decision.code)
                for each, decision in zip(sorted_.changed, decisions, strict=True)
            ),
        ]

    def apply(self, block: Sequence[Row | Refused]) -> list[Dealt]:
        """Do it: link, add, queue or refuse each."""
        sorted_ = self._sorted(block)
        decisions = self._matcher.match([each.row for each in sorted_.changed])
        decided = _Decided(sorted_.changed, decisions)
        new = decided.of(Outcome.NEW)
        decided.made = dict(zip(new, self.create([sorted_.changed[each].row for each in new]), strict=True))
        dealt = [
            *(self._refused(each) for each in sorted_.refused),
            *(self._same(each) for each in sorted_.same),
            *(
                self._outcome(sorted_.changed[place].row, RowOutcome.CREATED, child=child_id)
                for place, child_id in decided.made.items()
            ),
            *(self._link(decided, place) for place in decided.of(Outcome.LINK)),
            *(self._queue(decided, place) for place in decided.of(Outcome.DOUBT)),
        ]
        return sorted(dealt, key=lambda each: each.row.line)

    def link(self, row: Row, child_id: int | None) -> Values:
        """What the row says becomes what its supplier says of that child, and the record follows. Returns what it said
        before. Raises NotChangedError, NumberTakenError."""
        (known,) = self._known([row])
        if child_id is None:
            raise NotChangedError
        before = change(
            actor=actor_for(self._supplier),
            child_id=child_id,
            make=lambda stored: self._composed(stored, child_id, row, known.key),
        )
        self._supersede([known])
        self._say([(known, child_id)])
        self._restrict(row, child_id)
        return before

    def create(self, rows: Sequence[Row]) -> list[int]:
        """Records for children who had none."""
        known = self._known(rows)
        ids = add_children(actor=actor_for(self._supplier), drafts=[self._draft(each) for each in rows])
        self._supersede(known)
        self._say(list(zip(known, ids, strict=True)))
        return ids

    def _sorted(self, block: Sequence[Row | Refused]) -> "_Sorted":
        refused = [each for each in block if isinstance(each, Refused)]
        known = list[_Known]()
        here = set(self._seen)
        for each in self._known([each for each in block if isinstance(each, Row)]):
            again = each.key in here or (each.record is not None and each.record.batch_id == self._batch.pk)
            here.add(each.key)
            if again:  # whom the batch named before
                refused.append(Refused(each.row.line, Fault.TWICE, "key"))
            else:
                known.append(each)
        return _Sorted(refused, known)

    def _known(self, rows: Iterable[Row]) -> list[_Known]:
        keyed = [(row, self._key(row.key)) for row in rows]
        by_key = {bytes(each.key): each for each in self._said_now(key for _row, key in keyed)}
        return [_Known(row, key, _digest(row), by_key.get(key)) for row, key in keyed]

    def _said_now(self, keys: Iterable[bytes]) -> Iterable[SourceRecord]:
        return SourceRecord.objects.filter(supplier=self._supplier, key__in=list(keys), superseded_by=None)

    def _key(self, key: str) -> bytes:
        return fingerprint(f"feed key {self._supplier.pk}", key)

    def _led_to(self, keys: Sequence[str]) -> Mapping[str, int]:
        """The children to whom the supplier's own numbers led before."""
        by_key = {self._key(key): key for key in keys}
        return {by_key[bytes(each.key)]: each.child_id for each in self._said_now(by_key)}

    def _same(self, known: _Known) -> Dealt:
        child_id = known.record.child_id if known.record is not None else None
        return self._outcome(known.row, RowOutcome.LINKED, child=child_id, unchanged=True)

    def _link(self, decided: "_Decided", place: int) -> Dealt:
        row, child_id = decided.known[place].row, decided.target(place)
        try:
            before = self.link(row, child_id)
        except NotChangedError:
            return self._queue(decided, place, CLOSED)
        except NumberTakenError:
            return self._queue(decided, place, NUMBER_TAKEN)
        written = msgspec.json.encode(before).decode()
        return self._outcome(row, RowOutcome.LINKED, child=child_id, content=written)

    def _queue(self, decided: "_Decided", place: int, code: str = "") -> Dealt:
        """Hold it for the administrators of the authorities that answer for whom it may be about."""
        row, decision = decided.known[place].row, decided.decisions[place]
        code = code or decision.code
        candidates = {each.child_id: Agreement(each.bits, tuple(each.levels)) for each in decision.candidates}
        if (target := decided.target(place)) is not None:
            candidates.setdefault(target, Agreement(0.0, ()))
        shielded = set(Shield.objects.filter(child__in=candidates, ended_on=None).values_list("child_id", flat=True))
        Match.objects.bulk_create(
            Match(
                batch=self._batch,
                line=row.line,
                child=child,
                authority_id=child.responsible_authority_id,
                code=code,
                agreement=candidates[child.pk],
                said=row,
                needs=2 if child.pk in shielded or child.severed else 1,
            )
            for child in Child.objects.filter(pk__in=candidates)
        )
        return self._outcome(row, RowOutcome.QUEUED, code=code)

    def _refused(self, refused: Refused) -> Dealt:
        row = BatchRow(
            batch=self._batch,
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
        made = BatchRow(batch=self._batch, line=row.line, outcome=outcome, child_id=child, code=code, content=content)
        return Dealt(made, unchanged)

    def _composed(self, stored: Values, child_id: int, row: Row, key: bytes) -> Values:
        said, retracted = list[Statement](), list[Statement]()
        for each in SourceRecord.objects.filter(child=child_id).select_related("supplier", "batch"):
            statement = Statement(Source(each.supplier.source), each.said.open(), each.batch.received_at.date())
            now = each.superseded_by_id is None and (each.supplier_id, bytes(each.key)) != (self._supplier.pk, key)
            (said if now else retracted).append(statement)
        said.append(self._statement(row))
        return compose(stored, said, retracted=retracted, places=places_of([each.row for each in said])).values

    def _statement(self, row: Row) -> Statement:
        return Statement(self._source, row, self._batch.received_at.date())

    def _draft(self, row: Row) -> Draft:
        places = places_of([row])
        values = first_values(self._statement(row), places=places)
        answering = [places[each.directory_code] for each in row.attendances if each.directory_code in places]
        authority = (answering[0] if answering else self._supplier.organisation).authority_id
        return Draft(
            authority_id=authority,
            date_of_birth=values.date_of_birth,
            gender=values.gender,
            names=values.names,
            numbers=values.numbers,
            addresses=values.addresses,
            guardians=values.guardians,
            involvements=values.involvements,
            shielded_since=timezone.localdate() if row.restricted else None,
        )

    def _supersede(self, known: Sequence[_Known]) -> None:
        ids = [each.record.pk for each in known if each.record is not None]
        SourceRecord.objects.filter(pk__in=ids).update(superseded_by=self._batch)

    def _say(self, said: Sequence[tuple[_Known, int]]) -> None:
        children = Child.objects.in_bulk([child_id for _known, child_id in said])
        SourceRecord.objects.bulk_create(
            SourceRecord(
                supplier=self._supplier,
                child=children[child_id],
                key=known.key,
                digest=known.digest,
                said=known.row,
                batch=self._batch,
            )
            for known, child_id in said
        )

    def _restrict(self, row: Row, child_id: int) -> None:
        """Whose whereabouts a supplier keeps back is protected here as well; people decide about it after."""
        if row.restricted:
            shield_each([child_id])


def places_of(rows: Iterable[Row]) -> dict[str, Organisation]:
    """The organisations that rows name, by their directory code."""
    codes = {each.directory_code for row in rows for each in row.attendances}
    return {each.directory_code: each for each in Organisation.objects.filter(directory_code__in=codes)}


def _digest(row: Row) -> bytes:
    """Of all that is said, but for where in which file it stands."""
    said = msgspec.json.encode(replace(row, line=0))
    return fingerprint("feed row", blake2b(said, digest_size=32).hexdigest())
