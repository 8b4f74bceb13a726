"""A month in numbers, as a board reads them: how much the service was used, what explained it, what came of the rest.

A board may not read the log, and its papers are often published. All numbers in a report are as `small_numbers` tells
them. No organisation is named in which fewer than FEWEST people opened records: there the number would be somebody's.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from audit.events import EventKind, Outcome
from audit.reasons import CaseResult, reason_label
from review import rules
from review.charts.explained import COLUMNS
from review.rules.weights import weights
from review.selectors.casework import CasesOfMonth, Waiting
from review.selectors.explained import OfState
from review.selectors.months import Month
from review.selectors.tallies import Count, Counted, OfHour, OfPlace
from review.selectors.worth import RuleWorth
from review.small_numbers import FEWEST, LEAST, share, told

ORGANISATIONS = 10  # told apart; the others are summed up, so that a report is a sheet or two
WORKING_HOURS = range(7, 19)
SATURDAY = 5
DISMISSED = (EventKind.USER_SUSPENDED, EventKind.USER_REVOKED, EventKind.USER_LEFT)


@dataclass(frozen=True, slots=True)
class OfMonth:
    """All that is counted of a month."""

    month: Month
    counted: Counted
    states: Sequence[OfState]
    cases: CasesOfMonth
    waiting: Sequence[Waiting]


@dataclass(frozen=True, slots=True)
class Table:
    """What stands above a table, above its columns, and in it."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Report:
    """The tables of a report, in their order, and how many records were opened at night and at weekends, of how many.

    `out_of_hours`: said of LEAST openings or more. `is_empty`: nothing happened in that month. `too_few`: no rule has
    enough decisions to say anything by.
    """

    tables: Sequence[Table]
    opened: str
    out_of_hours: str
    is_empty: bool
    too_few: bool


def report_of(
    now: OfMonth,
    before: OfMonth,
    hours: Sequence[OfHour],
    worth: Iterable[RuleWorth],
    names: Mapping[int, str],
) -> Report:
    """The report of what was counted; `names` are those of `places_named`."""
    numbers = list(zip(_numbers(now.counted), _numbers(before.counted), strict=True))
    decided = [each for each in worth if each.decided >= weights().score.fewest_decided and each.rule in rules.ALL]
    opened = sum(each.times for each in hours)
    late = sum(each.times for each in hours if each.hour not in WORKING_HOURS or each.weekday >= SATURDAY)
    tables = [
        Table(
            "In numbers", _of_months("What", now, before), [(what, told(n), told(b)) for (what, n), (_, b) in numbers]
        ),
        _explained(now, before),
        _cases(now, before),
        _outcomes(decided),
        _reasons(now.counted),
        _places(now.counted.places, names),
    ]
    return Report(
        tables=[table for table in tables if table.rows],
        opened=told(opened) if opened else "",
        out_of_hours=told(late) if opened >= LEAST else "",
        is_empty=not any(here for (_, here), _ in numbers),
        too_few=not decided,
    )


def places_named(places: Sequence[OfPlace]) -> list[OfPlace]:
    """The organisations that a report names: those with the most openings, by FEWEST people or more.

    And by FEWEST or more in all others together, or the others would be few.
    """
    named = [each for each in places if each.organisation_id is not None and each.people >= FEWEST][:ORGANISATIONS]
    while named and 0 < sum(each.people for each in places if each not in named) < FEWEST:
        named.pop()
    return named


def _of_months(what: str, now: OfMonth, before: OfMonth) -> list[str]:
    return [what, str(now.month), str(before.month)]


def _explained(now: OfMonth, before: OfMonth) -> Table:
    """How the looks of both months stand by now, and which share of them that is."""
    counts = []
    for each in (now, before):
        by_state = Counter[str]()
        for of_state in each.states:
            by_state[of_state.state] += of_state.times
        counts.append(by_state)
    here, there = counts
    rows = [
        (
            words,
            *(text for each in counts for text in (told(each[state]), share(each[state], each.total()))),
        )
        for state, words in COLUMNS.items()
    ]
    heads = ["Explained", str(now.month), "Share", str(before.month), "Share"]
    return Table("Records looked at, by whether anything explains it", heads, rows if here or there else [])


def _cases(now: OfMonth, before: OfMonth) -> Table:
    months = (now, before)

    def row(what: str, counts: Iterable[int]) -> tuple[str, ...]:
        return what, *map(told, counts)

    rows = [
        row("Begun", (each.cases.begun for each in months)),
        row("Closed", (each.cases.closed for each in months)),
        *(
            row(f"Closed: {result.label}", (each.cases.results.get(result, 0) for each in months))
            for result in CaseResult
            if any(each.cases.results.get(result) for each in months)
        ),
        row("Waiting at the end", (sum(one.times for one in each.waiting) for each in months)),
        row(
            f"Of these, for more than {weights().score.overdue} days",
            (sum(one.times for one in each.waiting if one.is_late) for each in months),
        ),
    ]
    return Table("Cases of people who stood out", _of_months("Cases", now, before), rows)


def _outcomes(decided: Sequence[RuleWorth]) -> Table:
    """How often it was misuse, of the rules that found something in enough decided cases."""
    rows = [
        (rules.ALL[each.rule].words, told(each.decided), told(each.misuse), share(each.misuse, each.decided))
        for each in sorted(decided, key=lambda each: (-each.misuse / each.decided, each.rule))
    ]
    return Table("Cases decided so far, by rule", ("Rule", "Decided", "Misuse", "Share"), rows)


def _reasons(counted: Counted) -> Table:
    reasons = Counter[str]()
    for count in counted.counts:
        if count.kind == EventKind.CHILD_OPENED:
            reasons[reason_label(count.reason)] += count.times
    rows = [(reason, told(times)) for reason, times in reasons.most_common()]
    return Table("Records opened, by reason", ("Reason", "Opened"), rows)


def _places(places: Sequence[OfPlace], names: Mapping[int, str]) -> Table:
    named = places_named(places)
    rows = [(names[each.organisation_id], told(each.times)) for each in named if each.organisation_id is not None]
    if rest := sum(each.times for each in places if each not in named):
        rows.append(("All others" if named else "All organisations", told(rest)))
    return Table("Records opened, by organisation", ("Organisation", "Opened"), rows)


def _numbers(counted: Counted) -> list[tuple[str, int]]:
    def times(*kinds: EventKind, outcome: Outcome | None = None) -> int:
        return sum(each.times for each in counted.counts if _fits(each, kinds, outcome))

    return [
        ("People who searched or opened a record", counted.people),
        ("Searches", times(EventKind.CHILD_SEARCHED)),
        ("Records opened", times(EventKind.CHILD_OPENED)),
        ("Calls of colleagues to a mediator", times(EventKind.MEDIATION_BEGUN)),
        ("Involvements recorded", times(EventKind.INVOLVEMENT_RECORDED)),
        ("Involvements withdrawn", times(EventKind.INVOLVEMENT_WITHDRAWN)),
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
