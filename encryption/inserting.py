"""New rows of sealed models into their table by the hundred, sealed and sent column by column in one statement.

A table with row-level security takes no COPY, whoever sends it. So rows go in as arrays, one for each column, in binary:
a third of the time that Django takes to ask each value of each row what it is.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Field

from database import arrays
from encryption import keyring, seal
from encryption.fields import SealedField

if TYPE_CHECKING:
    from encryption.models import SealedModel

Column = list[Any]


def _as_text(values: Column) -> Column:
    """Of a member of an enumeration its value, and not its name."""
    return [None if value is None else str(value) for value in values]


_PACKED: Mapping[str, Callable[[Column], Any]] = {
    "bigint": arrays.bigints,
    "integer": arrays.integers,
    "bytea": arrays.strings_of_bytes,
    "varchar": _as_text,
    "text": _as_text,
    "boolean": list,
    "date": list,
    "timestamp with time zone": list,
}


def insert(rows: Sequence["SealedModel"], using: str) -> bool:
    """Add new rows of one model that have their ids, each under the key of its cohort.

    Returns whether it was done. Where the table has columns of other types, or a row lacks a value that it must have,
    nothing is done: that is for Django.
    """
    fields: list[Field[Any, Any]] = list(rows[0]._meta.concrete_fields)
    types = [_type_of(field) for field in fields]
    if using != DEFAULT_DB_ALIAS or not _PACKED.keys() >= set(types):
        return False
    sealed = _sealed(rows)
    columns = [sealed.get(field.attname) or [getattr(row, field.attname) for row in rows] for field in fields]
    if any(None in column for field, column in zip(fields, columns, strict=True) if not field.null):
        return False
    names = ", ".join(field.column for field in fields)
    unnested = ", ".join(f"%s::{kind}[]" for kind in types)
    arrays.execute(
        f"INSERT INTO {rows[0]._meta.db_table} ({names}) SELECT * FROM unnest({unnested})",  # noqa: S608 - our names
        [_packed(kind, column) for kind, column in zip(types, columns, strict=True)],
    )
    for row in rows:
        row._state.adding, row._state.db = False, using
    return True


def _type_of(field: "Field[Any, Any]") -> str:
    kind = str(field.db_type(connection)).partition("(")[0]
    return {"sealed": "bytea"}.get(kind, kind)


def _packed(kind: str, column: Column) -> Any:
    """Numbers and bytes at once, where none of them is NULL."""
    return _PACKED[kind](column) if None not in column else _as_they_are(kind, column)


def _as_they_are(kind: str, column: Column) -> Column:
    return _as_text(column) if _PACKED[kind] is _as_text else column


def _sealed(rows: Sequence["SealedModel"]) -> dict[str, Column]:
    """Each sealed column as it is to be stored."""
    keys = keyring.current()
    under = [keys.sealing_key(row.sealing_purpose, row.sealing_cohort()) for row in rows]
    return {field.attname: _sealed_column(field, rows, under) for field in rows[0].sealed_fields()}


def _sealed_column(field: SealedField, rows: Sequence["SealedModel"], under: Sequence[Any]) -> Column:
    values = [getattr(row, field.attname).open() for row in rows]
    told = [at for at, value in enumerate(values) if not (field.null and value is None)]
    entries = [(rows[at].pk, under[at], field.encode(values[at])) for at in told]
    column: Column = [None] * len(rows)
    stored = seal.seal_column(rows[0]._meta.db_table, field.attname, entries, pad_to=field.pad_to)
    for at, each in zip(told, stored, strict=True):
        column[at] = each
    return column
