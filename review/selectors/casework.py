"""Cases of a month, counted: how many began, were closed, and waited. Inside `audit.reading.reading` alone.

Of the authorities that are named, and none from which the reader is barred.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from review.rules.weights import weights
from review.selectors.cases import CaseState
from review.selectors.months import Month
from review.selectors.visits import start_of

# What is enough for a case now. That somebody took it means that it was enough then.
COUNTED = """
    FROM review_case AS one LEFT JOIN review_casework AS work ON work.case_id = one.id
    WHERE one.authority_id = ANY (%(authorities)s::bigint[]) AND one.opened_at < %(end)s
        AND (one.score >= %(threshold)s OR one.override_id IS NOT NULL OR work.case_id IS NOT NULL)
"""
WAITING = f"""
    SELECT CASE WHEN work.decided_at < %(end)s THEN 'second' WHEN work.taken_at < %(end)s THEN 'taken' ELSE 'new' END,
        width_bucket(extract(epoch FROM %(end)s::timestamptz - one.opened_at)::float / 86400, %(ages)s::float[]),
        count(*)
    {COUNTED} AND (work.closed_at IS NULL OR work.closed_at >= %(end)s)
    GROUP BY 1, 2
"""  # noqa: S608 - all our own
MONTH = f"""
    SELECT count(*) FILTER (WHERE one.opened_at >= %(begin)s), ''
    {COUNTED}
    UNION ALL
    SELECT count(*), work.result {COUNTED} AND work.closed_at >= %(begin)s AND work.closed_at < %(end)s
    GROUP BY work.result
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many cases waited for `state`, of the age that is number `age` of `ages()`."""

    state: CaseState
    age: int
    times: int

    @property
    def is_late(self) -> bool:
        """Whether they waited for longer than they should."""
        return self.age > 0


@dataclass(frozen=True, slots=True)
class CasesOfMonth:
    """How many cases began in a month, and how many were closed in it, by what came of them."""

    begun: int
    results: Mapping[str, int]

    @property
    def closed(self) -> int:
        """All that were closed."""
        return sum(self.results.values())


def ages() -> list[int]:
    """The bounds between ages, in days. Above the first it is late."""
    overdue = weights().score.overdue
    return [overdue, 2 * overdue, 4 * overdue]


def waiting(authorities: list[int], month: Month) -> list[Waiting]:
    """What waited when the month ended, or waits now, while it has not."""
    end = min(start_of(month.bounds[1]), timezone.now())
    rows = _rows(WAITING, {"authorities": authorities, "end": end, "ages": ages()})
    return [Waiting(CaseState(state), age, times) for state, age, times in rows]


def cases_of(authorities: list[int], month: Month) -> CasesOfMonth:
    """What came in that month, and what came of it."""
    begin, end = map(start_of, month.bounds)
    (begun, _), *closed = _rows(MONTH, {"authorities": authorities, "begin": begin, "end": end})
    return CasesOfMonth(begun, {result: times for times, result in closed})


def _rows(statement: str, told: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, told | {"threshold": weights().score.threshold})
        return list(cursor.fetchall())
