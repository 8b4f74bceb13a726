"""How long the examiner takes for an event, everything included, on one core.

    python -m bench.review [--events 200000] [--json FILE]

It starts a durable PostgreSQL of its own in the directory for temporary files (TMPDIR) and fills it with a month of
made-up use: consultations of a search, its list, an identity and an opening, five in six of which explain themselves.
Then timetable and examiner run as they do everywhere, and it is measured how long after an access there is a case.
"""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from bench import tables
from bench.place import Place, servers_apart
from contactpoint.local import state
from contactpoint.local.demo import QUIET

FEWEST = 20_000
ALONE = 300
GOAL = 0.3  # ms an event
WAITING, GOAL_WAITING = 40, 10  # accesses whose case is waited for, and seconds


def main() -> None:
    options = _options()
    with servers_apart() as (directory, servers):
        made = Place(directory, servers)
        made.manage("migrate", "--verbosity=0")
        made.manage("make_keys")
        filled = made.step("bench.review.filling", options.events, role="owner")
        figures: dict[str, Any] = made.step("bench.review.examining", role="examiner")
        made.step("bench.review.filling", ALONE, "--alone", role="owner")
        figures["alone"] = made.step("bench.review.examining", "--alone", role="examiner")
        with _running(made):
            figures["waited"] = made.step("bench.review.waiting", WAITING, role="owner")
    _show(figures, filled)
    tables.write_json(options.json, {"filled": filled, **figures})


@contextmanager
def _running(made: Place) -> Iterator[None]:
    """The worker that keeps the timetable, and the examiner, as in the demonstration."""
    roles = {"worker": ("--beat", f"--schedule={made.directory / 'timetable'}"), "examiner": ("--queues=examiner",)}
    started = [
        subprocess.Popen(  # noqa: S603 - our own
            [
                *(sys.executable, "-m", "celery", "--app=contactpoint", "--quiet", "worker", "--pool=solo"),
                *("--loglevel=ERROR", f"--hostname={role}@%h", *QUIET, *options),
            ],
            env=os.environ | made.environment(role),
            cwd=state.PROJECT,
            # What they say is of a log that nobody seals, and of forty urgent cases.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for role, options in roles.items()
    ]
    try:
        yield
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait()


def _show(figures: dict[str, Any], filled: dict[str, int]) -> None:
    events, alone, waited = figures["events"], figures["alone"], figures["waited"]
    rows: list[tables.Row] = [
        _figure("milliseconds an event", f"{1000 * figures['seconds'] / events:.3f}", f"{GOAL}"),
        *(
            _figure(f"  {part}", f"{1000 * seconds / events:.3f}")
            for part, seconds in sorted(figures["parts"].items(), key=lambda each: -each[1])
        ),
        _figure("events a second", f"{events / figures['seconds']:,.0f}"),
        _figure("what is usual, asked once a day, ms", f"{1000 * figures['usual']:.0f}"),
        _figure("one event by itself, median ms", f"{median(alone['milliseconds']):.1f}"),
        _figure("one event by itself, p95 ms", f"{tables.percentile(alone['milliseconds'], 95):.1f}"),
        _figure("  statements, median", f"{median(alone['statements']):.0f}"),
        _figure("from an access to its case, median s", f"{median(waited):.1f}", f"{GOAL_WAITING}"),
        _figure("from an access to its case, longest s", f"{max(waited):.1f}", f"{GOAL_WAITING}"),
        _figure("accesses", f"{figures['accesses']:,}"),
        *(_figure(f"  {state}", f"{number:,}") for state, number in figures["states"].items()),
        _figure("findings", f"{figures['findings']:,}"),
        *(_figure(f"  {rule}", f"{number:,}") for rule, number in figures["rules"].items()),
        _figure("cases", f"{figures['cases']:,}"),
        _figure("megabytes of memory", f"{figures['megabytes']:,.0f}"),
        *(_figure(f"bytes an event in {table}", f"{size / events:,.0f}") for table, size in figures["bytes"].items()),
    ]
    notes = (
        f"{events:,} events of {filled['people']:,} people about {filled['children']:,} children in four weeks.",
        "From events to what is kept, in batches of up to 4,096; the process that examines and PostgreSQL's together.",
        f"From an access to its case: {len(waited)} times, from the event's time until another connection finds it.",
    )
    tables.show("Examining", rows, notes=notes)


def _figure(name: str, value: str, goal: str = "") -> tables.Row:
    return {"figure": name, "measured": f"{value:>12}", "goal": goal}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.review", description=__doc__)
    parser.add_argument("--events", type=int, default=200_000, help="how many are examined")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    options = parser.parse_args()
    if options.events < FEWEST:
        parser.error(f"Give --events {FEWEST} or more: fewer are too few batches to measure.")
    return options


if __name__ == "__main__":
    # So that being asked to end, too, leaves no server behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    main()
