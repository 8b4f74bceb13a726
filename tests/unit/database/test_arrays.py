"""Arrays as PostgreSQL reads them: what goes in comes out."""

import struct

import pytest
from django.db import DatabaseError
from hypothesis import given
from hypothesis import strategies as some

from database import arrays


@pytest.mark.parametrize(
    ("packed", "kind", "values"),
    [
        (arrays.integers, "integer", [0, 1, -1, 2**31 - 1, -(2**31)]),
        (arrays.bigints, "bigint", [0, 2**63 - 1, -(2**63)]),
        (arrays.strings_of_bytes, "bytea", [b"", b"\0", b"a" * 300]),
        (arrays.integers, "integer", []),
        (arrays.strings_of_bytes, "bytea", []),
    ],
)
def test_postgresql_reads_what_was_packed(db: None, packed, kind, values) -> None:
    assert arrays.execute(f"select %b::{kind}[]", [packed(values)]) == [(values,)]


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(OverflowError):
        arrays.integers([2**31])
    with pytest.raises(struct.error):
        arrays.bigints([2**63])


def test_errors_are_djangos(db: None) -> None:
    with pytest.raises(DatabaseError):
        arrays.execute("select (%b::integer[])[1] / 0", [arrays.integers([1])])


@given(some.lists(some.integers(-(2**31), 2**31 - 1), max_size=50))
def test_each_number_takes_its_length_and_itself(values: list[int]) -> None:
    assert len(arrays.integers(values)) == (20 + 8 * len(values) if values else 12)
