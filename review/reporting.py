"""A month in numbers, as a board reads them: how much the service was used, for which reasons, and what went wrong."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from audit.events import EventKind, Outcome
from audit.reasons import reason_label
from review.selectors.tallies import Count, Counted, OfDay, OfHour

ORGANISATIONS = 10  # told apart; the others are summed up, so that all of it stays on one page
WORKING_HOURS = range(7, 19)
SATURDAY = 5
DISMISSED = (EventKind.USER_SUSPENDED, EventKind.USER_REVOKED, EventKind.USER_LEFT)


@dataclass(frozen=True, slots=True)
class Report:
    """`numbers`: what is counted, this month and the month before. `reasons` and `organisations`: how many openings.

    `others`: how many organisations stand together as the last of them, whose id is None. `out_of_hours`: openings at
    night and at weekends.
    """

    numbers: list[tuple[str, int, int]]
    reasons: list[tuple[str, int]]
    organisations: list[tuple[int | None, int]]
    others: int
    opened: int
    out_of_hours: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened in that month."""
        return not any(now for _, now, _ in self.numbers)


def report_of(now: Counted, before: Counted, days: Sequence[OfDay], hours: Sequence[OfHour]) -> Report:
    """The report of what was counted."""
    numbers = [(words, here, there) for (words, here), (_, there) in zip(_numbers(now), _numbers(before), strict=True)]
    reasons = Counter[str]()
    for count in now.counts:
        if count.kind == EventKind.CHILD_OPENED:
            reasons[reason_label(count.reason)] += count.times
    of_places = Counter[int | None]()
    for day in days:
        of_places[day.organisation_id] += day.times
    first, rest = of_places.most_common()[:ORGANISATIONS], of_places.most_common()[ORGANISATIONS:]
    summed: list[tuple[int | None, int]] = [(None, sum(times for _, times in rest))] if rest else []
    return Report(
        numbers=numbers,
        reasons=reasons.most_common(),
        organisations=[*first, *summed],
        others=len(rest),
        opened=sum(each.times for each in hours),
        out_of_hours=sum(each.times for each in hours if each.hour not in WORKING_HOURS or each.weekday >= SATURDAY),
    )


def _numbers(counted: Counted) -> list[tuple[str, int]]:
    def times(*kinds: EventKind, outcome: Outcome | None = None) -> int:
        return sum(each.times for each in counted.counts if _fits(each, kinds, outcome))

    return [
        ("People who searched or opened a record", counted.people),
        ("Searches", times(EventKind.CHILD_SEARCHED)),
        ("Records opened", times(EventKind.CHILD_OPENED)),
        ("Calls of colleagues to a mediator", times(EventKind.MEDIATION_BEGUN)),
        ("Involvements recorded", times(EventKind.INVOLVEMENT_RECORDED)),
        ("Involvements withdrawn as a mistake", times(EventKind.INVOLVEMENT_WITHDRAWN)),
        ("Attempts refused", times(EventKind.ACCESS_REFUSED)),
        ("Attempts refused because a budget was spent", times(EventKind.ACCESS_REFUSED, outcome=Outcome.OVER_BUDGET)),
        ("Alerts raised", times(EventKind.ALERT_RAISED)),
        ("Alerts closed", times(EventKind.ALERT_CLOSED)),
        ("People let in", times(EventKind.USER_APPROVED)),
        ("People suspended, revoked or gone", times(*DISMISSED)),
        ("Readings of the access log by auditors", times(EventKind.LOG_READ)),
    ]


def _fits(count: Count, kinds: Sequence[EventKind], outcome: Outcome | None) -> bool:
    return count.kind in kinds and (outcome is None or count.outcome == outcome)
