"""Seal all that has settled in the log, once, as the sequencer does all the time."""

from typing import Any

from django.core.management.base import BaseCommand

from audit import sequencer


class Command(BaseCommand):
    help = __doc__ + " Run it as the sequencer, which alone can sign."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{sequencer.seal():,} events were sealed.")
