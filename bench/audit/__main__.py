"""What the access log costs: writing beside a bare insert and beside two rivals, opening a record, sealing, checking.

    python -m bench.audit [--events 200000] [--rounds 5] [--seconds 4] [--only writers|opening|log] [--json FILE]

It starts a durable PostgreSQL of its own in the directory for temporary files (TMPDIR): that disc is measured too.
For the full figures: --events 10000000. Reckoned from smaller runs, that takes an hour or two and about 15 GB.
"""

import argparse
import signal
from pathlib import Path
from typing import Any

from bench import tables
from bench.audit import report
from bench.audit.world import world

CHILDREN = 400
MOST_WRITERS = 32
PARTS = ("writers", "opening", "log")
FEWEST_EVENTS = 60_000  # of three whole checkpoints, so that one of them can be taken apart


def main() -> None:
    options = _options()
    with world(children=CHILDREN, users=MOST_WRITERS) as made:
        figures: dict[str, Any] = {}
        if options.only in {None, "writers"}:
            figures["writers"] = report.writers(made, rounds=options.rounds, seconds=options.seconds)
        if options.only in {None, "opening"}:
            figures["opening"] = report.opening(made, openings=options.openings)
        if options.only in {None, "log"}:
            figures["log"] = report.log(made, events=options.events)
    tables.write_json(options.json, figures)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.audit", description=__doc__)
    parser.add_argument("--events", type=int, default=200_000, help="how many the log is filled with")
    parser.add_argument("--rounds", type=int, default=5, help="how often each writes, in turns")
    parser.add_argument("--seconds", type=float, default=4, help="how long each writes in a round")
    parser.add_argument("--openings", type=int, default=1000, help="how many records are opened")
    parser.add_argument("--only", choices=PARTS, help="one part of it")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    options = parser.parse_args()
    if options.events < FEWEST_EVENTS:
        parser.error(f"Give --events {FEWEST_EVENTS} or more: fewer make too few checkpoints to measure.")
    return options


if __name__ == "__main__":
    # So that being asked to end, too, leaves no server behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    main()
