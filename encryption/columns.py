"""Rows of sealed models by the hundred, sealed and sent column by column: one statement for all of them.

A table with row-level security takes no COPY, whoever sends it; rows go in as arrays, one for each column, in binary.
Django asks of each value of each row what it is, which takes three times as long.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Field

from database import arrays
from encryption import keyring, seal
from encryption.fields import SealedField
from encryption.keys import DataKey

if TYPE_CHECKING:
    from encryption.models import SealedModel

Column = list[Any]


def _as_text(values: Column) -> Column:
    """Of a member of an enumeration its value, and not its name."""
    return [None if value is None else str(value) for value in values]


_AS_SENT: Mapping[str, Callable[[Column], Any]] = {
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
    if using != DEFAULT_DB_ALIAS or not _AS_SENT.keys() >= set(types):
        return False
    sealed = seal_columns(rows)
    columns = [sealed.get(field.attname) or [getattr(row, field.attname) for row in rows] for field in fields]
    if any(None in column for field, column in zip(fields, columns, strict=True) if not field.null):
        return False
    names = ", ".join(str(field.column) for field in fields)
    unnested = ", ".join(f"%s::{kind}[]" for kind in types)
    arrays.execute(
        f"INSERT INTO {rows[0]._meta.db_table} ({names}) SELECT * FROM unnest({unnested})",  # noqa: S608 - our names
        [_as_sent(kind, column) for kind, column in zip(types, columns, strict=True)],
    )
    return True


def update(rows: Sequence["SealedModel"]) -> int:
    """Write the sealed fields of rows, each under the version that it has now. Returns how many stood before it."""
    sealed = seal_columns(rows)
    names = ["id", "row_version", *sealed]
    changes = ", ".join(f"{name} = told.{name}" for name in names[1:])
    values = [arrays.bigints([row.pk for row in rows]), arrays.integers([row.row_version for row in rows])]
    written = arrays.execute(
        f"UPDATE {rows[0]._meta.db_table} AS kept SET {changes} "  # noqa: S608 - names of our own
        f"FROM unnest(%s::bigint[], %s::integer[]{', %s::bytea[]' * len(sealed)}) AS told ({', '.join(names)}) "
        "WHERE kept.id = told.id AND kept.row_version = told.row_version - 1 RETURNING kept.id",
        [*values, *(_as_sent("bytea", column) for column in sealed.values())],
    )
    return len(written)


def seal_columns(rows: Sequence["SealedModel"]) -> dict[str, Column]:
    """Each sealed column of rows of one model, as it is to be stored."""
    keys = keyring.current()
    under = [keys.sealing_key(row.sealing_purpose, row.sealing_cohort()) for row in rows]
    return {field.attname: _sealed(field, rows, under) for field in rows[0].sealed_fields()}


def _sealed(field: SealedField, rows: Sequence["SealedModel"], under: Sequence[DataKey]) -> Column:
    values = [getattr(row, field.attname).open() for row in rows]
    told = [at for at, value in enumerate(values) if not (field.null and value is None)]
    entries = [(rows[at].pk, rows[at].row_version, under[at], field.encode(values[at])) for at in told]
    column: Column = [None] * len(rows)
    stored = seal.seal_column(rows[0]._meta.db_table, field.attname, entries, pad_to=field.pad_to)
    for at, each in zip(told, stored, strict=True):
        column[at] = each
    return column


def _type_of(field: "Field[Any, Any]") -> str:
    kind = str(field.db_type(connection)).partition("(")[0]
    return {"sealed": "bytea"}.get(kind, kind)


def _as_sent(kind: str, column: Column) -> Any:
    """Numbers and bytes packed at once, where none of them is NULL."""
    if None in column and _AS_SENT[kind] is not _as_text:
        return column
    return _AS_SENT[kind](column)
