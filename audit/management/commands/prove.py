"""Print the proof that the log holds an event, or that the log of one size begins with the log of a smaller one."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from audit import proofs
from audit.actors import Process
from audit.events import EventKind
from audit.recorder import About, record


class Command(BaseCommand):
    help = __doc__ + " Run it as the sequencer. That it ran is in the log."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--event", type=int, help="the event's number")
        what.add_argument("--sizes", type=int, nargs=2, metavar=("OLDER", "NEWER"), help="sizes of two checkpoints")

    def handle(self, *args: Any, **options: Any) -> None:
        event, sizes = options["event"], options["sizes"]
        asked = [f"event.{event}"] if event is not None else [f"size.{size}" for size in sizes]
        with transaction.atomic():
            record(EventKind.LOG_READ, About(fields=asked), actor=Process("prove"))
        proof = proofs.inclusion_of(event) if event is not None else proofs.consistency_between(*sizes)
        if proof is None:
            missing = "that event, or it waits for its seal" if sizes is None else "checkpoints of these sizes"
            raise CommandError(f"There is no proof: the log has not {missing}.")
        self.stdout.write(proof.as_text())
