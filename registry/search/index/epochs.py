"""Epochs of the index: each has its own tokens, their length, and the version of the families that made them.

A search goes on with the epoch that it began with, which still answers for two minutes after another took its place
(`search.drop_epoch`); the next search asks again. So a switch needs no restart and loses no search.
"""

import threading
import time
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import floor, log2
from typing import Any

from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from encryption.tokens import Tokeniser
from registry.search import families as schemes

TOKENS_IN_A_ROW = 32  # arrays are padded to a multiple, so that their length does not tell the length of a name
# Children who share a token value without sharing what it stands for. The more there are, the less is linked and the
# less room is taken, and the more candidates are opened (bench/leakage, docs/search-at-scale.md).
SHARED_BY_CHANCE = 32
FEWEST_BITS = 12
MOST_BITS = 31
ATTEMPTS = 20  # each of them waits up to three seconds for a lock
SECONDS_BETWEEN_ATTEMPTS = 1.0
SECONDS_HELD = 30.0  # well within the two minutes for which an epoch that was replaced still answers


class NoIndexError(Exception):
    """The search index was never built, or is being built for the first time."""


@dataclass(frozen=True, slots=True)
class Epoch:
    """One making of the index."""

    number: int
    bits: int
    families: int

    @property
    def tokeniser(self) -> Tokeniser:
        return _tokeniser(self.number, self.bits)

    @property
    def scheme(self) -> schemes.Scheme:
        return schemes.SCHEMES[self.families]


class _Held(threading.local):
    """The epoch with which this thread searches."""

    epoch: Epoch | None = None
    since: float = 0.0


_held = _Held()


def bits_for(children: int) -> int:
    """How long tokens should be for so many children: long enough to find, too short to link (DESIGN, section 5)."""
    bits = floor(log2(max(children, 1) * TOKENS_IN_A_ROW / SHARED_BY_CHANCE))
    return min(MOST_BITS, max(FEWEST_BITS, bits))


def scheme() -> schemes.Scheme:
    """By which families to search: those of the epoch that serves now. A search begins with it. Raises NoIndexError."""
    forget()
    return current().scheme


def tokeniser() -> Tokeniser:
    """The tokeniser of the epoch that this thread searches with. Raises NoIndexError."""
    if time.monotonic() - _held.since > SECONDS_HELD:
        forget()
    return current().tokeniser


def current() -> Epoch:
    """The epoch that this thread searches with: that which served when it began. Raises NoIndexError."""
    if _held.epoch is None:
        _held.epoch, _held.since = serving(), time.monotonic()
    return _held.epoch


def forget() -> None:
    """Ask the database anew which epoch serves, at the next use."""
    _held.epoch = None


def begin(children: int) -> Epoch:
    """Begin an epoch for about so many children, by the newest families, to be filled. IntegrityError if one is being
    built already."""
    bits = bits_for(children)
    return Epoch(step("begin_epoch", bits, schemes.NEWEST), bits, schemes.NEWEST)


def step(name: str, *arguments: int) -> Any:
    """Take a step in the life of an epoch (registry/migrations/0004), again where others were in the way.

    Raises OperationalError when they were for a minute.
    """
    for _ in range(ATTEMPTS):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"select search.{name}({', '.join(['%s'] * len(arguments))})", arguments)
                return cursor.fetchone()[0]
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable):
                raise
            time.sleep(SECONDS_BETWEEN_ATTEMPTS)
    raise OperationalError(f"Others held what {name} needs for too long. Run it again: it goes on where it stopped.")


def started_on() -> date:
    """The day the index was first begun. Raises NoIndexError."""
    with connection.cursor() as cursor:
        cursor.execute("select started_at::date from search.epoch order by number limit 1")
        row = cursor.fetchone()
    if row is None:
        raise NoIndexError
    day: date = row[0]
    return day


def serving() -> Epoch:
    """The epoch that serves at this moment. Raises NoIndexError."""
    with connection.cursor() as cursor:
        cursor.execute("select number, bits, families from search.epoch where state = 'serving'")
        row = cursor.fetchone()
    if row is None:
        raise NoIndexError("There is no search index. Load children, or make one with manage.py rebuild_index.")
    return Epoch(*row)


@lru_cache(maxsize=8)
def _tokeniser(number: int, bits: int) -> Tokeniser:
    return Tokeniser(epoch=number, bits=bits)
