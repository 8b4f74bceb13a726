"""Synthetic children into the registry by the hundred: the same rows as `add_children` makes, in few statements.

A table with row-level security takes no COPY, whoever sends it; rows go in as arrays, one for each column, in binary.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from random import Random
from typing import Any

import msgspec
from django.db import connection, transaction
from django.db.models import Field
from django.utils import timezone

from access.models import Organisation
from audit.events import EventKind
from audit.recorder import About, record
from database import arrays
from encryption import keyring, seal
from encryption.fields import SealedField
from encryption.keys import DataKey, Purpose, cohort_of
from encryption.models import SealedModel, next_ids
from registry.actions.children import SHIELD_REVIEWED_AFTER, Draft, traits_of_draft
from registry.demonstration import shapes
from registry.demonstration.load import ACTOR, HouseholdLoader
from registry.models import Child, ChildAddress, ChildName, ChildNumber, Guardian, Involvement, Shield
from registry.rules.numbers import number_fingerprint
from registry.rules.retention import Circumstances, away_until, destroy_on
from registry.search import index
from registry.search.summaries import summarise
from registry.traits.filing import put as put_traits
from registry.values import Summary

_PACKED: dict[str, Callable[[list[Any]], Any]] = {
    "bigint": arrays.bigints,
    "bytea": arrays.strings_of_bytes,
    "integer": arrays.integers,
}
Numbered = tuple[str, Draft]  # a registry number and the child who bears it


class BlockLoader:
    """Adds blocks of households. Lean, only what a search needs: the child, its tokens, and its shield."""

    def __init__(self, organisations: Mapping[str, Organisation], *, today: date, lean: bool) -> None:
        self._loader = HouseholdLoader(organisations, today=today)
        self._today = today
        self._lean = lean

    def add(self, households: Sequence[shapes.Household]) -> int:
        """Add all children of `households`, in one transaction with one event that names them. Returns how many.

        In no order: else neighbours in the tables would be brothers and sisters.
        """
        children = [
            (child.registry_number, draft)
            for household in households
            for child, draft in zip(
                household.children, self._loader.drafts(household, whole=not self._lean), strict=True
            )
        ]
        Random(children[0][0]).shuffle(children)
        with transaction.atomic(), connection.cursor() as cursor:
            # A block that a crash takes back is made again by the next run.
            cursor.execute("SET LOCAL synchronous_commit = off")
            ids = next_ids(Child, len(children))
            entries = _add_children(ids, children)
            filed = [(child_id, draft) for child_id, (_number, draft) in zip(ids, children, strict=True)]
            if not self._lean:
                _add_details(filed)
                put_traits((child_id, 1, traits_of_draft(draft)) for child_id, draft in filed)
            _add_shields(filed, self._today)
            index.put(entries)
            record(EventKind.CHILD_ADDED, About(shown=ids), actor=ACTOR)
        return len(children)


class _Rows:
    """Rows of one table, which are sealed and sent column by column. What may be NULL is left so."""

    def __init__(self, model: type[Any]) -> None:
        fields = [field for field in model._meta.concrete_fields if not field.null]
        self._table = model._meta.db_table
        self._fields = {each.column: each for each in fields}
        self._types = {each.column: _type_of(each) for each in fields}
        self._rows: list[tuple[int, DataKey, dict[str, Any]]] = []

    def add(self, row: int, key: DataKey, values: dict[str, Any]) -> None:
        """One row, its sealed values clear as yet."""
        self._rows.append((row, key, values))

    def insert(self) -> None:
        columns = ", ".join(self._types)
        unnested = ", ".join(f"%b::{kind}[]" for kind in self._types.values())
        arrays.execute(
            f"INSERT INTO {self._table} ({columns}) SELECT * FROM unnest({unnested})",  # noqa: S608 - names of our own
            [_PACKED.get(kind, list)(self._column(column)) for column, kind in self._types.items()],
        )

    def _column(self, column: str) -> list[Any]:
        """As it is to be stored."""
        field = self._fields[column]
        if not isinstance(field, SealedField):
            return [values[column] for _row, _key, values in self._rows]
        encode = msgspec.json.encode
        clear = [(row, 1, key, encode(values[column])) for row, key, values in self._rows]
        return seal.seal_column(self._table, column, clear, pad_to=field.pad_to)


def _type_of(field: "Field[Any, Any]") -> str:
    kind = str(field.db_type(connection))
    return {"sealed": "bytea"}.get(kind, kind.partition("(")[0])


def _add_children(ids: list[int], children: Sequence[Numbered]) -> list[tuple[int, Summary]]:
    rows, entries = _Rows(Child), []
    for child_id, (number, draft) in zip(ids, children, strict=True):
        summary = _summary(number, draft)
        entries.append((child_id, summary))
        rows.add(
            child_id,
            _key_of(draft),
            {
                "id": child_id,
                "row_version": 1,
                "responsible_authority_id": draft.authority_id,
                "number": number,
                "number_fingerprint": number_fingerprint("own", number),
                "date_of_birth": draft.date_of_birth,
                "gender": draft.gender,
                "date_of_death": None,
                "assessment": draft.assessment,
                "summary": summary,
                "severed": False,
                "archived": False,
                "merged_into_id": None,
            },
        )
    rows.insert()
    return entries


def _add_details(children: list[tuple[int, Draft]]) -> None:
    """Everything else that is known of the children, each kind of row at once."""
    for model in (ChildName, ChildAddress, ChildNumber, Guardian, Involvement):
        _insert(model, [(child_id, draft, row) for child_id, draft in children for row in _of(model, draft)])


def _add_shields(children: list[tuple[int, Draft]], today: date) -> None:
    Shield.objects.bulk_create(
        Shield(
            child_id=child_id,
            authority_id=draft.authority_id,
            started_on=draft.shielded_since,
            review_on=today + SHIELD_REVIEWED_AFTER,
            filed_at=timezone.now(),  # with the children themselves
        )
        for child_id, draft in children
        if draft.shielded_since
    )


def _insert(model: type[SealedModel], wanted: list[tuple[int, Draft, dict[str, Any]]]) -> None:
    rows = _Rows(model)
    for row_id, (child_id, draft, values) in zip(next_ids(model, len(wanted)), wanted, strict=True):
        rows.add(row_id, _key_of(draft), {"id": row_id, "row_version": 1, "child_id": child_id, **values})
    rows.insert()


def _of(model: type[SealedModel], draft: Draft) -> list[dict[str, Any]]:
    """What the draft says for that table."""
    if model is ChildName:
        return [{"kind": str(kind), "details": name} for kind, name in draft.names]
    if model is ChildAddress:
        return [{"present": place == 0, "details": each} for place, each in enumerate(draft.addresses)]
    if model is ChildNumber:
        return [
            {"kind": str(kind), "fingerprint": number_fingerprint(kind, each.value), "details": each}
            for kind, each in draft.numbers
        ]
    if model is Guardian:
        return [{"details": each} for each in draft.guardians]
    return [{"lead": lead, "details": each} for lead, each in draft.involvements]


def _summary(number: str, draft: Draft) -> Summary:
    return summarise(
        names=draft.names,
        date_of_birth=draft.date_of_birth,
        gender=draft.gender,
        number=number,
        numbers=[value.value for _kind, value in draft.numbers],
        address=draft.addresses[0] if draft.addresses else None,
        shielded=draft.shielded_since is not None,
    )


def _key_of(draft: Draft) -> DataKey:
    return _key(draft.date_of_birth, away_until(draft.addresses[0]) if draft.addresses else None)


@lru_cache(maxsize=10_000)
def _key(date_of_birth: date, ends: date | None) -> DataKey:
    due = destroy_on(date_of_birth, None, Circumstances(away_until=ends))
    return keyring.current().sealing_key(Purpose.CHILD, cohort_of(max(due, timezone.localdate())))
