"""Two records that were put together, parted again: each says what its own sources say, and no more (docs/adr/0048).

While they lay together, what the suppliers of either said stood on the one that stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from audit.actors import Process
from feeds.attending import told_of
from feeds.composing import home_of, spelt
from feeds.models import SourceRecord
from feeds.places import places_of
from feeds.rows import Row, RowName, Statement
from feeds.worker.saying import recomposed, said_of, statement_of
from registry.values import UNSAID, Address, InvolvementDetails, Name
from registry.vocabulary import AddressState, NameKind, Source
from registry.worker.changing import Make, Values, change_each


def say_apart(parted: Sequence[int], *, since: datetime, actor: Process) -> None:
    """Make both anew, in the transaction that parts them. Nothing is changed where no supplier spoke since then."""
    if not SourceRecord.objects.filter(child__in=parted, said_at__gte=since).exists():
        return
    said = {child_id: [statement_of(each) for each in said_of([child_id])] for child_id in parted}
    for child_id in parted:  # one after the other: a number may stand on the first that is the second's
        others = [each for other in parted if other != child_id for each in said[other]]
        only_others = _words_of(others).without(_words_of(said[child_id]))
        (made,) = recomposed({child_id: []}, of_others={child_id: others}).values()
        make = _of_its_own(only_others, made if said[child_id] else None)
        change_each(actor=actor, makes={child_id: make})


@dataclass(frozen=True, slots=True)
class _Words:
    """What statements say of names, homes, and schools and practices, each with whose word it is."""

    names: frozenset[tuple[Source, str]]
    homes: frozenset[tuple[Source, str]]
    places: frozenset[tuple[Source, int]]

    def without(self, other: "_Words") -> "_Words":
        return _Words(self.names - other.names, self.homes - other.homes, self.places - other.places)

    def has_name(self, name: Name) -> bool:
        return (name.provenance.source, spelt(name)) in self.names

    def has_home(self, address: Address) -> bool:
        return (address.provenance.source, home_of(address)) in self.homes

    def has_place(self, details: InvolvementDetails) -> bool:
        return (details.provenance.source, details.organisation_id) in self.places


def _words_of(statements: Sequence[Statement]) -> _Words:
    return _Words(
        frozenset((each.source, spelt(name)) for each in statements for name in _names_of(each.row)),
        frozenset((each.source, home_of(each.row)) for each in statements if each.row.postal is not None),
        frozenset(told_of(statements, places_of(each.row for each in statements))),
    )


def _of_its_own(others: _Words, made: Make | None) -> Make:
    """The record without what was said of the other child alone; then as its own sources have it, where any spoke."""

    def make(stored: Values) -> Values:
        left = replace(
            stored,
            names=_names_left(stored, others),
            addresses=_addresses_left(stored, others),
            involvements=tuple(each for each in stored.involvements if not others.has_place(each[1])),
            said_by=UNSAID,
        )
        return left if made is None else made(left)

    return make


def _names_left(stored: Values, others: _Words) -> tuple[tuple[NameKind, Name], ...]:
    """Where the name that counts goes, the last that counted before it counts again."""
    left = [(kind, name) for kind, name in stored.names if not others.has_name(name)]
    if any(kind == NameKind.LEGAL for kind, _name in left):
        return tuple(left)
    former = next((each for each in left if each[0] == NameKind.FORMER), None)
    if former is None:
        return stored.names
    left.remove(former)
    return ((NameKind.LEGAL, replace(former[1], valid_to=None)), *left)


def _addresses_left(stored: Values, others: _Words) -> tuple[Address, ...]:
    """Where the present home goes, the child is known to live where it was before."""
    left = [each for each in stored.addresses if not others.has_home(each)]
    if left and left[0] != stored.addresses[0]:
        left[0] = replace(left[0], state=AddressState.CURRENT, valid_to=None)
    return tuple(left)


def _names_of(row: Row) -> Sequence[RowName]:
    return (row.name, *row.known_as, *row.former)
