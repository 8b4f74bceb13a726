"""Make what practitioners of the demonstration reported as wrong. Complete, it changes nothing."""

from typing import Any

from django.core.management.base import BaseCommand

from access.models import Organisation
from registry.demonstration import reports
from registry.demonstration.users import COUNCIL


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        made = reports.make(Organisation.objects.get(directory_code=COUNCIL))
        self.stdout.write(f"{len(made)} things are reported as wrong.")
