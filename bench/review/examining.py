"""Step, as the examiner: examine all there is, or one event after the other. Prints the figures.

python -m bench.review.examining [--alone]
"""

import json
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402 - Django first

from review.examining import cursor, examiner, judging, loading  # noqa: E402
from review.examining.examiner import Examiner  # noqa: E402
from review.examining.rows import rows  # noqa: E402
from review.models import Case, Explanation, Finding, Tally  # noqa: E402
from review.rules.weights import weights  # noqa: E402

WARM = 20
TABLES = ("review_explanation", "review_finding", "review_tally", "review_recorded")
RULES = "SELECT rule, count(*) FROM review_finding GROUP BY 1 ORDER BY 2 DESC"
STATES = "SELECT state, count(*) FROM review_explanation GROUP BY 1 ORDER BY 2 DESC"


def main() -> None:
    parts: defaultdict[str, float] = defaultdict(float)
    daily: defaultdict[str, float] = defaultdict(float)
    for name, where, what in (
        ("reading events", cursor.Settled, "next_batch"),
        ("what was known", loading.Loader, "load"),
        ("explanations and rules", judging.Judge, "examine"),
        ("whose week is over", judging.Judge, "expire"),
        ("keeping it", examiner, "write"),
    ):
        setattr(where, what, _timed(getattr(where, what), name, parts))
    for what in ("peers_before", "strangers_before"):
        setattr(loading, what, _timed(getattr(loading, what), what, daily))
    begun = time.monotonic()
    events = Examiner().examine()
    seconds = time.monotonic() - begun
    print(
        json.dumps(
            {
                "events": events,
                "seconds": seconds,
                "parts": dict(parts),
                "usual": sum(daily.values()) / Tally.objects.values("day").distinct().count(),
                "accesses": Explanation.objects.count(),
                "findings": Finding.objects.count(),
                "rules": dict(rows(RULES)),
                "cases": Case.objects.filter(score__gte=weights().score.threshold).count(),
                "states": dict(rows(STATES)),
                "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "bytes": {table: rows(f"SELECT pg_total_relation_size('{table}')")[0][0] for table in TABLES},
            }
        )
    )


def alone() -> None:
    """Each transaction is a batch."""
    cursor.BATCH = 1
    milliseconds: list[float] = []
    statements: list[int] = []
    asked = 0
    begun = time.monotonic()

    def note(_number: int) -> None:
        nonlocal begun, asked
        milliseconds.append((time.monotonic() - begun) * 1000)
        statements.append(asked)
        begun, asked = time.monotonic(), 0

    def count(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*arguments)

    with connection.execute_wrapper(count):
        Examiner().examine(note)
    print(json.dumps({"milliseconds": milliseconds[WARM:], "statements": statements[WARM:]}))


def _timed(function: Callable[..., Any], name: str, parts: dict[str, float]) -> Callable[..., Any]:
    def measured(*arguments: Any, **options: Any) -> Any:
        begun = time.monotonic()
        try:
            return function(*arguments, **options)
        finally:
            parts[name] += time.monotonic() - begun

    return measured


if __name__ == "__main__":
    alone() if "--alone" in sys.argv else main()
