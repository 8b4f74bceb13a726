"""What shields tell by time, how soon an urgent one is in force, and what they cost every search.

    python -m bench.shields [--children 20000] [--requests 10000] [--urgent 200] [--queries 100] [--json FILE]

It starts servers of its own in the directory for temporary files (TMPDIR) and makes the demonstration's children and
users there. Each request passes every middleware, in one process; what a web server adds on top is not counted.
Goals: no difference at 10,000 requests a side; an urgent shield in force on the next request, within 1 s; no kind of
search more than 2% slower at p95.
"""

import argparse
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench import tables
from bench.place import Place, servers_apart
from bench.shields import differing
from bench.tables import Row, percentile

TIMES = 5
RESAMPLED = 2_000
STEPS = ("guessing", "urgent", "costing")


def main() -> None:
    options = _options()
    figures: dict[str, Any] = {"options": {key: str(value) for key, value in vars(options).items()}}
    arguments = {
        "guessing": (options.children, options.requests),
        "costing": (options.children, options.queries, TIMES),
        "urgent": (options.children, options.urgent),  # last: it shields children
    }
    with servers_apart() as (directory, servers):
        place = Place(directory, servers)
        _furnish(place, options.children)
        for step, given in arguments.items():
            if step in options.only:
                figures[step] = place.step(f"bench.shields.{step}", *given)
                SHOWN[step](figures[step])
                tables.write_json(options.json, figures)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.shields", description=__doc__)
    parser.add_argument("--children", type=int, default=20_000, help="about how many children to make")
    parser.add_argument("--requests", type=int, default=10_000, help="guesses a side, of each field")
    parser.add_argument("--urgent", type=int, default=200, help="how many urgent shields")
    parser.add_argument("--queries", type=int, default=100, help="searches of each kind, each asked five times a way")
    parser.add_argument("--only", nargs="+", choices=STEPS, default=STEPS, help="some of it alone")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    return parser.parse_args()


def _furnish(place: Place, children: int) -> None:
    users_file = f"--users-file={place.directory / 'users.json'}"
    place.manage("migrate", "--verbosity=0")
    place.manage("make_keys")
    place.manage("make_demonstration", f"--children={children}", users_file, role="worker")
    place.manage("give_demonstration_secrets", users_file, role="sign_in")


def _show_guesses(told: Mapping[str, Any]) -> None:
    rows = [differing.row(field, each["right"], each["wrong"], each["asked"]) for field, each in told.items()]
    unequal = sum(each["unequal"] for each in told.values())
    notes = [
        f"Pairs of answers that were not of one length: {unequal}.",
        "Cliff's delta: 0 where a right guess is as often slower as faster. Its interval by bootstrap over children.",
    ]
    tables.show("A shielded child guessed by a hidden field", rows, notes=notes)


def _show_urgent(told: Mapping[str, Sequence[float]]) -> None:
    names = {"answered": "asked, until it is answered", "hidden": "asked, until the next request of another is shown"}
    rows: list[Row] = [
        {
            "what": names[what],
            "n": len(each),
            **{f"p{share}": f"{percentile(each, share):.1f}" for share in (50, 95, 99)},
            "max": f"{max(each):.1f}",
            "goal": "1000",
        }
        for what, each in told.items()
    ]
    tables.show("An urgent shield, ms", rows, notes=["None of the next requests showed what is hidden."])


def _show_costs(told: Mapping[str, Mapping[str, Sequence[float]]]) -> None:
    rows = [
        _cost(kind, np.array(each["with"]), np.array(each["without"])) for kind, each in told.items() if each["with"]
    ]
    notes = ["Each search by the median of five times a way, by turns. The interval by bootstrap over searches."]
    tables.show("What shields cost a search, ms", rows, notes=notes)


def _cost(kind: str, one: differing.Times, other: differing.Times) -> Row:
    """p95 with shields and without, from the same searches, and the interval of the ratio."""
    chance = np.random.default_rng(differing.SEED)
    drawn = (chance.integers(0, len(one), len(one)) for _ in range(RESAMPLED))
    ratios = [np.percentile(one[each], 95) / np.percentile(other[each], 95) for each in drawn]
    low, high = np.percentile(ratios, [2.5, 97.5])
    return {
        "kind": kind,
        "n": len(one),
        "with, p50": f"{np.median(one):.2f}",
        "without, p50": f"{np.median(other):.2f}",
        "with, p95": f"{np.percentile(one, 95):.2f}",
        "without, p95": f"{np.percentile(other, 95):.2f}",
        "p95 ratio": f"{np.percentile(one, 95) / np.percentile(other, 95):.3f}",
        "95% interval": f"{low:.3f}-{high:.3f}",
        "median of ratios": f"{np.median(one / other):.3f}",
    }


SHOWN = {"guessing": _show_guesses, "urgent": _show_urgent, "costing": _show_costs}


if __name__ == "__main__":
    # So that being asked to end, too, leaves no server behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    main()
