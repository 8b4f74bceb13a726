"""Months, by which the log is counted."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from django.utils.formats import date_format

OFFERED = 13  # this one, and the year before it


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of a year."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        """The month in which that day lies."""
        return cls(day.year, day.month)

    @property
    def bounds(self) -> tuple[date, date]:
        """Its first day, and that of the next month."""
        first = date(self.year, self.number, 1)
        return first, (first + timedelta(days=31)).replace(day=1)

    @property
    def days(self) -> list[date]:
        """Each of its days."""
        first, after = self.bounds
        return [first + timedelta(days=number) for number in range((after - first).days)]

    @property
    def before(self) -> "Month":
        """The month before it."""
        first, _ = self.bounds
        return Month.of(first - timedelta(days=1))

    @property
    def code(self) -> str:
        """As an address has it: 2026-11."""
        return f"{self.year}-{self.number:02}"

    def __str__(self) -> str:
        return str(date_format(self.bounds[0], "F Y"))


def offered(today: date) -> list[Month]:
    """The months that may be chosen, the newest first."""
    months = [Month.of(today)]
    while len(months) < OFFERED:
        months.append(months[-1].before)
    return months
