"""Systems as administrators see them: all that whoever accredits one has to judge by."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from access.models import ClientSystem, Organisation, Standing, SystemPurpose, Telling
from access.people.selectors.people import names_of
from access.rules.administering import Reach, organisations_administered, own_organisation_administered
from access.rules.errors import NotFoundError
from access.systems import deliveries
from access.systems.deliveries import Delivered
from access.systems.keys import KeyShown, keys_shown
from audit.actors import Actor

WRITTEN = re.compile(r"[A-Za-z0-9_-]{22}")  # as ask_for_system makes them
# Of one that was revoked before anybody accredited it.
REFUSED = "refused"
STATES: dict[str, str] = {
    Standing.GOOD: "Good",
    Standing.WAITING: "Waiting for a second person",
    Standing.EXPIRED: "Run out",
    Standing.REVOKED: "Revoked",
    REFUSED: "Refused",
    Standing.ORGANISATION: "Organisation stopped",
}


@dataclass(frozen=True, slots=True)
class ShownSystem:
    """One system. `purpose` and `state` are in words, and `feed` is the name of the one that it delivers.

    `works`: people work in it. `waits`: somebody may still accredit it. `own`: the reader asked for it.
    `telling`: how it goes with telling it something, once that was tried.
    """

    id: int
    client_id: str
    name: str
    organisation: str
    purpose: str
    works: bool
    feed: str
    addresses: Sequence[str]
    telling_address: str
    telling: Telling | None
    keys: Sequence[KeyShown]
    until: date
    asked_by: str
    asked_at: datetime
    accredited_by: str
    accredited_at: datetime | None
    revoked_at: datetime | None
    state: str
    is_good: bool
    waits: bool
    own: bool


@dataclass(frozen=True, slots=True)
class Asking:
    """For which organisation somebody asks: `own` unless they say another; `only` where they look after no other.

    `feeds` are those that a system of theirs could deliver.
    """

    own: Organisation | None
    only: bool
    feeds: Sequence[Delivered]


def systems_of(actor: Actor) -> QuerySet[ClientSystem]:
    """The systems of the organisations that the actor administers."""
    systems = ClientSystem.objects.filter(organisation__in=organisations_administered(actor))
    return systems.select_related("organisation")


def system_called(client_id: str) -> ClientSystem | None:
    """The system that names itself so, good or not. Where people sign in."""
    if not WRITTEN.fullmatch(client_id):
        return None
    return ClientSystem.objects.select_related("organisation").filter(client_id=client_id).first()


def standing_of(system: ClientSystem, person_id: int | None = None) -> Standing:
    """Whether the system is good; with a person, whether it is for them. Where people sign in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_system_standing(%s, %s)", [system.pk, person_id])
        (standing,) = cursor.fetchone()
        return Standing(standing)


def asking(actor: Actor) -> Asking:
    """For which organisation the actor asks that a system be accredited."""
    some = list(organisations_administered(actor)[:2])
    only = len(some) == 1
    return Asking(some[0] if only else own_organisation_administered(actor), only, deliveries.feeds())


def systems_shown(actor: Actor) -> list[ShownSystem]:
    """The systems of the organisations that the actor administers, newest first."""
    return _shown(actor, systems_of(actor).order_by("-asked_at", "-pk"))


def system_shown(actor: Actor, system_id: int) -> ShownSystem:
    """That one of them. Raises NotFoundError where there is none."""
    shown = _shown(actor, systems_of(actor).filter(pk=system_id))
    if not shown:
        raise NotFoundError
    return shown[0]


def name_of_system(actor: Actor, system_id: int) -> str:
    """What people call it, where the actor administers its organisation; else that there is one."""
    system = systems_of(actor).filter(pk=system_id).first()
    return system.name.open() if system else "a system of another organisation"


def systems_waiting(actor: Actor, reach: Reach) -> int:
    """How many systems that somebody else asked for wait for the actor, who administers their organisations."""
    ours = ClientSystem.objects.filter(organisation__in=reach.organisations())
    waiting = ours.filter(accredited_at=None, revoked_at=None, accredited_until__gte=timezone.localdate())
    return waiting.exclude(asked_by=actor.user_id).count()


def _shown(actor: Actor, systems: QuerySet[ClientSystem]) -> list[ShownSystem]:
    found = list(systems)
    standings = _standings([system.pk for system in found])
    people = {person for system in found for person in (system.asked_by_id, system.accredited_by_id) if person}
    names = names_of(people)
    feeds = {each.id: each.name for each in deliveries.feeds()} if any(each.feed for each in found) else {}
    tellings = Telling.objects.in_bulk([system.pk for system in found])
    shown = []
    for system in found:
        standing = _standing(system, standings[system.pk])
        shown.append(
            ShownSystem(
                id=system.pk,
                client_id=system.client_id,
                name=system.name.open(),
                organisation=system.organisation.name,
                purpose=SystemPurpose(system.purpose).label,
                works=system.purpose == SystemPurpose.PEOPLE,
                feed=feeds.get(system.feed, f"Feed {system.feed}") if system.feed else "",
                addresses=system.addresses,
                telling_address=system.telling_address,
                telling=tellings.get(system.pk),
                keys=keys_shown(system.keys),
                until=system.accredited_until,
                asked_by=names[system.asked_by_id],
                asked_at=system.asked_at,
                accredited_by=names[system.accredited_by_id] if system.accredited_by_id else "",
                accredited_at=system.accredited_at,
                revoked_at=system.revoked_at,
                state=STATES[standing],
                is_good=not standing,
                waits=standing == Standing.WAITING,
                own=system.asked_by_id == actor.user_id,
            )
        )
    return shown


def _standing(system: ClientSystem, told: str) -> str:
    """The database's word, and of one that nobody accredited, why nobody can any more."""
    if told == Standing.REVOKED and system.accredited_at is None:
        return REFUSED
    if told == Standing.WAITING and system.accredited_until < timezone.localdate():
        return Standing.EXPIRED
    return told


def _standings(ids: Sequence[int]) -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, standing FROM access_system_standings(%s)", [list(ids)])
        return dict(cursor.fetchall())
