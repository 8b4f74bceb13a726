"""What a child is to be called from now on: sealed where it is typed, and opened by the worker, which makes the record.

The web process holds the lock and not the key: once a request is sent, not even whoever takes that process over reads
what stands in one, or in a copy of the database (docs/adr/0042).
"""

from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

import msgspec

from encryption.keys import Purpose
from encryption.locked import lock, unlock
from encryption.seal import Place
from registry.models import NewIdentity
from registry.values import PostalAddress
from registry.vocabulary import Gender

PAD_TO = 1024
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The new identity as it was asked for; `postal` is None where no address is told."""

    given: str = field(repr=False)
    family: str = field(repr=False)
    date_of_birth: date = field(repr=False)
    gender: Gender = field(repr=False)
    authority_id: int = field(repr=False)
    postal: PostalAddress | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Promised:
    """What a record is to be made of, and the number that it will have. Nothing of whose it was before."""

    wanted: Wanted
    number: str = field(repr=False)


def seal_wanted(wanted: Wanted, *, child_id: int) -> bytes:
    """Seal it for a request about that child: in no other child's request does it open."""
    return _lock(wanted, _asked(child_id))


def open_wanted(stored: bytes, *, child_id: int) -> Wanted:
    """For the worker. Raises ValueDamagedError where it was sealed for another child's request."""
    return _unlock(stored, _asked(child_id), Wanted)


def seal_promised(promised: Promised, *, row: int) -> bytes:
    """Seal it anew, apart from the request, so that nothing but the row of its own says where it belongs."""
    return _lock(promised, _kept(row))


def open_promised(stored: bytes, *, row: int) -> Promised:
    """For the worker."""
    return _unlock(stored, _kept(row), Promised)


def promised_numbers() -> set[str]:
    """The numbers that records will have which are not made yet: nobody else is given one. For the worker."""
    rows = NewIdentity.objects.values_list("pk", "wanted")
    return {open_promised(bytes(stored), row=row).number for row, stored in rows}


def _asked(child_id: int) -> Place:
    return Place("registry_identityrequest", "wanted", child_id, 0)


def _kept(row: int) -> Place:
    return Place("registry_newidentity", "wanted", row, 0)


def _lock(value: object, place: Place) -> bytes:
    return lock(msgspec.json.encode(value), place, Purpose.IDENTITY_LOCK, pad_to=PAD_TO)


def _unlock(stored: bytes, place: Place, kind: type[T]) -> T:
    return msgspec.json.decode(unlock(stored, place, Purpose.IDENTITY), type=kind)
