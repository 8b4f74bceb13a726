"""Make a synthetic England of any size: households in all its postcode areas, with everything that is known of them.

The same seed makes the same children. Interrupted, `--resume` goes on where it stopped. The disc it will take is said
first, then each phase with its rate and the time left.
"""

import shutil
import time
from argparse import ArgumentParser, BooleanOptionalAction
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.progress import Progress

from access.models import Organisation
from registry.demonstration.england import CHILDREN_IN_A_BLOCK
from registry.demonstration.making import (
    Order,
    OtherChildrenError,
    add_organisations,
    make_blocks,
    missing_blocks,
)
from registry.demonstration.users import add_people
from registry.models import Child
from registry.processes import cores, progress
from registry.search import index
from registry.search.index.epochs import begin
from registry.search.index.rebuilding import building, finish

SEED = 2004  # the year of the Children Act
USERS_WORK_IN = "M"


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--children", type=int, required=True, help="about how many children to make")
        parser.add_argument("--lean", action="store_true", help="only what a search needs: children and their tokens")
        parser.add_argument("--seed", type=int, default=SEED)
        parser.add_argument("--resume", action="store_true", help="go on with an England that was begun")
        parser.add_argument("--processes", type=int, default=cores(), help="as many as there are cores, if not said")
        parser.add_argument(
            "--fast-index",
            action=BooleanOptionalAction,
            default=True,
            help="index in half the time, on all cores, but larger by a half",
        )
        parser.add_argument("--users-file", type=Path, help="add people who can sign in, and keep there how")
        parser.add_argument(
            "--disc", type=Path, default=Path(settings.KEYRING_DIR), help="a path on the disc of the database"
        )

    def handle(self, *args: Any, resume: bool, disc: Path, **options: Any) -> None:
        if options["children"] < 1 or options["processes"] < 1:
            raise CommandError("Give at least one child and one process.")
        if Child.objects.exists() and not resume:
            raise CommandError(
                "The registry has children already. Go on with an England that was begun with --resume, "
                "or make one in an empty registry."
            )
        self._check_disc(options, disc, refuse=not resume)
        order = self._order(options)
        try:
            blocks = missing_blocks(order)
        except OtherChildrenError:
            raise CommandError(
                "The children in the registry are none of this England: another seed, or another source. "
                "Give the seed it was begun with, or make it in an empty registry."
            ) from None
        begun = time.monotonic()
        with progress() as shown:
            organisations = self._add_organisations(order, shown)
            made = self._add_children(order, blocks, shown, options["processes"])
            self._finish(shown, options["processes"] if options["fast_index"] else 0)
        if options["users_file"]:
            self._add_people(organisations, options["users_file"], order)
        minutes = (time.monotonic() - begun) / 60
        self.stdout.write(f"{made:,} children made in {minutes:.1f} minutes.")

    def _check_disc(self, options: dict[str, Any], disc: Path, *, refuse: bool) -> None:
        needed = Order(options["children"], options["seed"], options["lean"], timezone.localdate()).bytes_needed()
        free = shutil.disk_usage(disc if disc.exists() else "/").free
        self.stdout.write(
            f"{options['children']:,} children will take about {needed / 1e9:.0f} GB; {free / 1e9:.0f} GB are free."
        )
        if refuse and needed > free:
            raise CommandError(
                "That does not fit. Make fewer children, add --lean, or name the database's own disc with --disc."
            )

    def _order(self, options: dict[str, Any]) -> Order:
        """What to make. A run that goes on another day must make the same children."""
        try:
            today = index.started_on()
        except index.NoIndexError:
            begin(options["children"])
            today = index.started_on()
        return Order(options["children"], options["seed"], options["lean"], today)

    def _add_organisations(self, order: Order, shown: Progress) -> dict[str, Organisation]:
        bar = shown.add_task("Organisations", total=None)
        organisations = add_organisations(order)
        shown.update(bar, total=len(organisations), completed=len(organisations))
        return organisations

    def _add_children(self, order: Order, blocks: list[int], shown: Progress, processes: int) -> int:
        bar = shown.add_task("Children", total=round(len(blocks) * CHILDREN_IN_A_BLOCK))
        made = 0
        for count in make_blocks(order, blocks, processes=processes):
            made += count
            shown.update(bar, completed=made)
        shown.update(bar, total=made, completed=made)
        return made

    def _finish(self, shown: Progress, workers: int) -> None:
        now = building()
        if now is None:
            return
        bars: list[Any] = []

        def say(step: str, _done: int | None, _total: int | None) -> None:
            for bar in bars:
                shown.update(bar, total=1, completed=1)
            bars[:] = [shown.add_task(step.capitalize(), total=None)]

        finish(now.epoch, workers=workers, say=say)
        for bar in bars:
            shown.update(bar, total=1, completed=1)

    def _add_people(self, organisations: dict[str, Organisation], file: Path, order: Order) -> None:
        """Who can sign in works in one area, where its organisations have the names that people are given by."""
        area = f"{USERS_WORK_IN}-"
        there = {key.removeprefix(area): each for key, each in organisations.items() if key.startswith(area)}
        schools = {key: each for key, each in organisations.items() if each.postcode.startswith(f"{USERS_WORK_IN}1 ")}
        people = add_people(schools | there, file=file, today=timezone.localdate())
        self.stdout.write(f"{len(people)} users can sign in; {file.name} says how.")
