"""Make an accredited system of the demonstration, and the file with its private key. Complete, it changes nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from access.models import Organisation, SystemPurpose
from registry.demonstration import systems
from registry.demonstration.users import COUNCIL


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, required=True, help="where the system finds its private key")
        parser.add_argument("--purpose", choices=SystemPurpose.values, default=SystemPurpose.PEOPLE.value)
        parser.add_argument("--feed", type=int, help="the number of the feed that it delivers")

    def handle(self, *args: Any, file: Path, purpose: str, feed: int | None, **options: Any) -> None:
        # The owner has no keys: these are what two administrators would use, who are not there (as simulate_year).
        settings.KEYRING_HOLDER = "web"
        made = systems.make(Organisation.objects.get(directory_code=COUNCIL), file, SystemPurpose(purpose), feed)
        self.stdout.write(f"The system {made.client_id} is accredited until {made.accredited_until}.")
