"""What somebody did on a day, what they do otherwise, and what those do who have the same role in such a place.

All of it is counts: how much, in which hours, and never of whom.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from math import log2
from uuid import UUID

from review.examining.rates import Usual

HOURS = 24
SATURDAY = 5
BINS = 32  # of half octaves: 0, 1, 2, 3-4, 5-6, 7-10 and on, to far more than a budget allows


def bin_of(number: int) -> int:
    """The half octave in which a number lies."""
    return min(BINS - 1, int(2 * log2(1 + number)))


def is_weekend(day: date) -> bool:
    """Whether most offices are closed."""
    return day.weekday() >= SATURDAY


@dataclass(slots=True)
class Day:
    """What one user did on a day. `hours` has a bit for each hour of the day in which they looked at a record."""

    user_id: int
    day: date
    role: str
    organisation_id: int
    authority_id: int | None
    kind: str  # of the organisation
    opened: int = 0  # records, each once
    searched: int = 0  # questions that found somebody, each once however often it was put in other words
    followed: int = 0  # of these, how many led to a record
    refused: int = 0
    read: int = 0  # of people, or of the log: what administrators and auditors do
    unexplained: int = 0  # of the records opened on that day, by now
    hours: int = 0
    last_trail: UUID | None = None
    last_followed: UUID | None = None

    @property
    def peers(self) -> tuple[str, str]:
        """Whom they are compared with: the same role in the same kind of place."""
        return self.role, self.kind


@dataclass(frozen=True, slots=True)
class Past:
    """What one user did on the days of the last three months on which they did anything, without today."""

    days: Sequence[date] = ()
    opened: Sequence[int] = ()
    hours: Sequence[int] = ()
    accesses: int = 0
    unexplained: int = 0
    before: date | None = None  # the last day before these months, of somebody who did nothing in them but lately

    def with_one_more_unexplained(self) -> "Past":
        """The same, with one more that nothing explained."""
        return replace(self, unexplained=self.unexplained + 1)

    def awoke(self, today: date, idle: int) -> date | None:
        """The day, today among them, on which they did something for the first time in so many days; None if never."""
        earlier = [self.before] if self.before else []
        days = [*earlier, *self.days, today]
        return max((later for last, later in pairwise(days) if (later - last).days >= idle), default=None)

    def by_hour(self) -> list[int]:
        """On how many days they looked at records in each hour: those of working days, and behind them of weekends."""
        numbers = [0] * (2 * HOURS)
        for day, hours in zip(self.days, self.hours, strict=True):
            first = HOURS * is_weekend(day)
            for hour in range(HOURS):
                numbers[first + hour] += hours >> hour & 1
        return numbers

    def with_as_much(self, opened: int) -> int:
        """On how many days they opened as many records or more, half octaves apart."""
        least = bin_of(opened)
        return sum(1 for number in self.opened if bin_of(number) >= least)


@dataclass(frozen=True, slots=True)
class Peers:
    """What people of one role in one kind of place did on all their days of the last four weeks, together."""

    days: int = 0
    since: date | None = None  # the first of these days
    opened: Sequence[int] = field(default=(0,) * BINS)  # days by how many records were opened
    hours: Sequence[int] = field(
        default=(0,) * (2 * HOURS)
    )  # days with a look in that hour; weekends behind the others
    searched: int = 0
    followed: int = 0
    refused: int = 0
    reading: Usual | None = None  # a day, of all of the same role
    unexplained: Usual | None = None  # for each access that is explained
    led_nowhere: Usual | None = None  # for each of the same, how many on a duty for the area that nothing followed
