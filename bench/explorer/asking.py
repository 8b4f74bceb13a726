"""Step, as the web role: ask each question of the explorer again and again, and what PostgreSQL does for it.

python -m bench.explorer.asking REQUESTS
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import django

django.setup()

import psycopg  # noqa: E402 - Django first
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench import signed_in  # noqa: E402
from bench.people import address, unlimited  # noqa: E402
from review.selectors.months import Month  # noqa: E402

WARM = 3
LOG = reverse("log")
READS = ("FROM audit_event", "review_events_of_record", 'FROM "review_explanation"')
Ask = Callable[[], Any]  # a response, as the test client gives it


def main() -> None:
    requests = int(sys.argv[1])
    (auditor,) = signed_in.kept()
    browser = Client(SERVER_NAME="localhost")
    browser.cookies[settings.SESSION_COOKIE_NAME] = auditor.cookie
    with unlimited():
        print(json.dumps({name: _asked(name, ask, requests) for name, ask in _questions(browser).items()}))


def _questions(browser: Client) -> dict[str, Ask]:
    """Each question of the page, and of events in the middle of the year."""
    event, child, school = _known()
    day = timezone.localdate() - timedelta(days=180)
    month = {"month": Month.of(day).code}

    def filtered(**typed: object) -> Ask:
        where = browser.post(LOG, typed).headers["Location"]
        return lambda: browser.get(where)

    def page(name: str, *arguments: object, **query: str) -> Ask:
        return lambda: browser.get(reverse(name, args=arguments), query)

    return {
        "newest events": page("log"),
        "by kind, one of many": filtered(kind="child.opened"),
        "by kind, one of few": filtered(kind="involvement.withdrawn"),
        "by reason, often given": filtered(reason="s436a"),
        "by reason, never given": filtered(reason="wrong_child"),
        "by organisation": filtered(organisation=school),
        "by organisation and reason": filtered(organisation=school, reason="s436a"),
        "by days, half a year ago": filtered(**_boxes("since", day - timedelta(days=6)), **_boxes("until", day)),
        "by organisation and days": filtered(organisation=school, **_boxes("since", day), **_boxes("until", day)),
        "by record": filtered(record=f"({child})"),
        "days before the log": filtered(**_boxes("until", day - timedelta(days=300))),
        "who has seen a record": page("seen_of_event", event),
        "a person's day": page("day", event),
        "from search to opening": page("trail", event),
        "charts of a month": page("charts", **month),
        "report of a month": page("report", **month),
    }


def _known() -> tuple[int, int, str]:
    """An opening half a year ago of somebody who does much, its record, and their school's number."""
    with psycopg.connect(address("owner")) as owner:
        row = owner.execute(
            """
            SELECT event.id, event.child_id, organisation.directory_code FROM audit_event AS event
            JOIN access_organisation AS organisation ON organisation.id = event.organisation_id
            WHERE event.kind = 'child.opened' AND event.at > now() - interval '180 days'
                AND event.authority_id = (SELECT min(id) FROM access_organisation)
            ORDER BY event.id LIMIT 1
            """
        ).fetchone()
    if row is None:
        raise SystemExit("There is no opening in the middle of the year: nothing can be measured.")
    return row


def _asked(name: str, ask: Ask, requests: int) -> dict[str, Any]:
    """Milliseconds of each whole page; and of one page its reading statements, with their plans and blocks."""
    times = []
    for _ in range(WARM + requests):
        begun = time.perf_counter()
        answer = ask()
        times.append((time.perf_counter() - begun) * 1000)
        if answer.status_code != 200:  # noqa: PLR2004 - let in
            where = answer.headers.get("Location", "")
            raise SystemExit(f"{name} was answered with {answer.status_code} {where}: nothing can be measured.")
    plans = _plans(ask)
    blocks = [plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"] for plan, _ in plans]
    return {
        "times": times[WARM:],
        "statements": len(plans),
        "blocks": sum(blocks),
        "largest": max(blocks),
        "plans": [text for _, text in plans],
    }


def _plans(ask: Ask) -> list[tuple[dict[str, Any], str]]:
    """What PostgreSQL did for each statement that read the log, asked in the very transaction that may."""
    found: list[tuple[dict[str, Any], str]] = []
    with _explaining(found):
        ask()
    return found


@contextmanager
def _explaining(found: list[tuple[dict[str, Any], str]]) -> Iterator[None]:
    def explain(execute: Any, statement: str, parameters: Any, many: Any, context: Any) -> Any:
        if any(read in statement for read in READS):
            with connection.connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", parameters)
                (((plan,),),) = cursor.fetchall()
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {statement}", parameters)
                text = "\n".join(line for (line,) in cursor.fetchall())
            found.append((plan, f"{statement}\n{text}"))
        return execute(statement, parameters, many, context)

    with connection.execute_wrapper(explain):
        yield


def _boxes(name: str, day: date) -> dict[str, int]:
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


if __name__ == "__main__":
    main()
