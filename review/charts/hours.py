"""Records opened, by hour and day of the week: what is done at night, and when nobody works."""

from collections.abc import Sequence
from typing import Literal

from review.charts.chart import Figures
from review.selectors.months import Month
from review.selectors.tallies import openings_by_hour

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOURS = 24


class Hours:
    """The days of the week, hour by hour."""

    code = "hours"
    title = "Records opened, by hour of the week"
    words = "The number in a cell is how many records were opened in that hour; the darker the cell, the more."
    drawn: Literal["heat"] = "heat"

    def figures(self, authorities: Sequence[int], month: Month) -> Figures:
        """A row a day of the week, a column an hour."""
        counts = [[0] * HOURS for _ in DAYS]
        for each in openings_by_hour([*authorities], month):
            counts[each.weekday][each.hour] += each.times
        return Figures("Day", [f"{hour:02}" for hour in range(HOURS)], list(zip(DAYS, counts, strict=True)))
