"""Agree on a feed: `manage.py add_supplier E09000030 school_census delimited --columns census.json`."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction

from access.models import Organisation
from audit.events import EventKind
from audit.recorder import About, record
from feeds.models import Supplier
from feeds.readers import Format
from feeds.readers.delimited import Mapping, MappingError
from feeds.worker.acting import actor_for
from registry.vocabulary import Source


class Command(BaseCommand):
    help = (
        "Add a supplier: who sends what is said of children, in which format, and whose administrators keep the feed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("organisation", help="directory code of whose administrators keep the feed")
        parser.add_argument("source", choices=[each.value for each in Source if each != Source.PRACTITIONER])
        parser.add_argument("format", choices=[each.value for each in Format])
        parser.add_argument("--columns", type=Path, help="for CSV: a JSON file that says which column holds what")
        parser.add_argument(
            "--must-supply", action="store_true", help="the law wants it sent, and sent again when it changes"
        )
        parser.add_argument("--lets-itself-in", action="store_true", help="lets in by itself what is as usual")

    def handle(
        self,
        *,
        organisation: str,
        source: str,
        format: str,  # noqa: A002 - the name of the argument
        columns: Path | None,
        must_supply: bool,
        lets_itself_in: bool,
        **_: Any,
    ) -> None:
        keeper = Organisation.objects.filter(directory_code=organisation).first()
        if keeper is None:
            raise CommandError(f"No organisation has the directory code {organisation}.")
        supplier = Supplier(
            organisation=keeper,
            source=source,
            format=format,
            columns=self._columns(columns),
            must_supply=must_supply,
            asks=not lets_itself_in,
        )
        try:
            with transaction.atomic():
                supplier.save()
                told = About(fields=[f"supplier.{supplier.pk}"])
                record(EventKind.SUPPLIER_ADDED, told, actor=actor_for(supplier))
        except IntegrityError:
            raise CommandError(f"{keeper} has a feed of that source in that format already.") from None
        self.stdout.write(f"Supplier {supplier.pk} is added.")

    def _columns(self, path: Path | None) -> Any:
        if path is None:
            return None
        try:
            written = path.read_bytes()
            Mapping.from_json(written)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
        except MappingError as error:
            raise CommandError(f"The columns are not as they should be: {error}.") from None
        return json.loads(written)
