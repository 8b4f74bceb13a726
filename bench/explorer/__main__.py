"""How long an auditor waits for the explorer, and what PostgreSQL does for each of its questions.

    python -m bench.explorer [--events 300000] [--requests 100] [--json FILE] [--plans DIR]

It starts servers of its own in the directory for temporary files (TMPDIR) and fills a log of a year with that many
events of ten authorities. Each question is asked by an auditor of one of them, that is of a tenth of the events. Goal:
95 of 100 answers within 300 ms at ten million events. Beside the time stand the blocks that PostgreSQL touched, which
grow with the log or do not, whatever else the machine does.
"""

import argparse
import signal
from pathlib import Path
from typing import Any

from bench import tables
from bench.place import Place, servers_apart

GOAL = "300"


def main() -> None:
    options = _options()
    with servers_apart() as (directory, servers):
        place = Place(directory, servers)
        place.manage("migrate", "--verbosity=0")
        place.manage("make_keys")
        filled = place.step("bench.explorer.filling", options.events, role="owner")
        place.sign_in(["auditor@example.org"])
        asked: dict[str, Any] = place.step("bench.explorer.asking", options.requests)
    size = f"{filled['bytes'] / 2**20:,.0f} MiB with indexes"
    notes = (f"{filled['events']:,} events in {filled['seconds']:.0f} s, {size}.",)
    rows = [_row(question, each) for question, each in asked.items()]
    tables.show("The explorer, ms of a whole page", rows, notes=notes)
    if options.plans:
        options.plans.mkdir(parents=True, exist_ok=True)
        for question, each in asked.items():
            (options.plans / f"{question.replace(' ', '-').replace(',', '')}.txt").write_text(
                "\n\n".join(each["plans"])
            )
    tables.write_json(options.json, {"filled": filled, "asked": asked})


def _row(question: str, told: dict[str, Any]) -> tables.Row:
    return {
        "question": question,
        "p50": f"{tables.percentile(told['times'], 50):.1f}",
        "p95": f"{tables.percentile(told['times'], 95):.1f}",
        "goal": GOAL,
        "statements": told["statements"],
        "blocks": told["blocks"],
        "largest": told["largest"],
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.explorer", description=__doc__)
    parser.add_argument("--events", type=int, default=300_000, help="how many the log is filled with")
    parser.add_argument("--requests", type=int, default=100, help="how often each question is asked")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    parser.add_argument("--plans", type=Path, help="write the plans of each question into this directory")
    return parser.parse_args()


if __name__ == "__main__":
    # So that being asked to end, too, leaves no server behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    main()
