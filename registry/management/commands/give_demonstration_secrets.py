"""Give the people of the demonstration their passwords and authenticator apps, as the process that signs people in."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from registry.demonstration.users import give_secrets_of


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--users-file", type=Path, required=True, help="where make_demonstration wrote them")

    def handle(self, *args: Any, users_file: Path, **options: Any) -> None:
        give_secrets_of(users_file)
