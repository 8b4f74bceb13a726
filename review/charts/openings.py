"""Records opened, by day and organisation."""

from collections import Counter
from collections.abc import Sequence

from review.charts.chart import Drawing, Figures
from review.selectors.months import Month
from review.selectors.tallies import openings_by_day

SHOWN = 6  # organisations that are told apart; more colours and patterns nobody keeps apart
OTHERS = "All others"


class Openings:
    """Each day of the month, and the organisations that opened the most records in it."""

    code = "openings"
    title = "Records opened, by day and organisation"
    words = "How many records people opened on each day, by the organisation that they work for."
    nothing = "No record was opened in {month}."
    drawn: Drawing = "bars"

    def figures(self, authorities: Sequence[int], month: Month) -> Figures:
        """A row a day; a column for each of the SHOWN organisations with the most, and one for all others."""
        found = openings_by_day([*authorities], month)
        totals = Counter[int | None]()
        for each in found:
            totals[each.organisation_id] += each.times
        apart = [organisation for organisation, _ in totals.most_common(SHOWN) if organisation is not None]
        others = [OTHERS] if len(totals) > len(apart) else []
        places = {organisation: place for place, organisation in enumerate(apart)}
        counts = {day: [0] * len([*apart, *others]) for day in month.days}
        for each in found:
            place = -1 if each.organisation_id is None else places.get(each.organisation_id, -1)
            counts[each.day][place] += each.times
        return Figures("Day", others, [(f"{day:%a} {day.day}", counts[day]) for day in month.days], apart)
