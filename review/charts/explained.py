"""Which share of accesses is explained: at once, within seven days, or never."""

from collections.abc import Sequence

from review.charts.chart import Drawing, Figures
from review.models import State
from review.selectors.explained import explained_by_day
from review.selectors.months import Month

COLUMNS = {
    State.AT_ONCE: "At once",
    State.LATER: "Within seven days",
    State.HELD: "Not yet",
    State.UNEXPLAINED: "Not explained",
}


class Explained:
    """Each day of the month, and how its accesses stand by now."""

    code = "explained"
    title = "Records looked at, by whether anything explains it"
    words = (
        "What the registry knew explained the look at once; or what was recorded within seven days after it did; or "
        "nothing has. Looks of people whose cases you may not see are not counted."
    )
    nothing = "No look at a record was examined in {month}."
    drawn: Drawing = "bars"

    def figures(self, authorities: Sequence[int], month: Month) -> Figures:
        """A row a day, a column a state."""
        places = {state.value: place for place, state in enumerate(COLUMNS)}
        counts = {day: [0] * len(COLUMNS) for day in month.days}
        for each in explained_by_day([*authorities], month):
            counts[each.day][places[each.state]] += each.times
        return Figures("Day", [*COLUMNS.values()], [(f"{day:%a} {day.day}", counts[day]) for day in month.days])
