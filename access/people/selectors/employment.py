"""Whom an organisation employs, as far as this service knows: for its yearly confirmation."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, FilteredRelation, Min, Q, QuerySet

from access.models import Organisation, User, UserState, VettingKind
from access.rules.administering import organisations_administered
from access.rules.errors import NotFoundError
from audit.actors import Actor

CONFIRMED = (UserState.ACTIVE, UserState.SUSPENDED)


@dataclass(frozen=True, slots=True)
class Employer:
    """An organisation, how many people it confirms, and when the first of them runs out."""

    id: int
    name: str
    people: int
    first_expires_on: date | None


@dataclass(frozen=True, slots=True)
class Employed:
    """A person, and until when their employer confirmed them. `is_reader`: it is the administrator who asks."""

    id: int
    name: str = field(repr=False)
    role: str
    organisation: str
    is_suspended: bool
    is_reader: bool
    expires_on: date | None


def employers_for(actor: Actor) -> list[Employer]:
    """The organisations that the actor administers and that have people, by whose people run out first."""
    theirs = Q(users__state__in=CONFIRMED)
    confirmed = Q(users__vetting_items__kind=VettingKind.EMPLOYMENT)
    found = (
        organisations_administered(actor)
        .annotate(
            people=Count("users", filter=theirs, distinct=True),
            first=Min("users__vetting_items__expires_on", filter=theirs & confirmed),
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
    found = [_employed(person, organisation, actor) for person in _people_of(organisation)]
    return sorted(found, key=lambda one: (one.name.casefold(), one.id))


def _people_of(organisation: Organisation) -> QuerySet[User]:
    employment = FilteredRelation("vetting_items", condition=Q(vetting_items__kind=VettingKind.EMPLOYMENT))
    people: QuerySet[User] = User.objects.filter(organisation=organisation, state__in=CONFIRMED).annotate(
        employment=employment, confirmed_until=F("employment__expires_on")
    )
    return people


def _employed(person: User, organisation: Organisation, actor: Actor) -> Employed:
    return Employed(
        id=person.pk,
        name=person.name.open(),
        role=person.role,
        organisation=organisation.name,
        is_suspended=person.state == UserState.SUSPENDED,
        is_reader=person.pk == actor.user_id,
        expires_on=person.confirmed_until,  # type: ignore[attr-defined]  # annotated above
    )
