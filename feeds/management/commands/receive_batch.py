"""Send a file as a supplier's batch: `manage.py receive_batch 3 census.csv`, for the drop folder of an operator."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError

from feeds.models import Supplier
from feeds.worker.receiving import SentBeforeError, receive


class Command(BaseCommand):
    help = "Take in what a supplier sent, sealed from the first byte. The worker checks it; a person lets it in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("supplier", type=int, help="its number, as manage.py add_supplier said it")
        parser.add_argument("file", help="the file, or - for what comes through a pipe")

    def handle(self, *, supplier: int, file: str, **_: Any) -> None:
        found = Supplier.objects.select_related("organisation").filter(pk=supplier).first()
        if found is None:
            raise CommandError(f"There is no supplier {supplier}.")
        try:
            batch_id = self._receive(found, sys.stdin.buffer) if file == "-" else self._open(found, Path(file))
        except SentBeforeError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"Batch {batch_id} is received. The worker checks it.")

    def _open(self, supplier: Supplier, path: Path) -> int:
        try:
            with path.open("rb") as stream:
                return self._receive(supplier, stream)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from None

    def _receive(self, supplier: Supplier, stream: BinaryIO) -> int:
        return receive(supplier=supplier, stream=stream)
