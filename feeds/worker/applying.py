"""One block of rows against the registry: whose each is, and what it changes. Every row ends with an outcome.

`look_at` says what would become of it; `apply` does it, in the transaction of whoever calls.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
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
from registry.worker.changing import Make, Unchanged, change_each
from registry.worker.changing import Outcome as Changed

WHY_NOT = {Unchanged.CLOSED: "closed", Unchanged.NUMBER_TAKEN: "number_taken"}
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

    def certain_target(self, place: int) -> int:
        """The child with whom a row is linked."""
        target = self.target(place)
        if target is None:
            raise LookupError(f"The row at place {place} of its block is linked with nobody.")
        return target

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
            *self._link_each(decided),
            *(self._queue(decided, place) for place in decided.of(Outcome.DOUBT)),
        ]
        return sorted(dealt, key=lambda each: each.row.line)

    def link(self, rows: Sequence[tuple[Row, int]]) -> list[Changed]:
        """What each row says becomes what its supplier says of that child, and the record follows.

        Returns what each record said before, or why it says so still: then nothing is noted of the row.
        """
        known = self._known([row for row, _child_id in rows])
        targets = [child_id for _row, child_id in rows]
        makes = self._makes(list(zip(known, targets, strict=True)))
        outcomes = change_each(actor=actor_for(self._supplier), makes=makes)
        said = [
            (each, child_id)
            for each, child_id in zip(known, targets, strict=True)
            if not isinstance(outcomes[child_id], Unchanged)
        ]
        self._supersede([each for each, _child_id in said])
        self._say(said)
        # Whose whereabouts a supplier keeps back is protected here as well; people decide about it after.
        shield_each([child_id for each, child_id in said if each.row.restricted])
        return [outcomes[child_id] for child_id in targets]

    def create(self, rows: Sequence[Row]) -> list[int]:
        """Records for children who had none."""
        known = self._known(rows)
        ids = add_children(actor=actor_for(self._supplier), drafts=self._drafts(rows))
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

    def _link_each(self, decided: "_Decided") -> Iterator[Dealt]:
        """Two rows about one child one after the other, so that the second sees what the first said."""
        waiting = decided.of(Outcome.LINK)
        while waiting:
            now: dict[int, int] = {}
            for place in waiting:
                now.setdefault(decided.certain_target(place), place)
            outcomes = self.link([(decided.known[place].row, child_id) for child_id, place in now.items()])
            for (child_id, place), outcome in zip(now.items(), outcomes, strict=True):
                if isinstance(outcome, Unchanged):
                    yield self._queue(decided, place, WHY_NOT[outcome])
                else:
                    written = msgspec.json.encode(outcome).decode()
                    row = decided.known[place].row
                    yield self._outcome(row, RowOutcome.LINKED, child=child_id, content=written)
            waiting = [place for place in waiting if place not in now.values()]

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

    def _makes(self, rows: Sequence[tuple[_Known, int]]) -> dict[int, Make]:
        """How each record is made anew: from all that is said of the child, with the row in place of what its supplier
        said before."""
        said: dict[int, list[Statement]] = defaultdict(list)
        retracted: dict[int, list[Statement]] = defaultdict(list)
        replaced = {known.record.pk for known, _child_id in rows if known.record is not None}
        for each in said_of([child_id for _known, child_id in rows]):
            now = each.superseded_by_id is None and each.pk not in replaced
            (said if now else retracted)[each.child_id].append(statement_of(each))
        for known, child_id in rows:
            said[child_id].append(self._statement(known.row))
        places = places_of(each.row for statements in said.values() for each in statements)

        def made(child_id: int) -> Make:
            return lambda stored: compose(stored, said[child_id], retracted=retracted[child_id], places=places).values

        return {child_id: made(child_id) for _known, child_id in rows}

    def _statement(self, row: Row) -> Statement:
        return Statement(self._source, row, self._batch.received_at.date())

    def _drafts(self, rows: Sequence[Row]) -> list[Draft]:
        places = places_of(rows)
        return [self._draft(each, places) for each in rows]

    def _draft(self, row: Row, places: Mapping[str, Organisation]) -> Draft:
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


def places_of(rows: Iterable[Row]) -> dict[str, Organisation]:
    """The organisations that rows name, by their directory code."""
    codes = {each.directory_code for row in rows for each in row.attendances}
    return {each.directory_code: each for each in Organisation.objects.filter(directory_code__in=codes)}


def said_of(child_ids: Sequence[int]) -> Iterable[SourceRecord]:
    """What suppliers say of these children, or said."""
    return SourceRecord.objects.filter(child__in=child_ids).select_related("supplier", "batch").order_by("pk")


def statement_of(said: SourceRecord) -> Statement:
    """What was said, opened."""
    day: date = said.batch.received_at.date()
    return Statement(Source(said.supplier.source), said.said.open(), day)


def _digest(row: Row) -> bytes:
    """Of all that is said, but for where in which file it stands."""
    said = msgspec.json.encode(replace(row, line=0))
    return fingerprint("feed row", blake2b(said, digest_size=32).hexdigest())
