"""Examine history again, as the examiner: after a rule or a reason has changed.

What was found since the day is forgotten and found anew, but for what closed cases stand on. If it is killed, the
examiner goes on with it by itself.
"""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from review.examining.again import begin_again
from review.examining.examiner import Examiner


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", type=_day, required=True, help="the first day, such as 2026-11-01")

    def handle(self, *args: Any, since: date, **options: Any) -> None:
        if since > timezone.localdate():
            raise CommandError(f"{since} has not come yet. Give a day on which something happened.")
        number = begin_again(since)
        if number is None:
            raise CommandError("The examiner is at work at this moment. Try again.")
        columns = (TextColumn("Events"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns) as progress:
            bar = progress.add_task("events", total=number)
            examined = Examiner().examine(lambda more: progress.advance(bar, more))
        self.stdout.write(f"{examined:,} events examined again. What is left, the examiner goes on with by itself.")


def _day(text: str) -> date:
    return date.fromisoformat(text)
