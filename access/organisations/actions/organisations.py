"""Keeping organisations: accreditation, sites, and what an authority lets one of them do itself."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from access.models import Accreditation, AccreditationEvidence, Grant, Organisation, Role, Site
from access.people.actions.steps import person_of
from access.rules import grants
from access.rules.administering import organisation_to_administer, user_to_administer
from access.rules.decisions import check_can
from access.rules.errors import NotFoundError, OwnCaseError, WrongStateError
from access.rules.roles import Permission
from audit.actors import Actor, Process
from audit.events import EventKind
from audit.recorder import About, record

LONGEST_ACCREDITATION = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class NewAccreditation:
    """On what an organisation is accredited, and until when. `reference`: capitals, digits, dot, slash and hyphen."""

    granted_on: date
    expires_on: date
    evidence: AccreditationEvidence
    reference: str


@dataclass(frozen=True, slots=True)
class NewSite:
    """One of the places at which an organisation works."""

    name: str
    postcode: str
    telephone: str


@transaction.atomic
def accredit(*, actor: Actor | Process, organisation_id: int, new: NewAccreditation) -> Accreditation:
    """Accredit an organisation; its responsible authority vouches. What was there before is in force no longer.

    Raises NotAdministeredError, OwnCaseError for the actor's own organisation. An authority is accredited by a
    process alone: nobody in the service stands above it. Raises ValueError where it would have run out already or hold
    for more than three years: a form asks first.
    """
    if not new.granted_on <= timezone.localdate() <= new.expires_on <= new.granted_on + LONGEST_ACCREDITATION:
        raise ValueError("An accreditation holds today, and for three years at most.")
    organisation = _to_keep(actor, organisation_id)
    if isinstance(actor, Actor) and organisation.pk == actor.organisation_id:
        raise OwnCaseError
    if organisation.responsible_authority_id is None:
        raise OwnCaseError
    record(EventKind.ORGANISATION_ACCREDITED, About(fields=[str(organisation.pk)]), actor=actor)
    return Accreditation.objects.create(
        organisation=organisation,
        granted_on=new.granted_on,
        expires_on=new.expires_on,
        sponsor_id=organisation.responsible_authority_id,
        evidence=new.evidence,
        reference=new.reference,
        recorded_by_id=person_of(actor),
    )


@transaction.atomic
def add_site(*, actor: Actor | Process, organisation_id: int, new: NewSite) -> Site:
    """Add a place at which the organisation works. Raises NotAdministeredError, WrongStateError where it is there."""
    organisation = _to_keep(actor, organisation_id)
    record(EventKind.ORGANISATION_CHANGED, About(fields=[str(organisation.pk), "site"]), actor=actor)
    try:
        with transaction.atomic():
            return Site.objects.create(
                organisation=organisation, name=new.name, postcode=new.postcode, telephone=new.telephone
            )
    except IntegrityError as error:
        raise WrongStateError("This organisation has a site of that name already.") from error


@transaction.atomic
def delegate(*, actor: Actor, organisation_id: int, user_id: int, expires_on: date) -> Grant:
    """Let an administrator of the organisation invite its people and record their evidence, through that day.

    They approve nobody. Raises NotAdministeredError, OwnCaseError, NotFoundError where the person is no administrator
    of that organisation.
    """
    organisation = _to_keep(actor, organisation_id)
    user = user_to_administer(actor, user_id)
    if user.role != Role.ADMINISTRATOR or user.organisation_id != organisation.pk:
        raise NotFoundError
    record(EventKind.GRANT_GIVEN, About(user_id=user.pk, fields=[grants.APPLY]), actor=actor)
    return grants.grant(user, grants.APPLY, organisation, expires_on=expires_on, given_by=actor.user_id)


@transaction.atomic
def end_delegation(*, actor: Actor, organisation_id: int, user_id: int) -> None:
    """Take it back at once. Done twice, it is done once."""
    organisation = _to_keep(actor, organisation_id)
    user = user_to_administer(actor, user_id)
    record(EventKind.GRANT_TAKEN, About(user_id=user.pk, fields=[grants.APPLY]), actor=actor)
    Grant.objects.filter(user=user, content_object=organisation, permission__codename=grants.APPLY).delete()


def _to_keep(actor: Actor | Process, organisation_id: int) -> Organisation:
    if isinstance(actor, Actor):
        check_can(actor, Permission.ORGANISATION_KEEP)
    return organisation_to_administer(actor, organisation_id)
