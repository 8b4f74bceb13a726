"""Take in the list of postcodes that there are, from a CSV file such as the ONS Postcode Directory.

A search for somebody at a postcode that was typed wrong then asks for those alone. Web processes read it as they start.
"""

import csv
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from pages import postcodes, postcodes_in_use

COLUMNS = ("pcds", "pcd", "postcode")  # as the directory has named it over the years
ENDED = "doterm"  # when a postcode was given up


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help=f"CSV with a column {', '.join(COLUMNS)}")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            with file.open(encoding="utf-8-sig", newline="") as opened:
                codes = set(_codes(opened))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise CommandError(f"{file} cannot be read as CSV: {error}.") from None
        if not codes:
            raise CommandError(f"{file} has no full postcode in a column {' or '.join(COLUMNS)}. Nothing was changed.")
        kept = postcodes_in_use.keep(codes, Path(settings.POSTCODES_FILE))
        self.stdout.write(f"{kept:,} postcodes. Restart the web processes to put them in force.")


def _codes(lines: Iterable[str]) -> Iterator[str]:
    rows = csv.DictReader(lines)
    column = next((name for name in COLUMNS if name in (rows.fieldnames or ())), None)
    for row in rows:
        code = postcodes.normalise(row[column] or "") if column else ""
        if postcodes.is_full(code) and not row.get(ENDED):
            yield code
