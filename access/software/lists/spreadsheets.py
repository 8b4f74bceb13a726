"""A list that somebody keeps in a spreadsheet, read from its CSV: all of it or none, each error by line and column.

Nothing of the file is kept here, and no error repeats what stands in it. Cells are text: a formula is never worked out.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO

from django.conf import settings

MOST_ROWS = 1_000
MOST_LETTERS = 254  # of a cell: the longest e-mail address
SEPARATORS = ",;\t"
WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how files of Excel and its like begin
HOW_TO_SAVE = "In your spreadsheet choose Save as, then “CSV UTF-8”, and choose that file here."
# Line breaks and control characters; spaces without width and marks that turn the direction of writing round.
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


class SheetError(Exception):
    """The list cannot be read as a whole. Its text says what to do; it holds nothing of the file."""


@dataclass(frozen=True, slots=True)
class CellError:
    """What is wrong in one cell, in words. `line` counts as a spreadsheet does: the headings are line 1."""

    line: int
    column: str
    what: str

    def __str__(self) -> str:
        return f"Line {self.line}, {self.column}: {self.what}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list: the text of each column, without spaces around it."""

    line: int
    cells: Mapping[str, str] = field(repr=False)
    too_long: bool = False


def most_bytes() -> int:
    """The most that one file may hold; what sends it takes some of it."""
    size: int = settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    return size


def limits() -> str:
    """The most that one list may hold, in words."""
    return f"{MOST_ROWS:,} lines and {most_bytes() // 1024} kB"


def read(contents: bytes, columns: Iterable[str]) -> list[Row]:
    """The lines of a list that has exactly `columns`, in any order and however its headings are capitalised.

    Takes what Excel and its like write: commas, semicolons or tabs; UTF-8 with or without a mark, UTF-16 with one,
    Windows-1252. Raises SheetError when it is something else, lacks a column, has one too many, or is too long.
    """
    if len(contents) > most_bytes():
        raise SheetError(f"The file is too large: at most {limits()} at once. Split it.")
    lines = _lines(_text(contents))
    headings = _headings(next(lines, []), tuple(columns))
    rows: list[Row] = []
    for line, cells in enumerate(lines, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(rows) == MOST_ROWS:
            raise SheetError(f"The file has more than {MOST_ROWS:,} lines: at most {limits()} at once. Split it.")
        rows.append(_row(line, cells, headings))
    if not rows:
        raise SheetError("The file has no line below its headings.")
    return rows


def unreadable(row: Row) -> Iterator[CellError]:
    """What is wrong in any cell of the row, whatever its column is for: nothing in it, too much, unseen characters."""
    if row.too_long:
        column = list(row.cells)[-1]
        yield CellError(row.line, column, "There are more cells than headings. Put quotation marks around a comma.")
    for column, text in row.cells.items():
        if not text:
            yield CellError(row.line, column, "This is empty. Fill it in.")
        elif len(text) > MOST_LETTERS:
            yield CellError(row.line, column, f"This is longer than {MOST_LETTERS} letters. Shorten it.")
        elif UNSEEN.search(text):
            yield CellError(row.line, column, "There is a line break or an unseen character in it. Type it again.")


def _text(contents: bytes) -> str:
    if contents.startswith(WORKBOOK):
        raise SheetError(f"This is a workbook, not a CSV file. {HOW_TO_SAVE}")
    marked = contents.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if marked else ["utf-8-sig", "cp1252"]:
        try:
            text = contents.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise SheetError(f"This is not a CSV file, or not all of it arrived. {HOW_TO_SAVE}")


def _lines(text: str) -> Iterator[list[str]]:
    first = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=first.count)
    try:
        yield from csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    except csv.Error:
        raise SheetError(f"The quotation marks in this file do not match. {HOW_TO_SAVE}") from None


def _headings(cells: list[str], columns: tuple[str, ...]) -> list[str]:
    """The columns in the order of the file."""
    found = [_plain(cell) for cell in cells]
    while found and not found[-1]:
        found.pop()
    wanted = " and ".join(filter(None, (", ".join(columns[:-1]), columns[-1])))
    missing = [column for column in columns if column not in found]
    if missing:
        raise SheetError(f"Line 1 has no column “{missing[0]}”. The first line must be the headings: {wanted}.")
    if len(found) > len(columns):
        raise SheetError(f"There are more columns than {wanted}. Remove the others: this service must not hold them.")
    return found


def _plain(heading: str) -> str:
    letters = re.sub(r"[^a-z]", "", heading.casefold())
    return {"emailaddress": "email", "organisationcode": "organisation"}.get(letters, letters)


def _row(line: int, cells: list[str], headings: list[str]) -> Row:
    texts = [cell.strip() for cell in [*cells, *[""] * len(headings)]]
    beyond = any(texts[len(headings) :])
    return Row(line, dict(zip(headings, texts, strict=False)), too_long=beyond)
