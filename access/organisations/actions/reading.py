"""Reading about organisations and emergency stops where people are named. Each reading is recorded first."""

from django.db import transaction
from django.utils import timezone

from access.organisations.selectors.organisations import OrganisationPage, organisation_page, own_administrators
from access.organisations.selectors.stops import Stopped, live_stops, shown_stops
from access.people.selectors.people import names_of
from access.rules.administering import APPLYING, DECIDING, organisation_to_administer, user_to_administer
from audit.actors import Actor
from audit.events import EventKind
from audit.recorder import About, record


@transaction.atomic
def read_organisation(*, actor: Actor, organisation_id: int) -> OrganisationPage:
    """All about one organisation, with those who look after it. Raises NotAdministeredError."""
    organisation = organisation_to_administer(actor, organisation_id, *APPLYING)
    record(EventKind.ORGANISATION_READ, About(fields=[str(organisation.pk)]), actor=actor)
    return organisation_page(actor, organisation, today=timezone.localdate())


@transaction.atomic
def read_delegates(*, actor: Actor, organisation_id: int) -> list[tuple[int, str]]:
    """Its administrators to whom the actor may delegate: id and name. Nobody delegates to themselves."""
    organisation = organisation_to_administer(actor, organisation_id, *DECIDING)
    record(EventKind.ORGANISATION_READ, About(fields=[str(organisation.pk)]), actor=actor)
    return [each for each in own_administrators(organisation) if each[0] != actor.user_id]


@transaction.atomic
def read_stops(*, actor: Actor) -> list[Stopped]:
    """What is stopped now, within the actor's reach; the event names the people who are."""
    live = list(live_stops(actor))
    people = [stop.user_id for stop in live if stop.user_id]
    record(EventKind.PEOPLE_LISTED, About(shown=people, fields=["stops"]), actor=actor)
    return shown_stops(actor, live)


@transaction.atomic
def read_name_to_stop(*, actor: Actor, user_id: int) -> str:
    """The name of somebody whom the actor may stop. Raises NotAdministeredError, OwnCaseError."""
    user = user_to_administer(actor, user_id)
    record(EventKind.PEOPLE_LISTED, About(shown=[user.pk], fields=["stops"]), actor=actor)
    return names_of([user.pk])[user.pk]
