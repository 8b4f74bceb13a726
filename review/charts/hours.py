"""Records opened, by hour and day of the week: what is done at night, and when nobody works."""

from collections.abc import Sequence

from review.charts.chart import Drawing, Figures
from review.selectors.months import Month
from review.selectors.tallies import openings_by_hour

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
HOURS = 24


class Hours:
    """The days of the week, hour by hour."""

    code = "hours"
    title = "Records opened, by hour of the week"
    words = "The number in a cell is how many records were opened in that hour; the darker the cell, the more."
    nothing = "No record was opened in {month}."
    drawn: Drawing = "heat"

    def figures(self, authorities: Sequence[int], month: Month) -> Figures:
        """A row an hour, a column a day of the week: seven fit on every screen."""
        counts = [[0] * len(DAYS) for _ in range(HOURS)]
        for each in openings_by_hour([*authorities], month):
            counts[each.hour][each.weekday] += each.times
        return Figures("From", [*DAYS], [(f"{hour:02}:00", counts[hour]) for hour in range(HOURS)])
