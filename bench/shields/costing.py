"""Step, as the web role: each kind of search with all that shields ask of it, and without, by turns.

    python -m bench.shields.costing CHILDREN QUERIES TIMES

Without means: `search.draw` and `search.drawn` as they were when they looked at no shield; summaries are shown as they
are stored, nobody is left out for a hidden field, and no token is asked for that only shielded children have.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from random import Random
from statistics import median
from typing import Any
from unittest.mock import patch

import django

django.setup()

import psycopg  # noqa: E402 - Django first
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench import mistakes, people  # noqa: E402
from bench.search import asking, kinds, truth  # noqa: E402
from bench.search.kinds import Kind  # noqa: E402
from contactpoint.local import state  # noqa: E402
from registry.management.commands.make_demonstration import SEED  # noqa: E402
from registry.search import (  # noqa: E402
    find,
    index,
    queries,
    summaries,
)

MOST_LOOKED_AT = 40_000
WARM = 100
SUPERSEDED = state.PROJECT / "registry/sql/functions/superseded"
# Each function, and its page of before it looked at shields.
LOOKING = {"search.draw": "search.draw.2.sql", "search.drawn": "search.drawn.1.sql"}
ALL = (*kinds.KINDS, Kind("family name and date", mistakes.exact, gives=("family", "date_of_birth")))


def main() -> None:
    children, each, times = map(int, sys.argv[1:])
    random = Random(SEED)
    index.tokeniser()  # read once in the life of a process
    country = truth.england(children, SEED)
    asked = truth.questions(
        country.random_children(random), ALL, each=each, most=MOST_LOOKED_AT, today=timezone.localdate(), random=random
    )
    order = random.sample(asked, len(asked))
    told: dict[str, dict[str, list[float]]] = {kind.name: {"with": [], "without": []} for kind in ALL}
    users_file = state.directory() / "users.json"
    with (
        _bare_functions(),
        people.unlimited(),
        people.browser(users_file) as browser,
        asking.practitioner(browser) as one,
    ):
        for question in order[:WARM]:
            one.ask(question)
        for question in order:
            taken: dict[str, list[float]] = {"with": [], "without": []}
            for turn in range(times):
                # Who goes first changes, so that what the first one warms helps both.
                for way in sorted(taken, reverse=turn % 2 == 0):
                    with _shields(without=way == "without"):
                        taken[way].append(one.ask(question).view_ms)
            for way, milliseconds in taken.items():
                told[question.kind][way].append(median(milliseconds))
    print(json.dumps(told))


@contextmanager
def _shields(*, without: bool) -> Iterator[None]:
    """Within, shields are asked about, or not."""

    def put(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        return execute(_bare(sql) if without else sql, *arguments)

    with ExitStack() as stack:
        stack.enter_context(connection.execute_wrapper(put))
        if without:
            stack.enter_context(patch.object(find, "is_left_out", lambda **_about: False))
            stack.enter_context(patch.object(summaries, "summary_shown", lambda summary: summary))
            stack.enter_context(patch.object(queries, "SLOTS", 0))
        yield


def _bare(sql: str) -> str:
    for name in LOOKING:
        sql = sql.replace(f"{name}(", f"{name}_bare(")
    return sql


@contextmanager
def _bare_functions() -> Iterator[None]:
    """The functions that look at no shield, beside the others; gone afterwards."""
    with psycopg.connect(people.address("owner"), autocommit=True) as owner:
        for name, page in LOOKING.items():
            owner.execute(_bare((SUPERSEDED / page).read_text()))
            owner.execute(f"GRANT EXECUTE ON FUNCTION {name}_bare TO contactpoint_web")
        try:
            yield
        finally:
            for name in LOOKING:
                owner.execute(f"DROP FUNCTION {name}_bare")


if __name__ == "__main__":
    main()
