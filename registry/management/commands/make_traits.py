"""Make what the examiner compares, of all children and users of whom it is missing or out of date.

Interrupted, it goes on where it stopped when it is run again.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry.processes import cores, progress
from registry.traits import people, rebuilding


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--processes", type=int, default=cores(), help="as many as there are cores, if not said")
        parser.add_argument(
            "--all", action="store_true", dest="all_of_them", help="everybody's anew, as after new counts of names"
        )

    def handle(self, *args: Any, processes: int, all_of_them: bool, **options: Any) -> None:
        if processes < 1:
            raise CommandError("Give at least one process.")
        children = 0
        with progress() as shown:
            bar = shown.add_task("Children", total=None)
            for looked_at, total, made in rebuilding.make_all(processes=processes, all_of_them=all_of_them):
                shown.update(bar, total=total, completed=looked_at)
                children = made
            shown.update(bar, total=1, completed=1)
            bar = shown.add_task("Users", total=None)
            users = people.keep_up_to_date(all_of_them=all_of_them)
            shown.update(bar, total=1, completed=1)
        self.stdout.write(f"Made the traits of {children:,} children and {users:,} users.")
