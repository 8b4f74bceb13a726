"""The national directory of GP practices taken in, again as it is, and with all of it closed; beside reading it alone.

    python -m bench.feeds directories FILE [--json FILE]

FILE is epraccur.csv as the NHS Organisation Data Service publishes it, which is not ours to keep. All that are new come
under one made-up authority. Goals: as many open on record as it lists as open; again nothing changes; closed, none is.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

from bench import tables
from bench.place import Place, servers_apart


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="epraccur.csv, as it was published")


def run(told: argparse.Namespace) -> dict[str, Any]:
    """All of them, shown. Returns the figures. Raises SystemExit where a goal is missed."""
    if not told.file.is_file():
        sys.exit(f"{told.file} is no file. The NHS Organisation Data Service publishes it as epraccur.csv.")
    with servers_apart() as (directory, servers):
        made = Place(directory, servers)
        made.manage("migrate", "--verbosity=0")
        made.manage("make_keys")
        figures: dict[str, Any] = made.step("bench.feeds.practices", told.file.resolve(), role="worker")
    notes = [f"{figures['lines']:,} lines. Peak {figures['peak MB']} MB."]
    tables.show("The directory of practices", figures["runs"], notes=notes)
    _, taken, again, closed = figures["runs"]
    if not (taken["open"] == taken["changed"] > 0 and again["changed"] == 0 == closed["open"]):
        sys.exit("It did not say what became of it as it should.")
    return figures
