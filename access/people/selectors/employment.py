"""Whom an organisation employs, as far as this service knows: for its yearly confirmation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Min, Q

from access.models import Organisation, User, UserState, VettingItem, VettingKind
from access.rules.administering import organisations_administered
from access.rules.errors import NotFoundError
from audit.actors import Actor

CONFIRMED = (UserState.ACTIVE, UserState.SUSPENDED)
PEOPLE_ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Employer:
    """An organisation, how many people it confirms, and the day on which the first of their checks runs out."""

    id: int
    name: str
    people: int
    first_expires_on: date | None


@dataclass(frozen=True, slots=True)
class Employed:
    """A person, and until when their employer confirmed them: seen only with the ticket of the reading.

    `is_reader`: it is the administrator who asks.
    """

    id: int
    name: str = field(repr=False)
    role: str
    organisation: str
    is_suspended: bool
    is_reader: bool
    expires_on: date | None = None


def employers_for(actor: Actor) -> list[Employer]:
    """The organisations that the actor administers and that have people, by whose people run out first."""
    theirs = Q(users__state__in=CONFIRMED)
    found = (
        organisations_administered(actor)
        .annotate(
            people=Count("users", filter=theirs, distinct=True),
            first=Min("users__valid_until", filter=theirs),
        )
        .filter(people__gt=0)
        .order_by(F("first").asc(nulls_first=True), "name")
    )
    return [Employer(one.pk, one.name, one.people, one.first) for one in found]


def employed_by(actor: Actor, organisation_id: int) -> list[Employed]:
    """The organisation's people, by name. Raises NotFoundError where the actor does not administer it."""
    organisation = organisations_administered(actor).filter(pk=organisation_id).first()
    if organisation is None:
        raise NotFoundError
    people = User.objects.filter(organisation=organisation, state__in=CONFIRMED)
    found = [_employed(person, organisation, actor) for person in people]
    return sorted(found, key=lambda one: (one.name.casefold(), one.id))


def page_of(people: Sequence[Employed], number: int) -> Page[Employed]:
    """The page of that number; the last, where there are fewer."""
    return Paginator(people, PEOPLE_ON_A_PAGE).get_page(number)


def with_dates(people: Iterable[Employed]) -> list[Employed]:
    """The people, and until when each is confirmed. With the ticket of an event that names them."""
    known = list(people)
    items = VettingItem.objects.filter(user__in=[one.id for one in known], kind=VettingKind.EMPLOYMENT)
    until = dict(items.values_list("user", "expires_on"))
    return [replace(one, expires_on=until.get(one.id)) for one in known]


def _employed(person: User, organisation: Organisation, actor: Actor) -> Employed:
    return Employed(
        id=person.pk,
        name=person.name.open(),
        role=person.role,
        organisation=organisation.name,
        is_suspended=person.state == UserState.SUSPENDED,
        is_reader=person.pk == actor.user_id,
    )
