"""Lists from spreadsheets: every way of saving one is read, every mistake is said by line and column."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.software.lists.spreadsheets import MOST_ROWS, Row, SheetError, read, unreadable

COLUMNS = ("name", "email")
PLAIN = "name,email\nZoë Brontë,zoe@example.org\n"


def values(rows: list[Row]) -> list[dict[str, str]]:
    return [dict(row.cells) for row in rows]


@pytest.mark.parametrize(
    "contents",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        PLAIN.encode("cp1252"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace(",", ";").encode("utf-8-sig"),
        PLAIN.replace(",", "\t").encode("utf-16"),
        PLAIN.rstrip().encode(),
        'E-mail address,"Name"\r\nzoe@example.org,"Zoë Brontë"\r\n'.encode(),
        "Name,E-MAIL,,\n\n  Zoë Brontë , zoe@example.org ,,\n,,,\n".encode(),
    ],
    ids=["utf-8", "mark", "utf-16", "cp1252", "crlf", "semicolons", "tabs", "no end", "order", "blanks"],
)
def test_what_a_spreadsheet_writes_is_read(contents: bytes) -> None:
    assert values(read(contents, COLUMNS)) == [{"name": "Zoë Brontë", "email": "zoe@example.org"}]


@pytest.mark.parametrize(
    ("contents", "says"),
    [
        (b"", "no column “name”"),
        (b"name\nZo", "no column “email”"),
        (b"name,email,salary\nZo,zo@example.org,1", "Remove the others"),
        (b"name,email\n", "no line below"),
        (b"name,email\n,\n , \n", "no line below"),
        (b"PK\x03\x04rest of a workbook", "a workbook"),
        (b"\xd0\xcf\x11\xe0rest of an old one", "a workbook"),
        (b"name,email\n\0Zo,zo@example.org", "not a CSV file"),
        (b"\xff\xfen\0", "no column “name”"),
        (b"\xff\xfen\0a", "not a CSV file"),
        (b'name,email\n"Zo,zo@example.org', "quotation marks"),
        (b"name,email\n" + b"a,b\n" * (MOST_ROWS + 1), "more than 1,000 lines"),
        (b"name,email\n" + b"a,b\n" * 100_000, "too large"),
        (b"name,email\n" + b"a" * 150_000 + b",b\n", "quotation marks"),
    ],
)
def test_what_is_no_such_list_is_refused_with_what_to_do(contents: bytes, says: str) -> None:
    with pytest.raises(SheetError, match=says):
        read(contents, COLUMNS)


def test_longest_list_is_read() -> None:
    assert len(read(b"name,email\n" + b"a,b\n" * MOST_ROWS, COLUMNS)) == MOST_ROWS


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("Zo,", "Line 3, email: This is empty"),
        ("Zo", "Line 3, email: This is empty"),
        (f"{'Z' * 255},zo@example.org", "Line 3, name: This is longer"),
        ('"Zo\nNeale",zo@example.org', "Line 3, name: There is a line break"),
        ("Zo\u202e,zo@example.org", "Line 3, name: There is a line break or an unseen"),
        ("Neale, Zo,zo@example.org", "Line 3, email: There are more cells"),
    ],
)
def test_cell_in_error_is_named_as_the_spreadsheet_names_it(line: str, says: str) -> None:
    rows = read(f"{PLAIN}{line}\n".encode(), COLUMNS)
    assert not list(unreadable(rows[0]))
    assert str(next(unreadable(rows[1]))).startswith(says)


def test_formula_stays_text() -> None:
    (row,) = read(b'name,email\n"=HYPERLINK(""http://x"")",a@b.c\n', COLUMNS)
    assert row.cells["name"] == '=HYPERLINK("http://x")'


def test_row_tells_nothing_of_the_person() -> None:
    (row,) = read(PLAIN.encode(), COLUMNS)
    assert "zoe" not in repr(row).casefold()


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(contents: bytes) -> None:
    try:
        rows = read(b"name,email\n" + contents, COLUMNS)
    except SheetError:
        return
    assert all(set(row.cells) == set(COLUMNS) for row in rows)
