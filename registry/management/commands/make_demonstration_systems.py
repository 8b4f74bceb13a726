"""Make the systems of the demonstration, and the files with their private keys. Complete, it changes nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from access.models import Organisation, SystemPurpose
from registry.demonstration import systems
from registry.demonstration.users import COUNCIL

FILES = {"system.json": SystemPurpose.PEOPLE, "personnel.json": SystemPurpose.LEAVERS}


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--directory", type=Path, required=True, help="where the systems find their private keys")

    def handle(self, *args: Any, directory: Path, **options: Any) -> None:
        # The owner has no keys: these are what two administrators would use, who are not there (as simulate_year).
        settings.KEYRING_HOLDER = "web"
        council = Organisation.objects.get(directory_code=COUNCIL)
        for name, purpose in FILES.items():
            made = systems.make(council, directory / name, purpose)
            self.stdout.write(f"The system {made.client_id} is accredited until {made.accredited_until}.")
