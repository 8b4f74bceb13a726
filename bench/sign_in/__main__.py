"""How long a sign-in takes where people sign in: the password page, the password, the page for the code, the code.

    python -m bench.sign_in [--people 200] [--json FILE]

It starts servers of its own in the directory for temporary files (TMPDIR). Each person signs in once, in a browser of
their own, through every middleware of the process that signs people in; what a web server adds is not counted. The hash
of the password is Argon2's, as in earnest.
"""

import argparse
import signal
from pathlib import Path

from bench import tables
from bench.place import Place, servers_apart
from bench.sign_in import WARM


def main() -> None:
    options = _options()
    with servers_apart() as (directory, servers):
        place = Place(directory, servers)
        place.manage("migrate", "--verbosity=0")
        place.manage("make_keys")
        emails = place.step("bench.revocation.people", options.people, role="owner")
        measured = place.step("bench.sign_in.asking", *emails, role="sign_in")
    parts = {part: [each[part] for each in measured] for part in measured[0]}
    rows = [_row(part, milliseconds) for part, milliseconds in parts.items()]
    tables.show("Signing in, ms", rows, notes=[f"{len(measured):,} people, one after the other."])
    tables.write_json(options.json, {"sign-in": parts})


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.sign_in", description=__doc__)
    parser.add_argument("--people", type=int, default=200, help="how many sign in")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    options = parser.parse_args()
    if options.people <= WARM:
        parser.error(f"Give --people {WARM + 1} or more: the first {WARM} are not counted.")
    return options


def _row(part: str, milliseconds: list[float]) -> tables.Row:
    return {"part": part} | {f"p{share}": f"{tables.percentile(milliseconds, share):.1f}" for share in (50, 95)}


if __name__ == "__main__":
    # So that being asked to end, too, leaves no server behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    main()
