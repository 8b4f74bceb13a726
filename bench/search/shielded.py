"""Whether time tells where a shielded child lives: their name with their own postcode, and with somebody else's.

    DJANGO_SETTINGS_MODULE=contactpoint.settings.local python -m bench.search.shielded --children N [--json FILE]

To the service both questions must be one: nobody found. Each is asked several times, in turns, and the medians are
compared as somebody would who wants to know. Were nothing told, the child's own postcode would be the slower one
for every second child.
"""

import argparse
from dataclasses import replace
from itertools import islice, pairwise
from pathlib import Path
from random import Random
from statistics import median

import django

django.setup()

from django.utils import timezone  # noqa: E402 - Django first
from rich.progress import track  # noqa: E402

from bench import mistakes, people, tables  # noqa: E402
from bench.search import asking, truth  # noqa: E402
from bench.search.figures import wilson  # noqa: E402
from bench.search.kinds import Kind  # noqa: E402
from bench.search.truth import Question  # noqa: E402
from contactpoint.local import state  # noqa: E402
from registry.management.commands.make_demonstration import SEED  # noqa: E402
from registry.search import index  # noqa: E402

BY_ADDRESS = Kind("names and postcode", mistakes.exact, gives=("given", "family", "postcode"))
WARM = 50
FEWEST = 10


def main() -> None:
    options = _options()
    random = Random(options.seed)
    index.tokeniser()  # read once in the life of a process
    asked = _questions(options, random)
    with people.unlimited(), people.browser(options.users_file) as browser, asking.practitioner(browser) as one:
        for own, _others in asked[:WARM]:
            one.ask(own)
        times = [_compare(one, pair, options.times, random) for pair in track(asked, "Searching")]
    row = _row(times)
    tables.show("Searches for a shielded child by name and postcode", [row])
    tables.write_json(options.json, {"children": options.children, "shielded": row})


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--children", type=int, default=20_000, help="how many the England was made with")
    parser.add_argument("--england-seed", type=int, default=SEED, help="the seed that it was made with")
    parser.add_argument("--shielded", type=int, default=200, help="how many shielded children are asked for")
    parser.add_argument("--times", type=int, default=5, help="how often each question is asked")
    parser.add_argument("--seed", type=int, default=1, help="which children are asked for")
    parser.add_argument("--users-file", type=Path, default=state.directory() / "users.json")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    return parser.parse_args()


def _questions(options: argparse.Namespace, random: Random) -> list[tuple[Question, Question]]:
    """For each child the question with their own postcode, and with that of the one before."""
    country = truth.england(options.children, options.england_seed)
    today = timezone.localdate()
    shielded = country.random_children(random, shielded=True)
    made = (truth.ask(BY_ADDRESS, *each, today, random) for each in shielded)
    known = list(islice((question for question in made if question), options.shielded + 1))
    if len(known) < FEWEST:
        raise SystemExit(f"{len(known)} shielded children have an address: too few to compare. Make a larger England.")
    return [
        (own, replace(own, asked=replace(own.asked, postcode=other.asked.postcode))) for other, own in pairwise(known)
    ]


def _compare(
    one: asking.Practitioner, pair: tuple[Question, Question], times: int, random: Random
) -> tuple[float, float]:
    """The median milliseconds of the view for each of the two. Raises SystemExit where the child is found."""
    taken: tuple[list[float], list[float]] = [], []
    for place in random.sample([0, 1] * times, 2 * times):
        outcome = one.ask(pair[place])
        if outcome.in_ten:
            raise SystemExit("A shielded child was found by a hidden field.")
        taken[place].append(outcome.view_ms)
    return median(taken[0]), median(taken[1])


def _row(times: list[tuple[float, float]]) -> tables.Row:
    slower = sum(own > other for own, other in times)
    low, high = wilson(slower, len(times))
    return {
        "shielded children": len(times),
        "own postcode, median ms": median(own for own, _other in times),
        "another's, median ms": median(other for _own, other in times),
        "own slower %": 100 * slower / len(times),
        "95% interval": f"{low:.1f}-{high:.1f}",
    }


if __name__ == "__main__":
    main()
