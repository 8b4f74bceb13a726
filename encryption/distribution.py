"""All keyrings of an installation at once, as `make_keys` alone sees them: each is given the keys of its holder.

A key stands in the keyring of each process that may hold it (encryption/holders.py), wrapped anew under the root key of
that keyring. There is no other copy, and no key that opens them all.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from django.conf import settings

from encryption import keyring
from encryption.backends import KeyBackend, configured_backend
from encryption.backends.file import ROOT_KEY, FileBackend
from encryption.errors import KeyWrongError
from encryption.holders import HOLDERS, held_by
from encryption.keys import LOCKS, DataKey, Purpose, cohort_of

# The longest a record made today can live: to 25 for a newborn with consent, six years of archive, and a margin.
YEARS_AHEAD = 33
# The label with which the key for tags was derived before.
_OLD_TAGS = "event authentication"


@dataclass
class Done:
    """What was done to the keyrings of an installation."""

    made: int = 0
    new_keyrings: list[str] = field(default_factory=list)
    split: bool = False  # the one keyring of before was handed out and taken away


class Ring:
    """The keyring of one process in its directory, which is made when it is not there."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._directory = directory
        self.is_new = not (directory / keyring.FILE_NAME).exists()
        self._backend = self._opened_backend()
        self._wrapped = [] if self.is_new else keyring.read(directory)
        self.keys = keyring.Keyring(each.unwrap(self._backend) for each in self._wrapped).all_keys()

    def hold(self, keys: Iterable[DataKey]) -> None:
        """Hold these keys and no other. What is wrapped already stays as it is."""
        known = {each.number: each for each in self._wrapped}
        wrapped = [known.get(key.number) or keyring.WrappedKey.of(key, self._backend) for key in keys]
        if wrapped != self._wrapped:
            keyring.write(self._directory, wrapped)
            self._wrapped = wrapped

    def _opened_backend(self) -> KeyBackend:
        file_backend = f"{FileBackend.__module__}.{FileBackend.__name__}"
        # A root key is never made beside keys that another one wrapped: they would not open, and it would hide why.
        if file_backend == settings.KEY_BACKEND and self.is_new:
            return FileBackend.create(self._directory)
        return configured_backend(self._directory)


@contextmanager
def alone_in(directory: Path) -> Iterator[None]:
    """Wait for another run to end: of two at once the later would write over what the earlier had done."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def complete(directory: Path, *, today: date, rotate: Purpose | None = None) -> Done:
    """Have every key that is needed in each keyring below `directory` that may hold it, and in no other.

    Needed is one for each purpose and each cohort up to YEARS_AHEAD; with `rotate` one more is made for that purpose.
    Killed at any point, no key is lost: each is written wherever it belongs before it is taken away anywhere.
    """
    old = _old_keys(directory)
    rings = {process: Ring(directory / process) for process in HOLDERS}
    keys = gathered({process: ring.keys for process, ring in rings.items()}, old)
    if not any(key.purpose == Purpose.TAG for key in keys):
        keys += _old_tag_keys(old)
    made = _missing(keys, today)
    if rotate:
        made.append(keyring.make_key(rotate, None, taken={key.number for key in (*keys, *made)}))
    keys, made = _with_their_locks(keys, made)
    _hand_out(rings, [*keys, *made])
    split = _take_away_old(directory)
    return Done(len(made), [process for process, ring in rings.items() if ring.is_new], split)


def gathered(found: Mapping[str, list[DataKey]], old: list[DataKey]) -> list[DataKey]:
    """Each key once, older ones before newer ones of the same purpose.

    A key is taken from a process that may hold it. Only of a purpose that none of these has any key for, as when it
    passes to another process, are they taken from whoever has them: nobody gives the sequencer a key to sign with by
    putting it into another keyring. Raises KeyWrongError where two keys have one number, and where a key would be lost.
    """
    rightful = [key for process, keys in found.items() for key in keys if key.purpose in held_by(process)]
    served = {key.purpose for key in rightful}
    everything = [key for keys in (old, *found.values()) for key in keys]
    each: dict[int, DataKey] = {}
    for key in (*rightful, *(key for key in everything if key.purpose not in served)):
        each.setdefault(key.number, key)
    for key in everything:
        if each.get(key.number) != key:
            raise KeyWrongError(
                f"Key {key.number:08x} ({key.purpose}) stands in one of the keyrings, and those of the processes that"
                " may hold it have not got it, or have another. No key was changed. Find out where it comes from."
            )
    return list(each.values())


def _missing(keys: list[DataKey], today: date) -> list[DataKey]:
    existing = keyring.Keyring(keys)
    taken = existing.numbers()
    made = []
    for purpose, cohort in _needed(today):
        if not existing.has(purpose, cohort):
            made.append(keyring.make_key(purpose, cohort, taken=taken))
            taken.add(made[-1].number)
    return made


def _with_their_locks(keys: list[DataKey], made: list[DataKey]) -> tuple[list[DataKey], list[DataKey]]:
    """Both lists, with the public half of each key that has one.

    A lock whose key nobody holds is left out, and so taken away: what is sealed to it, nobody opens, or somebody else.
    """
    everything = [*keys, *made]
    halves = {
        (lock, key.public_half()) for lock, purpose in LOCKS.items() for key in everything if key.purpose == purpose
    }
    kept = [key for key in keys if key.purpose not in LOCKS or (key.purpose, key.secret) in halves]
    taken = {key.number for key in everything}
    for lock, half in sorted(halves - {(key.purpose, key.secret) for key in kept}):
        made = [*made, replace(keyring.make_key(lock, None, taken=taken), secret=half)]
        taken.add(made[-1].number)
    return kept, made


def _needed(today: date) -> list[tuple[Purpose, str | None]]:
    single: list[tuple[Purpose, str | None]] = [
        (purpose, None) for purpose in Purpose if purpose != Purpose.CHILD and purpose not in LOCKS
    ]
    months = range(today.year * 12 + today.month - 1, (today.year + YEARS_AHEAD) * 12 + today.month - 1)
    cohorts = [cohort_of(date(month // 12, month % 12 + 1, 1)) for month in months]
    return [*single, *((Purpose.CHILD, cohort) for cohort in cohorts)]


def _hand_out(rings: Mapping[str, Ring], keys: list[DataKey]) -> None:
    # By purpose, so that the same keys always stand in the same order, whoever they were taken from.
    ordered = sorted(keys, key=lambda key: list(Purpose).index(key.purpose))
    theirs = {process: [key for key in ordered if key.purpose in held_by(process)] for process in rings}
    for process, ring in rings.items():
        ring.hold([*(key for key in ring.keys if key.purpose not in held_by(process)), *theirs[process]])
    for process, ring in rings.items():
        ring.hold(theirs[process])


def _old_keys(directory: Path) -> list[DataKey]:
    """The keys of the one keyring that every process had before ADR 27, while it is there."""
    if not (directory / keyring.FILE_NAME).exists():
        return []
    return keyring.load(directory, configured_backend(directory)).all_keys()


def _old_tag_keys(old: list[DataKey]) -> list[DataKey]:
    """What tags were made with before they had a key of their own: the events that bear them must go on to fit."""
    taken = {key.number for key in old}
    audit = [key for key in old if key.purpose == Purpose.AUDIT]
    return [replace(keyring.make_key(Purpose.TAG, None, taken=taken), secret=key.derive(_OLD_TAGS)) for key in audit]


def _take_away_old(directory: Path) -> bool:
    """Delete the one keyring of before. Returns whether it was there."""
    was_there = (directory / keyring.FILE_NAME).exists()
    # The root key last: without it the keys could not be handed out once more.
    for name in (keyring.FILE_NAME, ROOT_KEY):
        (directory / name).unlink(missing_ok=True)
    return was_there
