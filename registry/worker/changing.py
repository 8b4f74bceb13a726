"""Records changed because of what others send: what is said of a child taken out, and put back as it is to be.

By the worker, for many children at once. What stays as it was keeps its row; all else is written anew, the child is
filed anew for search and comparison, and each change is an event.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, auto
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import transaction

from audit.actors import Process
from audit.events import EventKind
from audit.recorder import About, record_each
from registry.models import (
    Child,
    ChildAddress,
    ChildName,
    ChildNumber,
    ChildSaidBy,
    Guardian,
    Involvement,
    Keeping,
    Shield,
)
from registry.models.child import ChildRow
from registry.rules.numbers import number_fingerprint
from registry.rules.retention import Circumstances, away_until
from registry.search import index
from registry.search.summaries import summarise
from registry.traits.filing import put as put_traits
from registry.traits.making import traits_of
from registry.values import UNSAID, Address, GuardianDetails, InvolvementDetails, Name, Number, SaidBy
from registry.vocabulary import Gender, NameKind, NumberKind
from registry.worker.refiling import file_anew
from registry.worker.reported import close_changed
from registry.worker.resealing import seal_alike

Entry = dict[str, Any]  # the columns of a row that tell something
Rows = Mapping[type[ChildRow], Mapping[int, list["_Opened"]]]
ORDER_OF_NAMES = (NameKind.LEGAL, NameKind.FORMER, NameKind.KNOWN_AS)


@dataclass(frozen=True, slots=True)
class Values:
    """What others can say of a child, as it stands on the record. The first of `addresses` is the present one.

    `involvements` are with which of them leads; those that were withdrawn are not among them, and stay. `said_by` goes
    along with them: whoever makes the values says whose they are.
    """

    date_of_birth: date
    gender: Gender
    date_of_death: date | None
    names: tuple[tuple[NameKind, Name], ...]
    numbers: tuple[tuple[NumberKind, Number], ...]
    addresses: tuple[Address, ...]
    guardians: tuple[GuardianDetails, ...]
    involvements: tuple[tuple[bool, InvolvementDetails], ...]
    said_by: SaidBy = UNSAID


class Unchanged(Enum):
    """Why nothing was changed in a record."""

    CLOSED = auto()  # for a new identity, in the archive, under another record, or gone
    NUMBER_TAKEN = auto()  # a number that it was to have is another record's


class _Opened(NamedTuple):
    """A row beside a child, with what it says: opened once, however often it is asked."""

    row: Any
    details: Any


Make = Callable[[Values], Values]
Outcome = Values | Unchanged


def values_of(child_ids: Iterable[int]) -> dict[int, Values]:
    """What stands on these records."""
    children = {child.pk: child for child in Child.objects.filter(pk__in=list(child_ids))}
    rows = _rows_of(children.values())
    return {child_id: _values(child, rows) for child_id, child in children.items()}


@transaction.atomic
def change_each(*, actor: Process, makes: Mapping[int, Make]) -> dict[int, Outcome]:
    """Lock the records, and have each say what its `make` makes of what it says. Returns what each said before.

    Nothing is written of a record in which nothing is to be changed, nor where it cannot be: then its outcome says why.
    """
    standing = Child.objects.filter(pk__in=list(makes), severed=False, archived=False, merged_into=None)
    locked = standing.select_for_update().order_by("pk")
    children = {child.pk: child for child in locked}
    rows = _rows_of(children.values())
    before = {child_id: _values(child, rows) for child_id, child in children.items()}
    wanted = {
        child_id: _without_withdrawn(makes[child_id](stored), stored, rows[Involvement][child_id])
        for child_id, stored in before.items()
    }
    wanted, taken = _without_numbers_of_others(wanted)
    differing = {child_id: each for child_id, each in wanted.items() if each != before[child_id]}
    changing = [(children[child_id], each) for child_id, each in differing.items() if child_id not in taken]
    if changing:
        _write(changing, rows)
        told = [About(child_id=child.pk, fields=changed(before[child.pk], each)) for child, each in changing]
        record_each(EventKind.CHILD_CHANGED, told, actor=actor)
        close_changed([(child, before[child.pk], each) for child, each in changing], actor=actor)
    outcomes: dict[int, Outcome] = dict.fromkeys(makes, Unchanged.CLOSED)
    return outcomes | before | dict.fromkeys(taken, Unchanged.NUMBER_TAKEN)


def changed(before: Values, after: Values) -> list[str]:
    """In which parts they differ."""
    return [name for name in Values.__slots__ if getattr(before, name) != getattr(after, name)]


def begun(details: InvolvementDetails) -> tuple[int, str, date]:
    """A service of an organisation since its first day: the same child may come back to it."""
    return (*_place(details), details.started_on)


def _rows_of(children: Iterable[Child]) -> Rows:
    """Every row beside these children, by table and child."""
    by_id = {child.pk: child for child in children}
    rows: dict[type[ChildRow], dict[int, list[_Opened]]] = {}
    for model in (ChildName, ChildNumber, ChildAddress, ChildSaidBy, Guardian, Involvement):
        rows[model] = defaultdict(list)
        # In order here: PostgreSQL, which asks for order itself, may take the rows of all children in their order.
        read: list[Any] = sorted(model.objects.filter(child__in=by_id), key=attrgetter("pk"))
        for row in read:
            row.child = by_id[row.child_id]
            rows[model][row.child_id].append(_Opened(row, row.details.open()))
    return rows


def _values(child: Child, rows: Rows) -> Values:
    def of(model: type[ChildRow]) -> list[_Opened]:
        return rows[model][child.pk]

    names = [(NameKind(row.kind), details) for row, details in of(ChildName)]
    return Values(
        date_of_birth=child.date_of_birth.open(),
        gender=child.gender.open(),
        date_of_death=child.date_of_death.open(),
        names=tuple(sorted(names, key=lambda each: ORDER_OF_NAMES.index(each[0]))),
        numbers=tuple((NumberKind(row.kind), details) for row, details in sorted(of(ChildNumber), key=_kind)),
        addresses=tuple(details for row, details in sorted(of(ChildAddress), key=lambda each: not each.row.present)),
        guardians=tuple(details for _row, details in of(Guardian)),
        involvements=tuple((row.lead, details) for row, details in _kept(of(Involvement))),
        said_by=next((details for _row, details in of(ChildSaidBy)), UNSAID),
    )


def _without_numbers_of_others(wanted: dict[int, Values]) -> tuple[dict[int, Values], set[int]]:
    """The same without numbers that stand on a record under the child's own, which lead to it as it is; and whose
    record was to have a number that another child has, or is to have as well."""
    numbers: dict[bytes, int] = {}
    taken = set[int]()
    for child_id, values in wanted.items():
        for kind, number in values.numbers:
            if numbers.setdefault(number_fingerprint(kind, number.value), child_id) != child_id:
                taken.add(child_id)
    held = ChildNumber.objects.filter(fingerprint__in=list(numbers))
    beneath = set[bytes]()
    for key, child_id, stays in held.values_list("fingerprint", "child_id", "child__merged_into"):
        if stays == numbers[bytes(key)]:
            beneath.add(bytes(key))
        elif child_id != numbers[bytes(key)]:
            taken.add(numbers[bytes(key)])
    if beneath:
        wanted = {child_id: _without(values, beneath) for child_id, values in wanted.items()}
    return wanted, taken


def _without(values: Values, fingerprints: set[bytes]) -> Values:
    kept = (each for each in values.numbers if number_fingerprint(each[0], each[1].value) not in fingerprints)
    return replace(values, numbers=tuple(kept))


def _without_withdrawn(values: Values, stored: Values, rows: Iterable[_Opened]) -> Values:
    """The same without involvements that somebody withdrew as a mistake: to be told of them again puts nothing back.
    What stands there stands, though it began on the same day."""
    there = {begun(details) for _lead, details in stored.involvements}
    withdrawn = [details for row, details in rows if row.withdrawal.open() is not None]

    def stays(details: InvolvementDetails) -> bool:
        return begun(details) in there or not any(_is_told_again(details, one) for one in withdrawn)

    return replace(values, involvements=tuple(each for each in values.involvements if stays(each[1])))


def _is_told_again(details: InvolvementDetails, withdrawn: InvolvementDetails) -> bool:
    """Whether it is the one that was withdrawn. Where its source says not since when, it is as old as the word."""
    if begun(details) == begun(withdrawn):
        return True
    says, said = details.provenance, withdrawn.provenance
    is_undated = details.started_on == says.confirmed_on
    return is_undated and says.source == said.source and _place(details) == _place(withdrawn)


def _write(changing: Sequence[tuple[Child, Values]], rows: Rows) -> None:
    ids = [child.pk for child, _values in changing]
    shielded = set(Shield.objects.filter(child__in=ids, ended_on=None).values_list("child_id", flat=True))
    months = {child.pk: child.cohort() for child, _values in changing}
    consents = dict(Keeping.objects.filter(child__in=ids, ended_at=None).values_list("child_id", "given_on"))
    for child, values in changing:
        consented_on = consents.get(child.pk)
        away = away_until(values.addresses[0] if values.addresses else None)
        child.hold(Circumstances(consented_on=consented_on, away_until=away), at=child.row_version + 1)
        child.date_of_birth, child.gender = values.date_of_birth, values.gender
        child.date_of_death = values.date_of_death
        child.summary = summarise(
            names=values.names,
            date_of_birth=values.date_of_birth,
            gender=values.gender,
            number=child.number.open(),
            numbers=[number.value for _kind, number in values.numbers],
            address=values.addresses[0] if values.addresses else None,
            shielded=child.pk in shielded,
        )
    Child.save_each([child for child, _values in changing])
    for model, entries in ENTRIES.items():
        _sync(model, [(child, entries(values)) for child, values in changing], rows[model])
    for child, values in changing:
        _sync_involvements(child, values.involvements, _kept(rows[Involvement][child.pk]))
    seal_alike([child for child, _values in changing if child.sealing_cohort() != months[child.pk]])
    index.put((child.pk, child.summary.open()) for child, _values in changing)
    put_traits((child.pk, child.row_version, _traits(values)) for child, values in changing)
    for child in Child.objects.filter(pk__in=Child.objects.filter(merged_into__in=ids).values("merged_into")):
        file_anew(child.pk)  # under what the records say, too, that lie under it


ENTRIES: Mapping[type[ChildRow], Callable[[Values], list[Entry]]] = {
    ChildName: lambda values: [{"kind": str(kind), "details": name} for kind, name in values.names],
    ChildAddress: lambda values: [
        {"present": place == 0, "details": each} for place, each in enumerate(values.addresses)
    ],
    ChildNumber: lambda values: [
        {"kind": str(kind), "fingerprint": number_fingerprint(kind, each.value), "details": each}
        for kind, each in values.numbers
    ],
    Guardian: lambda values: [{"details": each} for each in values.guardians],
    ChildSaidBy: lambda values: [{"details": values.said_by}] if values.said_by != UNSAID else [],
}


def _sync(
    model: type[ChildRow], wanted: Sequence[tuple[Child, list[Entry]]], rows: Mapping[int, list[_Opened]]
) -> None:
    """Rows that say what is wanted stay; others go, and what is missing is added after them, in its order."""
    gone, missing = list[int](), list[ChildRow]()
    for child, entries in wanted:
        left = list(entries)
        for each in rows[child.pk]:
            entry = {name: _told(each, name) for name in entries[0]} if entries else None
            if entry in left:
                left.remove(entry)
            else:
                gone.append(each.row.pk)
        missing += [model(child=child, **entry) for entry in left]
    if gone:
        model.objects.filter(pk__in=gone).delete()
    model.objects.bulk_create(missing)


def _sync_involvements(child: Child, wanted: Sequence[tuple[bool, InvolvementDetails]], rows: list[_Opened]) -> None:
    """As `_sync`, but a row that says something else of the same service of the same organisation is changed.

    Whoever has the page of an involvement open would else find it gone.
    """
    missing = list(wanted)
    spare = list[tuple[InvolvementDetails, Any]]()
    for row, details in rows:
        entry = (row.lead, details)
        if entry in missing:
            missing.remove(entry)
        else:
            spare.append((entry[1], row))
    # Who leads now first, so that two never do.
    for details, row in sorted(spare, key=lambda each: not each[1].lead):
        there = [each for each in missing if _place(each[1]) == _place(details)]
        same = next((each for each in there if begun(each[1]) == begun(details)), there[0] if there else None)
        if same is None:
            row.delete()
        else:
            missing.remove(same)
            row.lead, row.details = same
            row.save()
    Involvement.objects.bulk_create(Involvement(child=child, lead=lead, details=details) for lead, details in missing)


def _place(details: InvolvementDetails) -> tuple[int, str]:
    return details.organisation_id, str(details.service)


def _kept(rows: Iterable[_Opened]) -> list[_Opened]:
    return [each for each in rows if each.row.withdrawal.open() is None]


def _kind(each: _Opened) -> int:
    return list(NumberKind).index(each.row.kind)


def _told(each: _Opened, name: str) -> Any:
    if name == "details":
        return each.details
    return bytes(each.row.fingerprint) if name == "fingerprint" else getattr(each.row, name)


def _traits(values: Values) -> Any:
    return traits_of(
        date_of_birth=values.date_of_birth,
        names=[name for _kind, name in values.names],
        addresses=values.addresses,
        guardians=values.guardians,
        involvements=[details for _lead, details in values.involvements],
    )
