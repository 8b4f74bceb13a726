"""Destroy the keys of records that were to be gone by last month. Run it each month, where make_keys runs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from encryption import destruction, distribution
from encryption.errors import EncryptionError


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--however-many",
            action="store_true",
            help=f"destroy more than {destruction.MOST_COHORTS} months at once, after looking at the clock",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        directory, today = Path(settings.KEYRING_DIR), timezone.localdate()
        try:
            with distribution.alone_in(directory):
                cohorts = sorted({each.cohort for each in destruction.due(directory, today)})
                if len(cohorts) > destruction.MOST_COHORTS and not options["however_many"]:
                    raise CommandError(
                        f"{len(cohorts)} months are due, {cohorts[0]} to {cohorts[-1]}, if today is {today}. What is"
                        " destroyed never opens again: look at the clock, and call this with --however-many."
                    )
                destroyed = destruction.destroy(directory, today)
        except (OSError, EncryptionError) as error:
            raise CommandError(f"{error} This command needs to write every keyring below {directory}.") from None
        for each in sorted(destroyed):
            self.stdout.write(f"Destroyed key {each.number:08x} of {each.cohort}.")
        if not destroyed:
            self.stdout.write("No key is due.")
