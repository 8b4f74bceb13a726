"""Several feeds taken in at once by as many processes, against one process that takes one after the other.

    python -m bench.feeds together [--feeds 2] [--rows 5000] [--shared 10] [--database 20000] [--json FILE]

All rows are new children without numbers, of whom some stand in every feed at the same place, so that processes tell of
them at the same moment. Both begin in copies of one database. Goal: nobody twice.
"""

import argparse
import json
import os
import subprocess
import sys
from typing import Any

from bench import tables
from bench.place import Place, servers_apart
from contactpoint.local import state
from contactpoint.local.servers import DATABASE

STEP = "bench.feeds.several"
APART, TOGETHER = "contactpoint_apart", "contactpoint_together"


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--feeds", type=int, default=2, help="how many (2)")
    parser.add_argument("--rows", type=int, default=5000, help="rows of each (5000)")
    parser.add_argument("--shared", type=int, default=10, help="of a hundred rows, how many stand in all feeds (10)")
    parser.add_argument("--database", type=int, default=20_000, help="children on record before (20000)")


def run(told: argparse.Namespace) -> dict[str, Any]:
    """Both, shown. Returns the figures. Raises SystemExit where somebody was made twice."""
    with servers_apart() as (directory, servers):
        made = Place(directory, servers)
        made.manage("migrate", "--verbosity=0")
        made.manage("make_keys")
        made.manage("make_england", f"--children={told.database}", role="worker")
        before = made.step(STEP, "tell", told.shared, role="worker")["children"]
        people = made.step(STEP, "receive", told.feeds, told.rows, told.shared, role="worker")
        for copy in (APART, TOGETHER):
            servers.make_database(copy, template=DATABASE)
        rows = [_taken(made, database, processes, told) for database, processes in ((APART, 1), (TOGETHER, told.feeds))]
    for row in rows:
        row["made"] -= before
    notes = [f"{people} children in {told.feeds} feeds. Goal: nobody twice."]
    tables.show("Feeds at once", rows, notes=notes)
    figures = {"people": people, "runs": rows}
    if any(row["twice"] for row in rows):
        tables.write_json(told.json, figures)
        sys.exit("Somebody was made twice.")
    return figures


def _taken(place: Place, database: str, processes: int, told: argparse.Namespace) -> dict[str, Any]:
    """The batches taken in by so many processes that begin together. Raises SystemExit where one was not."""
    environment = os.environ | place.environment("worker", database) | {"FEEDS_AT_ONCE": str(processes)}
    working = [
        subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", STEP, "work"],
            env=environment,
            cwd=state.PROJECT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(processes)
    ]
    worked = [json.loads(each.communicate()[0].splitlines()[-1]) for each in working]
    found = place.step(STEP, "tell", told.shared, role="worker", database=database)
    if found["done"] != told.feeds:
        sys.exit(f"Of {told.feeds} batches {found['done']} were taken in.")
    seconds = max(each["ended"] for each in worked) - min(each["began"] for each in worked)
    return {
        "processes": processes,
        "rows a second": round(found["rows"] / seconds),
        "Python, microseconds a row": round(sum(each["processor"] for each in worked) / found["rows"] * 1e6),
        "made": found["children"],
        **{name: found[name] for name in ("twice", "created", "linked", "queued")},
    }
