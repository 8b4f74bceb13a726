"""What a chart is: a title, a sentence, and figures in a table. The picture is drawn from these and says no more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from review.selectors.months import Month

Drawing = Literal["bars", "lying", "heat"]


@dataclass(frozen=True, slots=True)
class Figures:
    """A table of counts. `columns` stand above the counts; a row is what stands before them, and one count for each.

    `organisations`: whose names stand before `columns`, each above a column of its own. `beside`: a last column of
    words, its heading first, which the picture leaves out.
    """

    head: str
    columns: list[str]
    rows: list[tuple[str, list[int]]]
    organisations: list[int] = field(default_factory=list)
    beside: tuple[str, list[str]] = ("", [])

    def named(self, names: Mapping[int, str]) -> "Figures":
        """With the names in the place of the organisations."""
        columns = [*(names[organisation] for organisation in self.organisations), *self.columns]
        return replace(self, columns=columns, organisations=[])

    @property
    def total(self) -> int:
        """All of them."""
        return sum(sum(counts) for _, counts in self.rows)

    @property
    def most(self) -> int:
        """The largest."""
        return max((count for _, counts in self.rows for count in counts), default=0)


class Chart(Protocol):
    """A chart. `drawn` says how: bars on top of one another, upright or lying, which the script draws over the table;
    or the table itself, each cell the darker the more it counts. `nothing` is said of a month without any."""

    code: str
    title: str
    words: str
    nothing: str
    drawn: Drawing

    def figures(self, authorities: Sequence[int], month: Month) -> Figures:
        """Its figures. Inside `audit.reading.reading` alone."""
        ...
