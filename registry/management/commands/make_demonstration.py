"""Make a demonstration authority: synthetic children, real public schools and practices, and users in each role.

Run again, it goes on where it stopped; complete, it changes nothing.
"""

import time
from argparse import ArgumentParser
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from pages import postcodes_in_use
from registry.demonstration.england import Places, households, organisations
from registry.demonstration.load import HouseholdLoader, load_organisations
from registry.demonstration.users import add_people
from registry.search import index

SEED = 2004  # the year of the Children Act
HOUSEHOLDS_AT_ONCE = 200
SECONDS_BETWEEN_LINES = 10  # where there is no terminal to draw a bar in


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--children", type=int, default=20_000, help="about how many children to make")
        parser.add_argument("--users-file", type=Path, required=True, help="where to keep how the users sign in")

    def handle(self, *args: Any, children: int, users_file: Path, **options: Any) -> None:
        today = timezone.localdate()
        index.start_epoch(children)
        # A run that goes on another day must make the same children.
        generated_on = index.started_on()
        places = Places.load()
        postcodes_in_use.keep(places.postcodes(), Path(settings.POSTCODES_FILE))
        loaded = load_organisations(list(organisations(places)), today=today)
        self._load_children(places, HouseholdLoader(loaded, today=generated_on), children, generated_on)
        people = add_people(loaded, file=users_file, today=today)
        self.stdout.write(f"{len(people)} users can sign in; {users_file.name} says how.")

    def _load_children(self, places: Places, loader: HouseholdLoader, children: int, generated_on: date) -> None:
        stream = households(places, seed=SEED, children=children, today=generated_on)
        columns = (TextColumn("Children"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns) as progress:
            bar = progress.add_task("children", total=children)
            begun = said = time.monotonic()
            while chunk := list(islice(stream, HOUSEHOLDS_AT_ONCE)):
                progress.advance(bar, loader.add(chunk))
                if not progress.console.is_terminal and time.monotonic() - said > SECONDS_BETWEEN_LINES:
                    said = time.monotonic()
                    self.stdout.write(_how_far(progress.tasks[bar].completed, children, said - begun))


def _how_far(made: float, children: int, seconds: float) -> str:
    left = seconds * (children - made) / made if made else 0
    return f"    {made:,.0f} of {children:,} children, about {left:.0f} s left"
