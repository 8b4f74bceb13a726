"""The names behind the numbers of the log: of people and organisations, never of a child."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from access.models import ClientSystem, Organisation
from access.people.selectors.people import opened_names
from audit.events import EventKind
from review.selectors.alerts import RaisedOften
from review.selectors.entries import LARGEST_ID, Entry

# As a system is called where it did something itself (access/door/clients.py).
SYSTEM = "system."
# Of these the fields say whose system, and which.
OF_SYSTEMS = (
    EventKind.SYSTEM_ACCREDITED,
    EventKind.SYSTEM_ALLOWED,
    EventKind.SYSTEM_ASKED,
    EventKind.SYSTEM_REVOKED,
    EventKind.SYSTEM_TOKEN_ENDED,
    EventKind.SYSTEM_TOKEN_GIVEN,
)


@dataclass(frozen=True, slots=True)
class Names:
    """Names by id. Each question is always answered: whoever is not there any more, or not told, has a number."""

    people: dict[int, str]
    organisations: dict[int, str]
    systems: dict[int, str]

    def person(self, user_id: int) -> str:
        return self.people.get(user_id, f"user {user_id}")

    def organisation(self, organisation_id: int) -> str:
        return self.organisations.get(organisation_id, f"organisation {organisation_id}")

    def system(self, system_id: int) -> str:
        return self.systems.get(system_id, f"client system {system_id}")


def people_in(entries: Iterable[Entry], alerts: Iterable[RaisedOften] = ()) -> dict[int, str]:
    """The names, by id, of all whom the entries and the alerts tell of. Inside the block that reads the log alone."""
    asked = [[each.id for each in entries], [each.id for each in alerts]]
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, row_version, name FROM review_names_of(%s::bigint[], %s::bigint[])", asked)
        return opened_names(cursor.fetchall())


def names_in(entries: Sequence[Entry], people: dict[int, str], *, employers: bool = False) -> Names:
    """Those names, with those of the organisations that the entries tell of. After the block that reads the log.

    `employers`: also of those for which people did it.
    """
    told = [organisation_of(each) for each in entries]
    if employers:
        told.extend(each.organisation_id for each in entries)
    return Names(people, places_of(told), _systems_named(entries))


def places_of(organisations: Iterable[int | None]) -> dict[int, str]:
    """The names of organisations, which a public directory tells, by id. After the block that reads the log."""
    wanted = {each for each in organisations if each is not None}
    return dict(Organisation.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def _systems_named(entries: Iterable[Entry]) -> dict[int, str]:
    """The names of the client systems that the entries tell of, by id: of organisations that the reader audits."""
    told = (each for entry in entries for each in (system_of(entry), acting_system(entry)))
    wanted = {each for each in told if each is not None}
    found = ClientSystem.objects.filter(pk__in=wanted) if wanted else []
    return {system.pk: system.name.open() for system in found}


def acting_system(entry: Entry) -> int | None:
    """The client system that did it by itself."""
    return _number([entry.process.removeprefix(SYSTEM)]) if entry.process.startswith(SYSTEM) else None


def system_of(entry: Entry) -> int | None:
    """The client system that an event is about, or in which somebody signed in."""
    if entry.kind in OF_SYSTEMS or (entry.kind == EventKind.SIGNED_IN and entry.fields[:1] == ["system"]):
        return _number(entry.fields[1:2])
    return None


def organisation_of(entry: Entry) -> int | None:
    """The organisation that an event is about, which stands among its fields."""
    if entry.kind in (EventKind.STOP_BEGUN, EventKind.STOP_LIFTED):
        named = entry.fields[1:2] if entry.fields[:1] == ["organisation"] else []
    elif entry.kind in (
        EventKind.ORGANISATION_ACCREDITED,
        EventKind.ORGANISATION_CHANGED,
        EventKind.ORGANISATION_READ,
        *OF_SYSTEMS,
    ):
        named = entry.fields[:1]
    elif entry.kind == EventKind.HANDOVER_OFFERED:
        named = [each.removeprefix("authority.") for each in entry.fields[:1]]
    else:
        named = []
    return _number(named)


def _number(named: Sequence[str]) -> int | None:
    number = int(named[0]) if named and named[0].isdecimal() else None
    return number if number is None or number <= LARGEST_ID else None
