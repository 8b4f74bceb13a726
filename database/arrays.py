"""Long arrays for PostgreSQL, packed at once: psycopg looks at each element by itself, most of a load's time.

The format is that of `array_send` in PostgreSQL's source: dimensions, whether there are NULLs, type of the elements,
length and lower bound; then each element with its length before it. It has not changed since version 7.4.
"""

import struct
import sys
from array import array
from collections.abc import Sequence
from itertools import chain, repeat
from typing import Any

import psycopg
from django.db import connection
from psycopg.adapt import Dumper
from psycopg.pq import Format

_HEADER = struct.Struct("!iiIii")
_BYTEA, _INT8, _INT4 = 17, 20, 23
_INT8_BYTES, _INT4_BYTES = 8, 4


class Packed(bytes):
    """An array as PostgreSQL takes it."""

    __slots__ = ()


class _PackedDumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: bytes) -> bytes:
        return obj


def integers(values: Sequence[int]) -> Packed:
    """An `integer[]`. Raises OverflowError for what does not fit."""
    # By the hundred thousand: struct takes ten times as long.
    packed = array("i", [_INT4_BYTES]) * (2 * len(values))
    packed[1::2] = array("i", values)
    if sys.byteorder == "little":
        packed.byteswap()
    return Packed(_header(_INT4, len(values)) + packed.tobytes())


def bigints(values: Sequence[int]) -> Packed:
    """A `bigint[]`. Raises struct.error for what does not fit."""
    packed = struct.pack("!" + "iq" * len(values), *chain.from_iterable(zip(repeat(_INT8_BYTES), values)))
    return Packed(_header(_INT8, len(values)) + packed)


def strings_of_bytes(values: Sequence[bytes]) -> Packed:
    """A `bytea[]`."""
    lengths = map(struct.Struct("!i").pack, map(len, values))
    return Packed(_header(_BYTEA, len(values)) + b"".join(chain.from_iterable(zip(lengths, values, strict=True))))


def execute(statement: str, arguments: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a statement on Django's connection, its arguments (written %b) in binary. Returns its rows, if any."""
    connection.ensure_connection()
    with connection.wrap_database_errors:
        return execute_on(connection.connection, statement, arguments)


def execute_on(on: "psycopg.Connection[Any]", statement: str, arguments: Sequence[Any]) -> list[tuple[Any, ...]]:
    """As `execute`, on another connection, whose errors are psycopg's own."""
    with psycopg.Cursor(on) as cursor:
        cursor.adapters.register_dumper(Packed, _PackedDumper)
        cursor.execute(statement, arguments)
        return cursor.fetchall() if cursor.description else []


def _header(kind: int, count: int) -> bytes:
    return _HEADER.pack(1, 0, kind, count, 1) if count else _HEADER.pack(0, 0, kind, 0, 0)[:12]
