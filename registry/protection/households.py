"""A shield is taken over by the other children of the home: the address of a brother or sister would tell. And by other
records of the same child, under any of their names: in March 2009 such a one stood open beside the shielded one.

By the worker, which alone opens addresses: beside each shield that was asked for, and wherever a record is added. Each
gets a shield of their own, which the administrators of their authority see, review and lift as all others.

A home is flat, house, street and postcode. Where more than MOST_OF_A_HOME children live it is a refuge, a hostel or a
tower that is written without its flats: there only those take a shield over who have a family name, a guardian or a
guardian's telephone number in common with the child. What the others' records show is where they live, and nothing that
leads to this child; and one false word must not hide a whole street. It is logged, so that somebody asks the refuge
about the others.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, timedelta

import structlog
from django.db import connection, transaction
from django.utils import timezone

from audit.actors import Process
from audit.events import EventKind
from audit.recorder import About, record, record_each
from encryption.errors import KeyMissingError
from registry.models import Child, ChildAddress, ChildName, Guardian, Shield
from registry.search import index, normalise, phonetics
from registry.search.families import born_as, living_at
from registry.traits import prints
from registry.traits.making import home_of
from registry.traits.rebuilding import details_of
from registry.values import Address, GuardianDetails, Name

logger = structlog.get_logger(__name__)

SHIELDS = "shields"
MOST_OF_A_HOME = 12
REVIEWED_AFTER = timedelta(days=182)
LOCK = 4_302_009  # of PostgreSQL's advisory locks: shared by who adds records, alone by who spreads a shield

Mark = tuple[str, int]
Person = tuple[date, str, str]


@transaction.atomic
def spread(child_id: int) -> int:
    """Shield who lives with a child whose shield was asked for and is not filed yet, and other records of that child.

    Waits for records that are being added, and those that are added next see the shield. Returns how many.
    """
    if not Shield.objects.filter(child=child_id, ended_on=None, filed_at=None, spread=False).exists():
        return 0
    return cover(child_id)


@transaction.atomic
def cover(child_id: int) -> int:
    """Shield who lives with a shielded child, and other records of that child. Returns how many.

    By what a record says that lies under the child's, too: it is theirs as well (docs/adr/0048).
    """
    lock()
    return sum(_cover(each) for each in (child_id, *_lying_under([child_id])))


def _cover(record_id: int) -> int:
    addresses = details_of(ChildAddress, [record_id], present=True)[record_id]
    together = [each for address in addresses for each in _children_at(address) if each != record_id]
    if len(together) > MOST_OF_A_HOME:
        logger.warning("shield.large_home", child=record_id, children=len(together))
        marks = _marks_of([record_id, *together])
        together = [each for each in together if marks[record_id] & marks[each]]
    return shield_each([*together, *_records_beside(record_id)])


def lock() -> None:
    """Wait for records that are being added, and let nobody add or cover any until this transaction ends.

    Before any record is locked, so that nobody waits for somebody who waits for them.
    """
    _lock("pg_advisory_xact_lock")


class Protected:
    """Where shielded children live, and who they are: what a record that is added is held against.

    It opens every name and present address of theirs, of some 55,000 in England: once for all that is added, and not to
    be kept longer. Each transaction that adds asks anew who is shielded, and opens whose record changed since.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], tuple[set[Person], list[int]]] = {}  # by child and version of their row
        self._people: set[Person] = set()
        self._homes: dict[int, list[int]] = {}

    def refresh(self) -> None:
        """All who are shielded now. No shield is spread before the transaction ends: none misses what that adds."""
        _lock("pg_advisory_xact_lock_shared")
        shielded = Shield.objects.filter(ended_on=None).values("child_id")
        # Whatever changes a name or an address counts the version of the child's own row. Two questions, each with an
        # index.
        now = {
            row
            for of in ({"pk__in": shielded}, {"merged_into__in": shielded})
            for row in Child.objects.filter(**of).values_list("pk", "row_version")
        }
        if now == self._known.keys():
            return
        self._known = {each: self._known[each] for each in self._known.keys() & now}
        self._known |= _people_and_homes(now - self._known.keys())
        self._people = {person for people, _homes in self._known.values() for person in people}
        self._homes = {}
        for (child_id, _version), (_people, homes) in self._known.items():
            for home in homes:
                self._homes.setdefault(home, []).append(child_id)

    def covers(
        self, *, born: date, names: Sequence[Name], addresses: Sequence[Address], guardians: Sequence[GuardianDetails]
    ) -> bool:
        """Whether the child lives with a shielded one, or is one."""
        if self._people.intersection(_persons(born, names)):
            return True
        home = _home(addresses)
        there = self._homes.get(home, []) if home else []
        if not there or len(_children_at(addresses[0])) + len(there) <= MOST_OF_A_HOME:
            return bool(there)
        own = _marks(names, guardians)
        return any(own & marks for marks in _marks_of(there).values())


def _people_and_homes(wanted: Collection[tuple[int, int]]) -> dict[tuple[int, int], tuple[set[Person], list[int]]]:
    """Who these children are, and where they live; of each the version of the row is told that was read."""
    births = dict[int, date]()
    read = dict[int, int]()
    for child in Child.objects.filter(pk__in=[child_id for child_id, _version in wanted]):
        read[child.pk] = child.row_version
        with suppress(KeyMissingError):  # of a row that is destroyed tonight, and must not keep others from being added
            births[child.pk] = child.date_of_birth.open()
    names, addresses = details_of(ChildName, list(births)), details_of(ChildAddress, list(births), present=True)
    return {
        (child_id, version): (
            set(_persons(births[child_id], names[child_id])),
            [home for address in addresses[child_id] if (home := _home([address]))],
        )
        if child_id in births
        else (set(), [])
        for child_id, version in read.items()
    }


def record_spread(children: Iterable[Child]) -> None:
    """That each of them took a shield over."""
    for child in children:
        authority = child.responsible_authority_id
        record(EventKind.SHIELD_SPREAD, About(child_id=child.pk), actor=Process(SHIELDS, None, authority, authority))


def spread_shield(child: Child) -> Shield:
    """The shield that a child takes over today; not stored yet."""
    return _shield(child, spread=True)


@transaction.atomic
def shield_each(children: list[int]) -> int:
    """Shield those who are not. Each is locked first, as by whoever begins or lifts a shield."""
    new = _locked_and_open(children)
    Shield.objects.bulk_create(spread_shield(child) for child in new)
    record_spread(new)
    return len(new)


@transaction.atomic
def begin_each(children: list[int], *, actor: Process) -> int:
    """Shield those who are not, as a supplier asks who keeps back where they are; not whose record is closed.

    Search leaves them out from now on, until the worker files them and shields who lives with them (file_shielded).
    """
    new = [child for child in _locked_and_open(children) if not (child.severed or child.archived)]
    Shield.objects.bulk_create(_shield(child, spread=False) for child in new)
    record_each(EventKind.SHIELD_ASKED, [About(child_id=child.pk) for child in new], actor=actor)
    return len(new)


def _shield(child: Child, *, spread: bool) -> Shield:
    today = timezone.localdate()
    return Shield(
        child=child,
        authority_id=child.responsible_authority_id,
        started_on=today,
        review_on=today + REVIEWED_AFTER,
        spread=spread,
    )


def _locked_and_open(children: list[int]) -> list[Child]:
    """Those who are not shielded, locked."""
    locked = list(Child.objects.select_for_update().filter(pk__in=children).order_by("pk"))
    shielded = _shielded(children)
    return [child for child in locked if child.pk not in shielded]


def _children_at(address: Address) -> list[int]:
    """Children who are not shielded and whose present home that is. Search files no other by where they live."""
    home = home_of(address)
    if not home.home or address.postal is None:
        return []
    epoch = index.serving()
    candidates = _visible(epoch, living_at(address.postal.postcode, timezone.localdate(), epoch.tokeniser))
    found = details_of(ChildAddress, candidates, present=True)
    return sorted(child for child, known in found.items() if any(home_of(each).home == home.home for each in known))


def _records_beside(child_id: int) -> list[int]:
    """Records that are not shielded and say that they are of the same child."""
    born = Child.objects.get(pk=child_id).date_of_birth.open()
    own = set(_persons(born, details_of(ChildName, [child_id])[child_id]))
    epoch = index.serving()
    candidates = _visible(epoch, {token for person in own for token in born_as(*person, epoch.tokeniser)})
    names = details_of(ChildName, candidates)
    births = {child.pk: child.date_of_birth.open() for child in Child.objects.filter(pk__in=candidates)}
    return [each for each in candidates if each != child_id and own.intersection(_persons(births[each], names[each]))]


def _visible(epoch: index.Epoch, tokens: set[int]) -> list[int]:
    """Children who are not shielded and may be filed under these tokens; others by chance."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT search.sharing(%s, %s)", [epoch.number, sorted(tokens)])
        (found,) = cursor.fetchone()
    shielded = _shielded(found)
    return [each for each in found if each not in shielded]


def _lock(function: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [LOCK])


def _lying_under(ids: list[int]) -> list[int]:
    return list(Child.objects.filter(merged_into__in=ids).order_by("pk").values_list("pk", flat=True))


def _home(addresses: Sequence[Address]) -> int:
    """The fingerprint of the present home, which stands first; 0 where none is known."""
    return home_of(addresses[0]).home if addresses else 0


def _shielded(children: list[int]) -> set[int]:
    return set(Shield.objects.filter(child__in=children, ended_on=None).values_list("child_id", flat=True))


def _persons(born: date, names: Iterable[Name]) -> Iterator[Person]:
    """A child under each of their names, by sound: a second record of theirs has one of them, and the date."""
    for name in names:
        given, family = normalise.name_parts(name.given)[:1], normalise.whole_name(name.family)
        yield born, phonetics.sound(given[0]) if given else "", phonetics.sound(family) if family else ""


def _marks_of(children: list[int]) -> dict[int, set[Mark]]:
    names, guardians = details_of(ChildName, children), details_of(Guardian, children)
    return {child: _marks(names[child], guardians[child]) for child in children}


def _marks(names: Iterable[Name], guardians: Sequence[GuardianDetails]) -> set[Mark]:
    """By what members of one family are known in a house of many."""
    families = {found.print for each in names for found in prints.families(each.family)}
    people = {found.print for each in guardians if (found := prints.whole(each.given, each.family))}
    telephones = {prints.telephone(each.telephone) for each in guardians if each.telephone}
    kinds = {"family": families, "guardian": people, "telephone": telephones}
    return {(kind, value) for kind, values in kinds.items() for value in values}
