"""A record changed because of what others send: what is said of a child taken out, and put back as it is to be.

By the worker. What stays as it was keeps its row; all else is written anew, the child is filed anew for search and
comparison, and the change is an event.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from audit.actors import Process
from audit.events import EventKind
from audit.recorder import About, record
from registry.models import Child, ChildAddress, ChildName, ChildNumber, Guardian, Involvement
from registry.models.child import ChildRow
from registry.rules.numbers import number_fingerprint
from registry.values import Address, GuardianDetails, InvolvementDetails, Name, Number
from registry.vocabulary import Gender, NameKind, NumberKind
from registry.worker.refiling import file_anew
from registry.worker.resealing import seal_alike

Entry = dict[str, Any]  # the columns of a row that tell something


class NotChangedError(Exception):
    """The record is closed, in the archive or gone: nothing is changed in it."""


class NumberTakenError(Exception):
    """A number that the record is to have is another record's."""


@dataclass(frozen=True, slots=True)
class Values:
    """What others can say of a child, as it stands on the record. The first of `addresses` is the present one.

    `involvements` are with which of them leads; those that were withdrawn are not among them, and stay.
    """

    date_of_birth: date
    gender: Gender
    date_of_death: date | None
    names: tuple[tuple[NameKind, Name], ...]
    numbers: tuple[tuple[NumberKind, Number], ...]
    addresses: tuple[Address, ...]
    guardians: tuple[GuardianDetails, ...]
    involvements: tuple[tuple[bool, InvolvementDetails], ...]


def values_of(child: Child) -> Values:
    """What stands on the record."""
    return Values(
        date_of_birth=child.date_of_birth.open(),
        gender=child.gender.open(),
        date_of_death=child.date_of_death.open(),
        names=tuple((NameKind(row.kind), row.details.open()) for row in _rows(ChildName, child)),
        numbers=tuple((NumberKind(row.kind), row.details.open()) for row in _rows(ChildNumber, child)),
        addresses=tuple(
            row.details.open() for row in sorted(_rows(ChildAddress, child), key=lambda row: not row.present)
        ),
        guardians=tuple(row.details.open() for row in _rows(Guardian, child)),
        involvements=tuple((row.lead, row.details.open()) for row in _kept_involvements(child)),
    )


@transaction.atomic
def change(*, actor: Process, child_id: int, make: Callable[[Values], Values]) -> Values:
    """Lock the record, and have it say what `make` makes of what it says. Returns what it said before.

    Nothing is written where nothing is to be changed. Raises NotChangedError, NumberTakenError.
    """
    child = Child.objects.select_for_update().filter(pk=child_id).first()
    if child is None or child.severed or child.archived:
        raise NotChangedError
    before = values_of(child)
    wanted = make(before)
    if wanted != before:
        _write(child, wanted)
        record(EventKind.CHILD_CHANGED, About(child_id=child.pk, fields=changed(before, wanted)), actor=actor)
    return before


def changed(before: Values, after: Values) -> list[str]:
    """In which parts they differ."""
    return [name for name in Values.__slots__ if getattr(before, name) != getattr(after, name)]


def _write(child: Child, wanted: Values) -> None:
    _check_numbers(child, wanted.numbers)
    child.date_of_birth = wanted.date_of_birth
    child.gender = wanted.gender
    child.date_of_death = wanted.date_of_death
    child.save()
    _sync(child, ChildName, [{"kind": str(kind), "details": name} for kind, name in wanted.names])
    _sync(
        child,
        ChildAddress,
        [{"present": place == 0, "details": each} for place, each in enumerate(wanted.addresses)],
    )
    _sync(
        child,
        ChildNumber,
        [
            {"kind": str(kind), "fingerprint": number_fingerprint(kind, each.value), "details": each}
            for kind, each in wanted.numbers
        ],
    )
    _sync(child, Guardian, [{"details": each} for each in wanted.guardians])
    _sync_involvements(child, wanted.involvements)
    seal_alike([child])
    file_anew(child.pk)


def _check_numbers(child: Child, numbers: Iterable[tuple[NumberKind, Number]]) -> None:
    for kind, number in numbers:
        fingerprint = number_fingerprint(kind, number.value)
        if ChildNumber.objects.filter(kind=kind, fingerprint=fingerprint).exclude(child=child).exists():
            raise NumberTakenError


def _sync(child: Child, model: type[ChildRow], wanted: Sequence[Entry]) -> None:
    """Rows that say what is wanted stay; others go, and what is missing is added after, in its order."""
    missing = list(wanted)
    gone = []
    for row in _rows(model, child):
        entry = _entry(row, wanted[0]) if wanted else None
        if entry in missing:
            missing.remove(entry)
        else:
            gone.append(row.pk)
    model.objects.filter(pk__in=gone).delete()
    model.objects.bulk_create(model(child=child, **entry) for entry in missing)


def _sync_involvements(child: Child, wanted: Sequence[tuple[bool, InvolvementDetails]]) -> None:
    """As `_sync`, but a row that says something else of the same service of the same organisation is changed.

    Whoever has the page of an involvement open would else find it gone.
    """
    rows = _kept_involvements(child)
    missing = list(wanted)
    spare = []
    for row in rows:
        entry = (row.lead, row.details.open())
        if entry in missing:
            missing.remove(entry)
        else:
            spare.append((entry[1], row))
    for details, row in spare:
        same = next((each for each in missing if _place(each[1]) == _place(details)), None)
        if same is None:
            row.delete()
            continue
        missing.remove(same)
        row.child = child
        row.lead, row.details = same
        row.save()
    Involvement.objects.bulk_create(Involvement(child=child, lead=lead, details=details) for lead, details in missing)


def _place(details: InvolvementDetails) -> tuple[int, str]:
    return details.organisation_id, str(details.service)


def _rows(model: type[Any], child: Child) -> list[Any]:
    return list(model.objects.filter(child=child).order_by("pk"))


def _kept_involvements(child: Child) -> list[Involvement]:
    return [row for row in _rows(Involvement, child) if row.withdrawal.open() is None]


def _entry(row: Any, like: Entry) -> Entry:
    """What a row tells, in the columns of `like`."""
    return {
        name: row.details.open()
        if name == "details"
        else bytes(row.fingerprint)
        if name == "fingerprint"
        else getattr(row, name)
        for name in like
    }
