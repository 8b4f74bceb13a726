"""Bars that the service draws itself, as SVG in the page: without a script, told apart by pattern as well as by colour,
and always beside a table of the same numbers (templates/components/bars.html).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

WAYS = 7  # patterns that can be told apart


class Piece(NamedTuple):
    """A part of a bar: in which of the patterns, from where, and how wide, in hundredths of the bar."""

    way: int
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, what stands before it and what stands behind it."""

    label: str
    pieces: list[Piece]
    said: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The same numbers: the first column is what a line is known by."""

    columns: list[str]
    rows: list[list[str]]


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart. `key` says what each pattern stands for; `nothing` is said where there is nothing to draw."""

    code: str
    title: str
    words: str
    key: list[str]
    bars: list[Bar]
    table: Table
    nothing: str


def pieces(counts: Sequence[int], whole: int, *, first_way: int = 0) -> list[Piece]:
    """What each count is of the whole, one beside the other. What is nothing is not drawn."""
    found, x = list[Piece](), 0.0
    for way, count in enumerate(counts, start=first_way):
        if count and whole:
            width = 100 * count / whole
            found.append(Piece(way % WAYS, f"{x:.2f}", f"{width:.2f}"))
            x += width
    return found


def percent(part: int, whole: int) -> str:
    """A share in whole hundredths; never nothing where there is something, nor all where something is missing."""
    if not whole:
        return "–"
    share = round(100 * part / whole)
    if part and not share:
        return "less than 1%"
    if part < whole and share == 100:  # noqa: PLR2004 - of a hundred
        return "more than 99%"
    return f"{share}%"


def counted(part: int, whole: int) -> str:
    """A number, and its share."""
    return f"{part:,} ({percent(part, whole)})" if part else "0"
