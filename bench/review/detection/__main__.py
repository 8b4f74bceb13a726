"""How much planted misuse of a simulated year is found, and what that costs honest people, beside two rivals.

    python -m bench.review.detection [--children 20000] [--users 600] [--days 365] [--seed N] [--json FILE]

It starts servers of its own in the directory for temporary files (TMPDIR), makes an authority of so many children,
lets so many people use it for a year, of whom --misuse misuse it in every way that the simulator knows, and has all of
it examined. What was misuse is told by the simulator's labels, which no database holds.
"""

import argparse
import signal
from pathlib import Path

from bench import tables
from bench.place import Place, servers_apart
from contactpoint.local.servers import DATABASE

SEED = 1
SHARE = 0.1  # so that most kinds have several who commit them
RIVAL = "rival"
FEWEST_USERS, FEWEST_DAYS = 60, 75


def main() -> None:
    options = _options()
    with servers_apart() as (directory, servers):
        place = Place(directory, servers)
        place.manage("migrate", "--verbosity=0")
        place.manage("make_keys")
        users = f"--users-file={directory / 'users'}"
        place.manage("make_demonstration", f"--children={options.children}", users, role="worker")
        folder = directory / "year"
        folder.mkdir()
        year = (options.users, options.days, options.seed, options.misuse)
        place.step("bench.review.detection.living", folder, *year, role="owner")
        place.manage("make_traits", role="worker")
        place.step("bench.review.detection.reading", folder, role="owner")
        servers.make_database(RIVAL, template=DATABASE)
        place.step("bench.review.detection.examining", folder, role="examiner")
        place.step("bench.review.detection.examining", folder, "--rules-only", role="examiner", database=RIVAL)
        figures = place.step("bench.review.detection.counting", folder)
    tables.show("Detection", figures["rows"], notes=figures["notes"])
    tables.write_json(options.json, figures)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.review.detection", description=__doc__)
    parser.add_argument("--children", type=int, default=20_000, help="about how many children")
    parser.add_argument("--users", type=int, default=600, help="how many people use it")
    parser.add_argument("--days", type=int, default=365, help="for how long")
    parser.add_argument("--seed", type=int, default=SEED, help="another makes another year")
    parser.add_argument("--misuse", type=float, default=SHARE, help=f"the share of them who misuse it ({SHARE})")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    options = parser.parse_args()
    if options.users < FEWEST_USERS or options.days < FEWEST_DAYS:
        parser.error(f"Give --users {FEWEST_USERS} and --days {FEWEST_DAYS} or more: fewer are no year to measure.")
    return options


if __name__ == "__main__":
    # So that being asked to end, too, leaves no server behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    main()
