"""What traits cost: bytes a child at rest, and microseconds a child to make, to seal, to make anew and to open.

    python -m bench.traits [--children 5000] [--json FILE]

It starts servers of its own in the directory for temporary files (TMPDIR), and makes a synthetic England of that size.
Made anew is what `manage.py make_traits --all` does, on one core: reading and opening the record, making, sealing and
keeping. Opened is what the examiner does, with its own role and key. Disc is the table with its index, after cleaning.
"""

import argparse
import signal
from pathlib import Path

from bench import tables
from bench.place import Place, servers_apart

MILLION = 1_000_000


def main() -> None:
    options = _options()
    with servers_apart() as (directory, servers):
        place = Place(directory, servers)
        place.manage("migrate", "--verbosity=0")
        place.manage("make_keys")
        place.manage("make_england", f"--children={options.children}", f"--disc={directory}", role="worker")
        made = place.step("bench.traits.making", role="worker")
        size = place.step("bench.traits.room", role="owner")
        opened = place.step("bench.traits.opening", role="examiner")
    figures = {**made, **opened, **size}
    children = figures.pop("children")
    rows: list[tables.Row] = [
        {"a child": what, "": f"{value:,.1f}", "11 million": f"{value * 11 * MILLION / scale:,.1f} {unit}"}
        for what, value, scale, unit in (
            ("packed, bytes", figures["packed_bytes"], 1e9, "GB"),
            ("sealed, bytes", figures["sealed_bytes"], 1e9, "GB"),
            ("on disc, bytes", figures["disc_bytes"], 1e9, "GB"),
            ("made, µs", figures["made_microseconds"], 3.6e9, "h"),
            ("sealed, µs", figures["sealed_microseconds"], 3.6e9, "h"),
            ("made anew from the record, µs", figures["anew_microseconds"], 3.6e9, "h"),
            ("read and opened by the examiner, µs", figures["opened_microseconds"], 3.6e9, "h"),
        )
    ]
    longest = f"{figures['of_usual_length']:.1%} of rows have the shortest length."
    tables.show("Traits", rows, notes=[f"{children:,} children, on one core.", longest])
    tables.write_json(options.json, {"children": children, "traits": figures})


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.traits", description=__doc__)
    parser.add_argument("--children", type=int, default=5000, help="about how many children")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    return parser.parse_args()


if __name__ == "__main__":
    # So that being asked to end, too, leaves no server behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    main()
