"""Make the keys of this installation, and give each process its own. Run twice, it makes only what is missing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from encryption import distribution, keyring
from encryption.keys import LOCKS, Purpose

SPLIT = (
    "The one keyring that every process had was split: each has its own below {directory}, and the old one is gone."
    " Whoever had read it could sign the log: make a new key for that with manage.py make_keys --rotate checkpoint,"
    " and destroy copies of the old keyring."
)


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        # A lock is made with its key.
        alone = {*keyring.NOT_ROTATED, *LOCKS, Purpose.CHILD}
        rotated = [purpose.value for purpose in Purpose if purpose not in alone]
        parser.add_argument("--rotate", choices=rotated, help="add a newer key for this purpose; older ones still open")

    def handle(self, *args: Any, **options: Any) -> None:
        directory = Path(settings.KEYRING_DIR)
        rotate = Purpose(options["rotate"]) if options["rotate"] else None
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            with distribution.alone_in(directory):
                done = distribution.complete(directory, today=timezone.localdate(), rotate=rotate)
        except OSError as error:
            raise CommandError(f"{error}. This command needs to write every keyring below {directory}.") from None
        self.stdout.write(f"Made {done.made} keys." if done.made else "All keys are there.")
        if done.new_keyrings:
            self.stdout.write(f"New keyrings: {', '.join(done.new_keyrings)}.")
        if done.split:
            self.stdout.write(SPLIT.format(directory=directory))
