"""Whatever arrives, a reader yields rows and refusals, or refuses all of it: it raises nothing else, and always ends.

And it holds no more than a record at a time, however much arrives.
"""

import io
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.readers import FIELDS, READERS, Format
from feeds.readers.directories import READERS as DIRECTORIES
from feeds.readers.packed import Unpacked
from feeds.readers.registrations import BIRTHS, DEATHS
from feeds.rows import Fault, FeedRefusedError, Row
from tests.unit.feeds.people import (
    ANN,
    BEN,
    TODAY,
    Dripping,
    Endless,
    all_refused,
    as_cells,
    as_csv,
    as_lines,
    as_patient,
    as_transfer_file,
    read,
)

GOOD = {
    Format.TABLE: as_csv([as_cells(ANN), as_cells(BEN)]),
    Format.COMMON_TRANSFER_FILE: as_transfer_file(BEN),
    Format.DEMOGRAPHICS: as_lines([as_patient(ANN)] * 2),
    Format.BIRTHS: as_csv([{heading: as_cells(ANN).get(field, "") for field, heading in BIRTHS.columns.items()}]),
    Format.DEATHS: as_csv([{heading: as_cells(ANN).get(field, "") for field, heading in DEATHS.columns.items()}]),
}
MEGABYTES = 200
# Two records of 1 MiB (a line so far, and the same with the next piece), and the parser's own: a fiftieth of the line.
MOST_HELD = 4 * 1024**2
FORMATS = st.sampled_from(Format)
HOLES = [
    b"",
    b"\x00",
    b"\xff",
    b'"',
    b"\r",
    b"\n",
    b",",
    b"<",
    b"&",
    b"{",
    b"[",
    b"=",
    "é".encode("utf-16"),
    b"<!--",
    b"]]>",
]


def read_whatever(kind: Format, content: bytes) -> None:
    with suppress(FeedRefusedError):
        for each in READERS[kind](Dripping(content, 50), today=TODAY):
            assert isinstance(each, Row) or each.field in {"", *FIELDS}


@contextmanager
def held() -> Iterator[Callable[[], int]]:
    """Tells how much memory was held at once since it began."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        yield lambda: tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


@given(FORMATS, st.binary(max_size=500))
def test_any_bytes(kind: Format, content: bytes) -> None:
    read_whatever(kind, content)


@given(st.binary(max_size=500))
def test_any_bytes_as_a_directory(content: bytes) -> None:
    for reader in DIRECTORIES.values():
        with suppress(FeedRefusedError):
            list(reader(io.BytesIO(content)))


HOLE = st.tuples(st.sampled_from(HOLES), st.floats(0, 1))


@given(FORMATS, st.lists(HOLE, min_size=1, max_size=4), st.integers(0, 40))
def test_good_content_with_holes_in_it(kind: Format, holes: list[tuple[bytes, float]], cut: int) -> None:
    content = GOOD[kind]
    for hole, where in holes:
        place = int(where * len(content))
        content = content[:place] + hole + content[place + cut :]
    read_whatever(kind, content)


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda of: st.lists(of, max_size=3))
)
def test_any_json_in_the_place_of_any_part_of_a_patient(value: Any) -> None:
    for part in as_patient(ANN):
        read_whatever(Format.DEMOGRAPHICS, as_lines([as_patient(ANN) | {part: value}]))


@given(st.dictionaries(st.sampled_from(sorted(as_cells(ANN))), st.text(max_size=20)))
def test_any_text_in_any_cell(cells: dict[str, str]) -> None:
    read_whatever(Format.TABLE, as_csv([as_cells(ANN) | cells]))


@pytest.mark.parametrize("kind", Format)
def test_every_beginning_of_good_content_is_read_or_refused(kind: Format) -> None:
    for end in range(0, len(GOOD[kind]), 7):
        read_whatever(kind, GOOD[kind][:end])


@pytest.mark.parametrize(
    ("kind", "beginning", "again"),
    [
        (Format.TABLE, b"", b"x"),
        (Format.TABLE, b"key,family,date_of_birth\r\n", b"x"),
        (Format.TABLE, b'key,family,date_of_birth\r\n1,"', b"x\n"),  # a quote that is never closed, over many lines
        (Format.TABLE, b"key,family,date_of_birth\r\n", b","),
        (Format.TABLE, b"key,family,date_of_birth\r\n1", b',"\n"'),  # cells without end, over many lines
        (Format.COMMON_TRANSFER_FILE, b"<CTfile a='", b"x"),
        (Format.COMMON_TRANSFER_FILE, b"<CTfile><!--", b"x"),
        (Format.COMMON_TRANSFER_FILE, b"<CTfile>" + b"<a>" * 10 + b"<", b"x"),
        (Format.COMMON_TRANSFER_FILE, b"<CTfile>", b"<a>x"),
        (Format.DEMOGRAPHICS, b"{\n", b"x\n"),
        (Format.DEMOGRAPHICS, b'{"resourceType": "Bundle", "entry": [\n', b"1,\n "),
    ],
)
def test_endless_record_is_given_up_at_once(kind: Format, beginning: bytes, again: bytes) -> None:
    stream = Endless(beginning, again, MEGABYTES * 1024**2)
    with held() as most:
        assert all_refused(kind, stream)[0] in {Fault.TOO_LONG, Fault.TOO_LARGE, Fault.BROKEN}
        assert most() < MOST_HELD


def test_long_line_between_patients_is_passed_over_and_not_held() -> None:
    patient = as_lines([as_patient(ANN)])
    stream = Endless(patient + b'{"x": "', b"x", MEGABYTES * 1024**2, b'"}\n' + patient)
    with held() as most:
        found = read(Format.DEMOGRAPHICS, stream)
        assert most() < MOST_HELD
    assert [isinstance(each, Row) for each in found] == [True, False, True]


@pytest.mark.parametrize("element", ["Surname", "Ethnicity"])
def test_long_text_of_an_element_is_not_held(element: str) -> None:
    content = as_transfer_file(BEN, more=f"<{element}>HERE</{element}>").split(b"HERE")
    stream = Endless(content[0], b"x", 40 * 1024**2, content[1])
    with held() as most:
        (only,) = read(Format.COMMON_TRANSFER_FILE, stream)
        assert most() < 480 * 1024  # most of it the parser's own
    assert isinstance(only, Row) is (element == "Ethnicity")


@pytest.mark.parametrize(
    ("kind", "beginning", "again", "size"),
    [
        (Format.TABLE, b"key,family,date_of_birth\n", b"1,Smith,2015-01-01\n", 256 * 1024),
        (Format.DEMOGRAPHICS, b"", GOOD[Format.DEMOGRAPHICS], 2 * 1024**2),
    ],
)
def test_many_rows_are_not_held(kind: Format, beginning: bytes, again: bytes, size: int) -> None:
    with held() as most:
        kept = list(READERS[kind](Endless(beginning, again, size), today=TODAY))
        all_of_them = most()
    with held() as most:
        assert sum(1 for _ in READERS[kind](Endless(beginning, again, size), today=TODAY)) == len(kept)
        assert most() < all_of_them / 2


def test_refusal_holds_nothing_of_what_was_sent() -> None:
    content = GOOD[Format.COMMON_TRANSFER_FILE].replace(b"</CTfile>", b"<Secret-Name")
    with pytest.raises(FeedRefusedError) as refused:
        read(Format.COMMON_TRANSFER_FILE, content)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__
    assert "Secret" not in str(refused.value)


def test_packed_rows_are_read_as_they_are_unpacked() -> None:
    with pytest.raises(FeedRefusedError) as refused:
        read(Format.TABLE, Unpacked(io.BytesIO(GOOD[Format.TABLE])))
    assert refused.value.fault == Fault.BROKEN
