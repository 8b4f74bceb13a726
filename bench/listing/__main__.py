"""How long an administrator waits for a list of people, among as many as England's service would have.

    python -m bench.listing [--users 330000] [--requests 200] [--json FILE]

It starts servers of its own in the directory for temporary files (TMPDIR) and fills them with that many people in 152
authorities. Each question is asked by an administrator of one authority, and by one to whom all of them were granted.
Goal: 95 of 100 answers within 100 ms.
"""

import argparse
import signal
from pathlib import Path
from typing import Any

from bench import tables
from bench.place import Place, servers_apart

GOAL = "100"


def main() -> None:
    options = _options()
    with servers_apart() as (directory, servers):
        place = Place(directory, servers)
        place.manage("migrate", "--verbosity=0")
        place.manage("make_keys")
        filled = place.step("bench.listing.filling", options.users, role="owner")
        place.sign_in(f"administrator.{number}@example.org" for number in range(2))
        figures: dict[str, Any] = place.step("bench.listing.asking", options.requests)
    for who, kinds in figures.items():
        made = f"{filled['users']:,} people, {filled['organisations']:,} organisations, in {filled['seconds']:.0f} s."
        tables.show(f"A list of people, ms: {who}", [_row(kind, each) for kind, each in kinds.items()], notes=(made,))
    tables.write_json(options.json, {"filled": filled, "asked": figures})


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.listing", description=__doc__)
    parser.add_argument("--users", type=int, default=330_000, help="how many people the service has")
    parser.add_argument("--requests", type=int, default=200, help="how often each question is asked")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    return parser.parse_args()


def _row(kind: str, told: dict[str, Any]) -> tables.Row:
    row: tables.Row = {"question": kind, "found": told["found"]}
    for part in ("selector", "view"):
        for share in (50, 95):
            row[f"{part} p{share}"] = f"{tables.percentile(told[part], share):.1f}"
    return row | {"goal": GOAL}


if __name__ == "__main__":
    # So that being asked to end, too, leaves no server behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    main()
