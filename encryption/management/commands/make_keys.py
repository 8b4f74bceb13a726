"""Make the root key and data keys of this installation. Run twice, it makes only what is missing."""

import fcntl
import os
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from encryption import keyring
from encryption.backends import KeyBackend, configured_backend
from encryption.backends.file import FileBackend
from encryption.errors import KeyMissingError
from encryption.keys import Purpose, cohort_of

# The longest a record made today can live: to 25 for a newborn with consent, six years of archive, and a margin.
YEARS_AHEAD = 33


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        rotated = [purpose.value for purpose in Purpose if purpose not in {*keyring.NOT_ROTATED, Purpose.CHILD}]
        parser.add_argument("--rotate", choices=rotated, help="add a newer key for this purpose; older ones still open")

    def handle(self, *args: Any, **options: Any) -> None:
        directory = Path(settings.KEYRING_DIR)
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone_in(directory):
            backend = self._backend(directory)
            made = make_missing(directory, backend, today=timezone.localdate())
            if options["rotate"]:
                rotate(directory, backend, Purpose(options["rotate"]))
                made += 1
        self.stdout.write(f"Made {made} keys." if made else "All keys are there.")

    def _backend(self, directory: Path) -> KeyBackend:
        file_backend = f"{FileBackend.__module__}.{FileBackend.__name__}"
        # A root key is never made beside keys that another one wrapped: they would not open, and it would hide why.
        if file_backend == settings.KEY_BACKEND and not (directory / keyring.FILE_NAME).exists():
            return FileBackend.create(directory)
        return configured_backend()


@contextmanager
def _alone_in(directory: Path) -> Iterator[None]:
    """Wait for another run to end: of two at once the later would write over the keys the earlier had made."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def make_missing(directory: Path, backend: KeyBackend, *, today: date) -> int:
    """Add a key for every purpose, and every cohort up to YEARS_AHEAD, that has none. Returns how many were made."""
    try:
        wrapped = keyring.read(directory)
    except KeyMissingError:
        wrapped = []
    existing = keyring.Keyring(entry.unwrap(backend) for entry in wrapped)
    taken = existing.numbers()
    missing = [need for need in _needed(today) if not existing.has(*need)]
    for purpose, cohort in missing:
        key = keyring.make_key(purpose, cohort, taken=taken)
        taken.add(key.number)
        wrapped.append(keyring.WrappedKey.of(key, backend))
    if missing:
        keyring.write(directory, wrapped)
    return len(missing)


def rotate(directory: Path, backend: KeyBackend, purpose: Purpose) -> None:
    """Add a key for `purpose` that seals or signs from the next start of each process on."""
    wrapped = keyring.read(directory)
    taken = keyring.Keyring(entry.unwrap(backend) for entry in wrapped).numbers()
    key = keyring.make_key(purpose, None, taken=taken)
    keyring.write(directory, [*wrapped, keyring.WrappedKey.of(key, backend)])


def _needed(today: date) -> list[tuple[Purpose, str | None]]:
    single: list[tuple[Purpose, str | None]] = [(purpose, None) for purpose in Purpose if purpose != Purpose.CHILD]
    months = range(today.year * 12 + today.month - 1, (today.year + YEARS_AHEAD) * 12 + today.month - 1)
    cohorts = [cohort_of(date(month // 12, month % 12 + 1, 1)) for month in months]
    return [*single, *((Purpose.CHILD, cohort) for cohort in cohorts)]
