"""What a supplier says of children, said: records made and changed, and each statement kept beside them.

A statement stays with the record to which its supplier's number led, and of two records of one child counts for the one
that stays, as long as they lie together (docs/adr/0048).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import blake2b
from types import MappingProxyType
from typing import NamedTuple

import msgspec
from django.db.models import Q, QuerySet
from django.utils import timezone

from access.models import Organisation
from encryption.tokens import fingerprint
from feeds.composing import compose, first_values
from feeds.models import NUMBER_TAKEN, Batch, SourceRecord, Supplier
from feeds.places import places_of
from feeds.rows import Row, Statement
from feeds.worker.acting import actor_for
from registry.actions.children import Draft, add_children
from registry.models import Child, ChildNumber, Shield
from registry.protection.households import Protected, begin_each
from registry.rules.numbers import number_fingerprint
from registry.vocabulary import NumberKind, Source
from registry.worker.changing import Make, Outcome, Unchanged, change_each


@dataclass(frozen=True, slots=True)
class Known:
    """A row, its supplier's number for the child as a fingerprint, and what that supplier says of the child now.

    `replaced` is what it says under a number in place of which the row has this one.
    """

    row: Row
    key: bytes
    digest: bytes
    record: SourceRecord | None
    replaced: SourceRecord | None

    @property
    def says_the_same(self) -> bool:
        return self.record is not None and bytes(self.record.digest) == self.digest

    @property
    def before(self) -> list[SourceRecord]:
        """What the row is said in place of."""
        return [each for each in (self.record, self.replaced) if each is not None]


class Made(NamedTuple):
    """A record that was made, and why not all that was said stands on it, where that is so."""

    child_id: int
    code: str


class Saying:
    """Says rows of one batch, in the transaction of whoever calls."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._supplier: Supplier = batch.supplier
        self._protected = Protected()
        # Of the block that is dealt with: the places that its rows name, and whom its keys led to.
        self._places: dict[str, Organisation] = {}
        self._led: dict[str, int | None] = {}

    def known(self, rows: Iterable[Row]) -> list[Known]:
        """Each row with what its supplier says of the child until now."""
        listed = list(rows)
        keys = {key: self._key(key) for row in listed for key in (row.key, row.superseded_by) if key}
        by_key = {bytes(each.key): each for each in self._said_now(keys.values())}
        self._places = places_of(listed)
        self._led = {text: by_key[key].stays if key in by_key else None for text, key in keys.items()}
        return [
            Known(
                row,
                keys[row.key],
                _digest(row, self._places),
                by_key.get(keys[row.key]),
                by_key.get(keys[row.superseded_by]) if row.superseded_by not in ("", row.key) else None,
            )
            for row in listed
        ]

    def led_to(self, keys: Sequence[str]) -> Mapping[str, int]:
        """The children to whom the supplier's own numbers led before; of two records of one the one that stays."""
        by_key = {self._key(key): key for key in keys if key not in self._led}
        found = {by_key[bytes(each.key)]: each.stays for each in self._said_now(by_key)} if by_key else {}
        return found | {key: stays for key in keys if (stays := self._led.get(key)) is not None}

    def link(self, said: Sequence[tuple[Known, int]]) -> list[Outcome]:
        """What each row says becomes what its supplier says of that child, and the record follows. One row for a child.

        Returns what each record said before, or why it says so still: then nothing is noted of the row.
        """
        if not said:
            return []
        lock_each(child_id for _known, child_id in said)
        outcomes = change_each(actor=actor_for(self._supplier), makes=self._makes(said))
        taken = [(known, child_id) for known, child_id in said if not isinstance(outcomes[child_id], Unchanged)]
        self._say([(known, _belongs_to(known, child_id)) for known, child_id in taken])
        self.protect(said)
        return [outcomes[child_id] for _known, child_id in said]

    def create(self, known: Sequence[Known]) -> list[Made]:
        """Records for children who had none. A number that is another child's already is not put on them."""
        if not known:
            return []
        drafts = self._drafts([each.row for each in known])
        free = _without_numbers_of_others(drafts)
        ids = add_children(actor=actor_for(self._supplier), drafts=free, protected=self._protected)
        self._say(list(zip(known, ids, strict=True)))
        self.protect(list(zip(known, ids, strict=True)))
        return [
            Made(child_id, "" if left == draft else NUMBER_TAKEN)
            for child_id, draft, left in zip(ids, drafts, free, strict=True)
        ]

    def replaced_by(self, said: SourceRecord) -> list[int]:
        """The statements in place of which that one of this batch was said."""
        row = said.said.open()
        keys = [self._key(each) for each in (row.key, row.superseded_by) if each]
        before = SourceRecord.objects.filter(supplier=self._supplier, key__in=keys, superseded_by=self._batch)
        return list(before.exclude(pk=said.pk).values_list("pk", flat=True))

    def protect(self, said: Sequence[tuple[Known, int]]) -> None:
        """Whose whereabouts a supplier keeps back is protected here as well; people decide about it after.

        Where it kept them back before and a shield was lifted since, they have decided about that very word.
        """
        kept_back = [(known, child_id) for known, child_id in said if known.row.restricted]
        shields = Shield.objects.filter(child__in=[child_id for _known, child_id in kept_back])
        decided = set(shields.values_list("child_id", flat=True))
        begin = {
            child_id
            for known, child_id in kept_back
            if child_id not in decided or not any(each.said.open().restricted for each in known.before)
        }
        begin_each(sorted(begin), actor=actor_for(self._supplier))

    def _key(self, key: str) -> bytes:
        return fingerprint(f"feed key {self._supplier.pk}", key)

    def _said_now(self, keys: Iterable[bytes]) -> QuerySet[SourceRecord]:
        said = SourceRecord.objects.filter(supplier=self._supplier, key__in=list(keys), superseded_by=None)
        return said.select_related("child").only("row_version", "key", "digest", "batch", "child__merged_into")

    def _makes(self, said: Sequence[tuple[Known, int]]) -> dict[int, Make]:
        """How each record is made anew: from all that is said of the child, with the row in place of what its supplier
        said before."""
        replaced = {each.pk for known, _child_id in said for each in known.before}
        now = {child_id: [self._statement(known.row)] for known, child_id in said}
        return recomposed(now, but=replaced, known_places=self._places)

    def _statement(self, row: Row) -> Statement:
        return Statement(Source(self._supplier.source), row, self._batch.received_at.date())

    def _drafts(self, rows: Sequence[Row]) -> list[Draft]:
        places = places_of(rows, self._places)
        by_id = {each.pk: each for each in places.values()}
        return [self._draft(each, places, by_id) for each in rows]

    def _draft(self, row: Row, places: Mapping[str, Organisation], by_id: Mapping[int, Organisation]) -> Draft:
        values = first_values(self._statement(row), places=places)
        # Where the child is now, rather than where they were.
        there = sorted((each for _lead, each in values.involvements), key=lambda each: each.ended_on is not None)
        answering = next((by_id[each.organisation_id] for each in there), self._supplier.organisation)
        return Draft(
            authority_id=answering.authority_id,
            date_of_birth=values.date_of_birth,
            gender=values.gender,
            date_of_death=values.date_of_death,
            names=values.names,
            numbers=values.numbers,
            addresses=values.addresses,
            guardians=values.guardians,
            involvements=values.involvements,
            said_by=values.said_by,
        )

    def _say(self, said: Sequence[tuple[Known, int]]) -> None:
        before = [each.pk for known, _child_id in said for each in known.before]
        SourceRecord.objects.filter(pk__in=before).update(superseded_by=self._batch)
        beside = Child.objects.only("row_version", "date_of_birth")  # whose month is that of what is said
        children = beside.in_bulk([child_id for _known, child_id in said])
        SourceRecord.objects.bulk_create(
            SourceRecord(
                supplier=self._supplier,
                child=children[child_id],
                key=known.key,
                digest=known.digest,
                said=known.row,
                batch=self._batch,
                place=known.row.place,
                said_at=timezone.now(),
            )
            for known, child_id in said
        )


def recomposed(
    more: Mapping[int, Sequence[Statement]],
    *,
    but: Iterable[int] = (),
    again: Iterable[int] = (),
    of_others: Mapping[int, Sequence[Statement]] = MappingProxyType({}),
    known_places: Mapping[str, Organisation] = MappingProxyType({}),
) -> dict[int, Make]:
    """How records are made anew from what is said of their children, and these statements more. Lock the records first.

    `but` are statements that do not count any more, and `again` superseded ones that count once more, by their ids.
    `of_others` stood on a record and are not about its child.
    """
    without, once_more = set(but), set(again)
    said: dict[int, list[Statement]] = defaultdict(list)
    retracted: dict[int, list[Statement]] = defaultdict(list)
    beneath: dict[int, set[int]] = defaultdict(set)
    for each in said_of(list(more)):
        now = (each.superseded_by_id is None or each.pk in once_more) and each.pk not in without
        (said if now else retracted)[each.stays].append(statement_of(each))
        if each.child_id != each.stays:
            beneath[each.stays].add(each.child_id)
    for child_id, statements in more.items():
        said[child_id] += statements
        retracted[child_id] += of_others.get(child_id, ())
    places = places_of((each.row for statements in said.values() for each in statements), known_places)

    def made(child_id: int) -> Make:
        spoken, before, under = said[child_id], retracted[child_id], beneath[child_id]
        return lambda stored: compose(stored, spoken, retracted=before, places=places, also_of=under)

    return {child_id: made(child_id) for child_id in more}


def said_of(child_ids: Sequence[int]) -> QuerySet[SourceRecord]:
    """What suppliers say of these children, or said."""
    own, below = Q(child__in=child_ids, child__merged_into=None), Q(child__merged_into__in=child_ids)
    of = SourceRecord.objects.filter(own | below)
    beside = ("child__merged_into", "supplier__source", "batch__received_at")
    told = of.select_related("child", "supplier", "batch").order_by("pk")
    return told.only("row_version", "said", "superseded_by", *beside)


def statement_of(said: SourceRecord) -> Statement:
    """What was said, opened."""
    day: date = said.batch.received_at.date()
    return Statement(Source(said.supplier.source), said.said.open(), day)


def lock_each(child_ids: Iterable[int]) -> None:
    """Lock records, before what suppliers say of them is read: what another process says meanwhile is waited for."""
    locked = Child.objects.filter(pk__in=sorted(child_ids)).select_for_update().order_by("pk")
    list(locked.values_list("pk"))


def _belongs_to(known: Known, child_id: int) -> int:
    """The record that a statement stays with: that of its key, though it lies under the one that stays."""
    before = known.record
    return before.child_id if before is not None and before.stays == child_id else child_id


def _without_numbers_of_others(drafts: Sequence[Draft]) -> list[Draft]:
    """The same, without numbers that a child has, or another of the drafts."""
    prints = [[number_fingerprint(NumberKind(kind), each.value) for kind, each in draft.numbers] for draft in drafts]
    asked = Counter(key for keys in prints for key in keys)
    held = ChildNumber.objects.filter(fingerprint__in=list(asked)).values_list("fingerprint", flat=True)
    taken = {key for key, times in asked.items() if times > 1}.union(map(bytes, held))
    return [
        replace(draft, numbers=tuple(each for each, key in zip(draft.numbers, keys, strict=True) if key not in taken))
        for draft, keys in zip(drafts, prints, strict=True)
    ]


def _digest(row: Row, places: Mapping[str, Organisation]) -> bytes:
    """Of all that is said, but for where in which file it stands; and of which of its schools and practices are known.

    What was said of one that nobody knew then is said anew once a directory has brought it.
    """
    known = [places[each.directory_code].pk for each in row.attendances if each.directory_code in places]
    said = msgspec.json.encode((replace(row, line=0, place=0), known))
    return fingerprint("feed row", blake2b(said, digest_size=32).hexdigest())
