"""Take in a list of breached passwords: SHA-1 hashes as HASH:COUNT, ordered by hash ("Pwned Passwords").

Whoever chooses a password that is in it is asked for another. Web processes use it from the next choice on.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.progress import open as open_with_progress

from access.sign_in.breached_passwords import UnreadableListError, take_in


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help='the list, or "-" to read it from another program')
        parser.add_argument("--at-least", type=int, default=1, help="leave out what was seen fewer times; default 1")

    def handle(self, *args: Any, file: str, at_least: int, **options: Any) -> None:
        destination = Path(settings.BREACHED_PASSWORDS_FILE)
        try:
            with _opened(file) as lines:
                kept = take_in(lines, destination, at_least=at_least)
        except UnreadableListError as error:
            raise CommandError(f"{file} cannot be taken in. {error} Nothing was changed.") from None
        except OSError as error:
            raise CommandError(f"{error.filename or file}: {error.strerror}. Nothing was changed.") from None
        self.stdout.write(f"{kept:,} breached passwords in {destination}.")


@contextmanager
def _opened(file: str) -> Iterator[BinaryIO]:
    if file == "-":
        yield sys.stdin.buffer
        return
    with open_with_progress(file, "rb", description="Taking in") as opened:
        yield opened
