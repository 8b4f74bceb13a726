"""manage.py estimate_rarity: how often names are borne, into registry/traits/rarity.json."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from registry.demonstration import rarity as synthetic
from registry.traits import rarity


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--file", type=Path, default=rarity.FILE, help="what to write (registry/traits/rarity.json)"
        )

    def handle(self, *, file: Path, **_options: Any) -> None:
        written = synthetic.table()
        # A group on a line: a change of one shows which.
        groups = ",\n  ".join(json.dumps(group, ensure_ascii=False) for group in written.pop("groups"))
        head = json.dumps(written, indent=1).removesuffix("\n}")
        file.write_text(f'{head},\n "groups": [\n  {groups}\n ]\n}}\n', encoding="utf-8")
        self.stdout.write(f"Wrote {file.name}. Run make_traits --all, so that all names are weighed by it.")
