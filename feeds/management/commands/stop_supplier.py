"""Take nothing more from a supplier, from this moment: `manage.py stop_supplier 3`; `--again` lets it go on."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from audit.events import EventKind
from audit.recorder import About, record
from feeds.models import Supplier
from feeds.worker.acting import actor_for


class Command(BaseCommand):
    help = "Stop a supplier. What is being taken in of it is taken back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("supplier", type=int, help="its number, as manage.py add_supplier said it")
        parser.add_argument("--again", action="store_true", help="take in what it sends again")

    def handle(self, *, supplier: int, again: bool, **_: Any) -> None:
        with transaction.atomic():
            found = Supplier.objects.select_for_update(of=("self",)).select_related("organisation").filter(pk=supplier)
            stopped = found.first()
            if stopped is None:
                raise CommandError(f"There is no supplier {supplier}.")
            stopped.stopped_at = None if again else timezone.now()
            stopped.save(update_fields=["stopped_at"])
            told = [f"supplier.{supplier}", "again" if again else "stopped"]
            record(EventKind.SUPPLIER_CHANGED, About(fields=told), actor=actor_for(stopped))
        self.stdout.write(f"Supplier {supplier} {'goes on' if again else 'is stopped'}.")
