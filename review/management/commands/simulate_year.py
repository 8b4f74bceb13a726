"""Fill the log with a synthetic year, or some weeks, of what people do with the service, and what some misuse it for.

For demonstrations and measurements, in a database that nobody uses yet. Run it as the owner. What of it was misuse
stands in a file beside the database, and nowhere else.
"""

import time
from argparse import ArgumentParser
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.progress import Progress, TaskID

from audit.filling import LogInUseError
from registry.processes import progress
from review.simulation.casting import NobodyFitsError
from review.simulation.misuse import KINDS
from review.simulation.running import Made, NobodyToLookUpError, simulate
from review.simulation.year import Order

SEED = 2009  # the year in which the original's misuse was found
FEWEST_USERS, FEWEST_DAYS, MOST_DAYS = 20, 7, 730
SHARE = 0.0005


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--users", type=int, required=True, help="how many people to simulate")
        parser.add_argument("--labels", type=Path, required=True, help="a new file: what of it was misuse")
        parser.add_argument("--days", type=int, default=365, help="how many days (365)")
        parser.add_argument("--until", type=date.fromisoformat, help="the last of them, such as 2026-11-28 (yesterday)")
        parser.add_argument("--seed", type=int, default=SEED, help="the same makes the same year")
        parser.add_argument("--misuse", type=float, default=SHARE, help=f"share of people who misuse it ({SHARE})")
        parser.add_argument("--each-kind", action="store_true", help="somebody at least for each kind of misuse")
        parser.add_argument("--clear-case", action="store_true", help="and one case that anybody can solve (README.md)")
        parser.add_argument("--beside-others", action="store_true", help="though people have used it already")

    def handle(self, *args: Any, labels: Path, beside_others: bool, **options: Any) -> None:
        today = timezone.localdate()
        order = self._order(options, today)
        # The owner has no keys: nobody but whoever fills a database has both (as bench does).
        settings.KEYRING_HOLDER = "web"
        begun = time.monotonic()
        try:
            with progress() as shown:
                made = simulate(order, labels, today=today, beside_others=beside_others, say=_Steps(shown).say)
        except FileExistsError:
            raise CommandError(f"{labels} is there already. Name a file that is not, or move that one away.") from None
        except LogInUseError as error:
            raise CommandError(
                f"{error} A simulated past belongs into a registry that nobody has used yet: fill a new one, and run "
                "this before it is used. With --beside-others it is written all the same, and whoever checks the log "
                "will find it dated back."
            ) from None
        except NobodyToLookUpError:
            raise CommandError(
                "The registry has too few families with guardians. Run make_demonstration first, or make_england "
                "without --lean."
            ) from None
        except NobodyFitsError as error:
            raise CommandError(str(error)) from None
        self._say(made, labels, time.monotonic() - begun)

    def _order(self, options: dict[str, Any], today: date) -> Order:
        last = options["until"] or today - timedelta(days=1)
        if last >= today:
            raise CommandError("The last day must be over. Give a day before today with --until.")
        if not FEWEST_DAYS <= options["days"] <= MOST_DAYS:
            raise CommandError(f"Give between {FEWEST_DAYS} and {MOST_DAYS} days with --days.")
        if options["users"] < FEWEST_USERS:
            raise CommandError(f"Give {FEWEST_USERS} users at least with --users.")
        if not 0 <= options["misuse"] <= 1 / 2:
            raise CommandError("Give a share between 0 and 0.5 with --misuse, such as 0.0005.")
        first = last - timedelta(days=options["days"] - 1)
        return Order(
            users=options["users"],
            first=first,
            last=last,
            seed=options["seed"],
            share=options["misuse"],
            each_kind=options["each_kind"],
            clear_case=options["clear_case"],
        )

    def _say(self, made: Made, file: Path, seconds: float) -> None:
        rate = f"{made.events / made.seconds:,.0f} a second were written"
        self.stdout.write(
            f"{made.events:,} events of {len(made.people):,} people in {seconds / 60:.1f} minutes; {rate}."
        )
        for code, people in made.misusers.items():
            self.stdout.write(f"  {KINDS[code].words}: {people} of them, {made.labelled[code]:,} events")
        self.stdout.write(f"What was misuse stands in {file}, and nowhere in the database.")


class _Steps:
    """A bar for each step."""

    def __init__(self, shown: Progress) -> None:
        self._shown = shown
        self._bars: dict[str, TaskID] = {}

    def say(self, step: str, done: int, total: int | None) -> None:
        if step not in self._bars:
            self._bars[step] = self._shown.add_task(step, total=total)
        self._shown.update(self._bars[step], completed=done, total=total)
