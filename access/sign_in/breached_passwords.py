"""Passwords known from thefts elsewhere, looked up without a network in a file of sorted beginnings of their hashes.

The file: 7 bytes that say what it is, then the first 7 bytes of each SHA-1 hash, ascending, without repeats. At a
billion hashes one password in tens of millions is taken for another's. Whoever steals the file learns what is public.
"""

import hashlib
import mmap
import os
from binascii import unhexlify
from collections.abc import Callable, Iterable
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError

WIDTH = 7
MARK = b"breach1"
HASH_DIGITS = 40
HINT = "Make it with manage.py take_in_breached_passwords (docs/breached-passwords.md)."


class UnreadableListError(Exception):
    """The list to be taken in is not what was expected. Says which line, never what stands there."""


def take_in(lines: Iterable[bytes], destination: Path, *, at_least: int = 1) -> int:
    """Keep what `lines` say, HASH:COUNT ordered by hash, in `destination`. Returns how many passwords are kept.

    Those counted fewer than `at_least` times are left out. One line at a time is in memory. A file that is there stays
    in force until the new one is whole. Raises UnreadableListError.
    """
    unfinished = destination.with_name(f"{destination.name}.unfinished")
    destination.parent.mkdir(parents=True, exist_ok=True)
    try:
        with unfinished.open("wb") as output:
            output.write(MARK)
            kept = _write_beginnings(lines, output.write, at_least)
            output.flush()
            os.fsync(output.fileno())
        if not kept:
            raise UnreadableListError("There is no password in it.")
        unfinished.replace(destination)
    finally:
        unfinished.unlink(missing_ok=True)
    return kept


def is_breached(password: str, path: Path) -> bool:
    """Whether the password is in the file. Raises ImproperlyConfigured when it is no such file."""
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).digest()[:WIDTH]
    with path.open("rb") as opened:
        size = os.fstat(opened.fileno()).st_size
        if size <= WIDTH or size % WIDTH or opened.read(WIDTH) != MARK:
            raise ImproperlyConfigured(f"{path} is no file of breached passwords. {HINT}")
        with mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as beginnings:
            return _holds(beginnings, size // WIDTH, wanted)


def is_there() -> bool:
    """Whether passwords are compared with a list here."""
    return Path(settings.BREACHED_PASSWORDS_FILE).exists()


def check_demanded() -> None:
    """Raise ImproperlyConfigured where the settings demand a list and there is none that can be read."""
    if settings.BREACHED_PASSWORDS_DEMANDED:
        path = Path(settings.BREACHED_PASSWORDS_FILE)
        try:
            is_breached("", path)
        except OSError as error:
            raise ImproperlyConfigured(f"{path}, the list of stolen passwords: {error.strerror}. {HINT}") from None


class BreachedPasswordValidator:
    """Refuses a password that is in settings.BREACHED_PASSWORDS_FILE. Without the file it refuses none."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError for a password that thieves have."""
        if is_there() and is_breached(password, Path(settings.BREACHED_PASSWORDS_FILE)):
            raise ValidationError(
                "This password was stolen somewhere else and is on the lists that thieves try. "
                "Enter another one, such as three random words",
                code="password_breached",
            )

    def get_help_text(self) -> str:
        return "A password that was stolen somewhere else is not taken."


def _write_beginnings(lines: Iterable[bytes], write: Callable[[bytes], object], at_least: int) -> int:
    kept, previous = 0, b""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        digest = _digest(line, number)
        if digest < previous:
            raise UnreadableListError(f"Line {number} is out of order: the list must be ordered by hash.")
        if digest[:WIDTH] != previous[:WIDTH] and (at_least <= 1 or _count(line, number) >= at_least):
            write(digest[:WIDTH])
            kept += 1
            previous = digest
    return kept


def _digest(line: bytes, number: int) -> bytes:
    try:
        if line[HASH_DIGITS : HASH_DIGITS + 1] == b":":
            return unhexlify(line[:HASH_DIGITS])
    except ValueError:
        pass
    raise UnreadableListError(f"Line {number} is not HASH:COUNT with a SHA-1 hash of {HASH_DIGITS} digits.")


def _count(line: bytes, number: int) -> int:
    try:
        return int(line[HASH_DIGITS + 1 :])
    except ValueError:
        raise UnreadableListError(f"Line {number} does not end with a count.") from None


def _holds(beginnings: mmap.mmap, end: int, wanted: bytes) -> bool:
    """Binary search among the entries from 1 (after the mark) to `end`, which is past the last."""
    begin = 1
    while begin < end:
        middle = (begin + end) // 2
        found = beginnings[middle * WIDTH : (middle + 1) * WIDTH]
        if found == wanted:
            return True
        begin, end = (middle + 1, end) if found < wanted else (begin, middle)
    return False
