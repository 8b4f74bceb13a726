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
from feeds.models import Batch, BatchRow, Match, RowOutcome, SourceRecord, Supplier
from feeds.rows import Fault, Refused, Row
from feeds.worker.acting import actor_for
from registry.actions.children import Draft, add_children
from registry.models import Child, Shield
from registry.protection.households import shield_each
from registry.vocabulary import Source
from registry.worker.changing import NotChangedError, NumberTakenError, Values, change

NUMBER_TAKEN, CLOSED = "number_taken", "closed"


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


class Applying:
    """Holds rows of one batch against the registry."""

    def __init__(self, batch: Batch, matcher: Matcher | None = None) -> None:
        self._batch = batch
        self._supplier: Supplier = batch.supplier
        self._source = Source(self._supplier.source)
        self._matcher = matcher
        self._seen = set[bytes]()  # keys of this batch, while it is only looked at

    def look_at(self, block: Sequence[Row | Refused]) -> list[Dealt]:
        """What would become of each. Changes nothing."""
        refused, known, twice = self._sorted(block)
        self._seen.update(each.key for each in known)
        decided = self._decide(known)
        dealt = [self._refused(each) for each in (*refused, *twice)]
        for each in known:
            if self._says_the_same(each):
                dealt.append(self._outcome(each.row, RowOutcome.LINKED, child=_child_of(each), unchanged=True))
                continue
            decision = decided[each.row.line]
            outcome = {
                Outcome.LINK: RowOutcome.LINKED,
                Outcome.NEW: RowOutcome.CREATED,
                Outcome.DOUBT: RowOutcome.QUEUED,
            }[decision.outcome]
            dealt.append(self._outcome(each.row, outcome, code=decision.code))
        return dealt

    def apply(self, block: Sequence[Row | Refused]) -> list[Dealt]:
        """Do it: link, add, queue or refuse each."""
        refused, known, twice = self._sorted(block)
        decided = self._decide(known)
        dealt = [self._refused(each) for each in (*refused, *twice)]
        new = list[_Known]()
        for each in known:
            decision = decided.get(each.row.line)
            if self._says_the_same(each):
                dealt.append(self._outcome(each.row, RowOutcome.LINKED, child=_child_of(each), unchanged=True))
            elif decision is not None and decision.outcome is Outcome.NEW:
                new.append(each)
            elif decision is not None and decision.outcome is Outcome.LINK and decision.child_id is not None:
                dealt.append(self._link(each, decision.child_id, decision))
            elif decision is not None:
                dealt.append(self._queue(each.row, decision))
        return sorted([*dealt, *self._create(new)], key=lambda each: each.row.line)

    def link(self, row: Row, child_id: int) -> Values:
        """What the row says becomes what its supplier says of that child, and the record follows. Returns what it said
        before. Raises NotChangedError, NumberTakenError."""
        (known,) = self._known([row])
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

    def _sorted(self, block: Sequence[Row | Refused]) -> tuple[list[Refused], list[_Known], list[Refused]]:
        """What could not be read, what is to be dealt with, and whom the batch named before."""
        rows = self._known([each for each in block if isinstance(each, Row)])
        first, twice = list[_Known](), list[Refused]()
        here = set(self._seen)
        for each in rows:
            again = each.key in here or (each.record is not None and each.record.batch_id == self._batch.pk)
            here.add(each.key)
            if again:
                twice.append(Refused(each.row.line, Fault.TWICE, "key"))
            else:
                first.append(each)
        return [each for each in block if isinstance(each, Refused)], first, twice

    def _known(self, rows: Iterable[Row]) -> list[_Known]:
        keyed = [(row, self._key(row)) for row in rows]
        now = SourceRecord.objects.filter(
            supplier=self._supplier, key__in=[key for _row, key in keyed], superseded_by=None
        ).select_related("child")
        by_key = {bytes(each.key): each for each in now}
        return [_Known(row, key, _digest(row), by_key.get(key)) for row, key in keyed]

    def _key(self, row: Row) -> bytes:
        return fingerprint(f"feed key {self._supplier.pk}", row.key)

    def _says_the_same(self, known: _Known) -> bool:
        return known.record is not None and bytes(known.record.digest) == known.digest

    def _decide(self, known: Sequence[_Known]) -> Mapping[int, Decision]:
        """Whose each row is that says something new. The supplier's own number leads to whom it led before, and is held
        against what the row says as any other number."""
        changed = [each for each in known if not self._says_the_same(each)]
        own = {each.row.line: each.record.child_id for each in changed if each.record is not None}
        decisions = self._matcher.match([each.row for each in changed], known=own)
        return {each.row.line: decision for each, decision in zip(changed, decisions, strict=True)}

    def _link(self, known: _Known, child_id: int, decision: Decision) -> Dealt:
        try:
            before = self.link(known.row, child_id)
        except NotChangedError:
            return self._queue(known.row, decision, code=CLOSED)
        except NumberTakenError:
            return self._queue(known.row, decision, code=NUMBER_TAKEN)
        written = msgspec.json.encode(before).decode()
        return self._outcome(known.row, RowOutcome.LINKED, child=child_id, content=written)

    def _create(self, new: Sequence[_Known]) -> list[Dealt]:
        ids = self.create([each.row for each in new]) if new else []
        return [
            self._outcome(each.row, RowOutcome.CREATED, child=child_id) for each, child_id in zip(new, ids, strict=True)
        ]

    def _queue(self, row: Row, decision: Decision, *, code: str = "") -> Dealt:
        """Hold it for the administrators of the authorities that answer for whom it may be about."""
        candidates = {child_id: (bits, levels) for child_id, bits, levels in decision.candidates}
        if decision.child_id is not None:
            candidates.setdefault(decision.child_id, (0.0, ()))
        children = Child.objects.filter(pk__in=candidates)
        shielded = set(Shield.objects.filter(child__in=candidates, ended_on=None).values_list("child_id", flat=True))
        Match.objects.bulk_create(
            Match(
                batch=self._batch,
                line=row.line,
                child=child,
                authority_id=child.responsible_authority_id,
                code=code or decision.code,
                bits=candidates[child.pk][0],
                levels=list(candidates[child.pk][1]),
                said=row,
                needs=2 if child.pk in shielded or child.severed else 1,
            )
            for child in children
        )
        return self._outcome(row, RowOutcome.QUEUED, code=code or decision.code)

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


def _child_of(known: _Known) -> int | None:
    return known.record.child_id if known.record is not None else None
