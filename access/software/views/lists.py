"""What the pages that take a list have in common: read the file, show what is wrong line by line."""

from collections.abc import Iterable
from dataclasses import dataclass

from access.software.forms import ListForm
from access.software.lists.spreadsheets import CellError, Row, SheetError, read


@dataclass(frozen=True, slots=True)
class WrongLine:
    """A line with something wrong in it: each column, what stands there, and what is wrong with that."""

    line: int
    cells: list[tuple[str, str, str]]


def rows_of(form: ListForm, columns: tuple[str, ...]) -> list[Row]:
    """The rows of the file that was sent; none where it cannot be read as a whole, which the form then says."""
    if not form.is_bound or not form.is_valid():
        return []
    try:
        return read(form.contents(), columns)
    except SheetError as problem:
        form.add_error("list", str(problem))
        return []


def wrong_lines(rows: Iterable[Row], errors: Iterable[CellError]) -> list[WrongLine]:
    """The lines that have errors, as they came and with their errors."""
    by_cell: dict[tuple[int, str], str] = {}
    for error in errors:
        by_cell.setdefault((error.line, error.column), error.what)
    wrong = {line for line, _ in by_cell}
    return [
        WrongLine(row.line, [(name, text, by_cell.get((row.line, name), "")) for name, text in row.cells.items()])
        for row in rows
        if row.line in wrong
    ]
