"""manage.py estimate_weights: the weights of search, from a population, into registry/search/weights.json."""

import json
from argparse import ArgumentParser
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry.demonstration.countrywide import all_england
from registry.demonstration.england import households
from registry.demonstration.shapes import Child, Household
from registry.search import score, weighing
from registry.values import Summary, SummaryName

FILE = Path(score.__file__).parent / "weights.json"
FEWEST = 200
A_DAY = date(2026, 1, 1)  # always the same, so that the same population comes of the same seed


class Command(BaseCommand):
    """Count over a synthetic England how often fields agree by chance, and write the weights that follow.

    u is counted over every pair of children of different households; m is assumed (registry.search.weighing.MISTAKES)
    until there are searches whose child is known. The bounds of what is shown are chosen by hand, and stay.
    """

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--children", type=int, default=2000, help="children of as many households (2000)")
        parser.add_argument("--seed", type=int, default=1, help="of the synthetic England (1)")
        parser.add_argument("--file", type=Path, default=FILE, help="what to write (registry/search/weights.json)")

    def handle(self, *, children: int, seed: int, file: Path, **_options: Any) -> None:
        if children < FEWEST:
            raise CommandError(f"Chance cannot be counted over so few. Ask for {FEWEST} children or more.")
        england = households(all_england(), seed=seed, children=children * 4, today=A_DAY)
        population = [_summary(each, each.children[0]) for each in islice(england, children)]
        before = json.loads(FILE.read_text(encoding="utf-8"))
        weights = before | weighing.estimate(population, A_DAY)
        weights["version"] = before["version"] + 1
        weights["source"] = (
            f"u counted over all pairs of {len(population)} children of different households, synthetic England of "
            f"seed {seed}, {A_DAY:%Y-%m-%d}; m assumed (`mistakes`); number and the bounds of what is shown by hand"
        )
        weights["mistakes"] = weighing.MISTAKES
        file.write_text(json.dumps(weights, indent=2) + "\n", encoding="utf-8")
        self.stdout.write(f"Wrote version {weights['version']} to {file.name}. Restart the service to use it.")


def _summary(household: Household, child: Child) -> Summary:
    home = household.address
    return Summary(
        names=tuple(SummaryName(name.kind, name.given, name.family) for name in child.names),
        date_of_birth=child.date_of_birth,
        gender=child.gender,
        number=child.registry_number,
        town=home.town,
        postcode=home.postcode,
        numbers=(child.nhs_number,),
        shielded=False,
        lines=", ".join(home.lines),
    )
