"""How long cases wait, and for what."""

from collections.abc import Sequence
from itertools import pairwise

from review.charts.chart import Drawing, Figures
from review.selectors.cases import CaseState
from review.selectors.casework import ages, waiting
from review.selectors.months import Month

STATES = (CaseState.NEW, CaseState.TAKEN, CaseState.SECOND)


class Queue:
    """What waited when the month ended, by its age."""

    code = "queue"
    title = "Cases that wait, by how long ago they began"
    words = "As the month ended, or as it is now. Cases that you may not see are not counted."
    nothing = "No case waited at the end of {month}."
    drawn: Drawing = "bars"

    def figures(self, authorities: Sequence[int], month: Month) -> Figures:
        """A row an age, a column for whom it waits."""
        counts = [[0] * len(STATES) for _ in in_words()]
        for each in waiting([*authorities], month):
            counts[each.age][STATES.index(each.state)] += each.times
        columns = [state.label for state in STATES]
        return Figures("Age", columns, list(zip(in_words(), counts, strict=True)))


def in_words() -> list[str]:
    """The ages as they are called, the youngest first."""
    first, *_, last = bounds = ages()
    between = [f"{least + 1} to {most} days" for least, most in pairwise(bounds)]
    return [f"Up to {first} days", *between, f"More than {last} days"]
