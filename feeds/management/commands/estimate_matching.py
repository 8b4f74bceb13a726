"""manage.py estimate_matching: the weights of matching, from synthetic people, into feeds/matching/weights.json."""

import json
from argparse import ArgumentParser
from collections import Counter
from math import log2
from pathlib import Path
from random import Random
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from feeds.matching import weights
from feeds.matching.comparing import Comparing, Levels
from feeds.matching.deciding import NAMES
from feeds.matching.estimating import STRANGERS, count, estimate, weights_of

FEWEST = 500
PAIRS_OF_A_CHILD = 100  # of strangers


class Command(BaseCommand):
    """Estimate over a synthetic England how often fields agree, and write the weights that follow.

    m is found by expectation and maximisation among candidate pairs, of which nobody says who is whom; u is counted
    over random pairs. What the supplier's own key is worth, and the bounds, are chosen by hand, and stay.
    """

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--children", type=int, default=10_000, help="of whom a row comes each (10000)")
        parser.add_argument("--seed", type=int, default=1, help="of the synthetic England, and of mistakes (1)")
        parser.add_argument("--file", type=Path, default=weights.FILE, help="what to write")

    def handle(self, *, children: int, seed: int, file: Path, **_options: Any) -> None:
        if children < FEWEST:
            raise CommandError(f"Chance cannot be counted over so few. Ask for {FEWEST} children or more.")
        # Here, since benchmarks are no part of what is installed.
        from bench.feeds import making
        from bench.feeds.filed import Filed

        random = Random(seed)  # noqa: S311 - synthetic people need a seed, not secrecy
        people = making.people(children, seed=seed)
        filed = Filed(list(map(making.summary_of, people)), list(map(making.guardians_of, people)))
        sent = list(making.rows(enumerate(people), random, numbers=True))
        candidates: Counter[Levels] = Counter()
        strangers: Counter[Levels] = Counter()
        for each in sent:
            comparing = Comparing(each.row)
            candidates += count(comparing.with_(held).levels for held in filed.candidates(each.row))
            others = random.sample(filed.held, PAIRS_OF_A_CHILD)
            home = people[each.about].home.number
            strangers += count(
                comparing.with_(held).levels for held in others if people[held.child_id].home.number != home
            )
        found = estimate(candidates, strangers)
        written = json.loads(weights.FILE.read_text(encoding="utf-8"))
        written["version"] += 1
        written["source"] = (
            f"{candidates.total()} candidate pairs and {strangers.total()} random ones, of rows about {len(people)} "
            f"children of the synthetic England of seed {seed}, {making.A_DAY}; key and bounds by hand"
        )
        written["mixed"] = {kind: round(share, 4) for kind, share in found.mixed.items()}
        written["names"] = round(sum(-log2(found.shares[STRANGERS][name]["same"]) for name in NAMES), 1)
        written["fields"] = weights_of(found) | {"key": written["fields"]["key"]}
        file.write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")
        self.stdout.write(f"Wrote version {written['version']} to {file.name}. Restart the worker to use it.")
