"""Per-object grants: who administers, applies for or audits which organisation. Asked anew at each use."""

from datetime import date, timedelta

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.utils import timezone

from access.models import Grant, Organisation, OrganisationKind, Role, User

ADMINISTER = "administer_organisation"  # vets, approves, suspends
APPLY = "apply_organisation"  # invites and records evidence; an authority delegates it to one of its organisations
AUDIT = "audit_authority"
OVERRIDE = "override_shield"  # on the holder’s own organisation
STOP_SERVICE = "stop_service"  # on the holder's own authority, though the service is everybody's

IN_WORDS = {
    ADMINISTER: "Vets, approves and suspends its people",
    APPLY: "Invites its people and records their evidence",
    AUDIT: "Reads its access log",
    OVERRIDE: "Opens protected records in an emergency",
    STOP_SERVICE: "Stops the whole service in an emergency",
}

GRANTED_FOR = timedelta(days=365)
OVERRIDE_FOR = timedelta(days=182)
# Whose practitioners may be granted to override: the police, and authorities for their social workers.
OVERRIDING = (OrganisationKind.AUTHORITY, OrganisationKind.POLICE)
OF_ROLES = {Role.ADMINISTRATOR: ADMINISTER, Role.AUDITOR: AUDIT}


def for_role(role: str, organisation: Organisation) -> str | None:
    """What somebody in that role is granted on their own organisation: something on an authority, else nothing."""
    return OF_ROLES.get(Role(role)) if organisation.kind == OrganisationKind.AUTHORITY else None


def may_be_granted_to_override(role: str, kind: str) -> bool:
    """Whether somebody in that role, at that kind of organisation, may be granted to override shields."""
    return role == Role.PRACTITIONER and kind in OVERRIDING


def may_override(user_id: int) -> bool:
    """Whether the user was granted to override shields. The database asks again (access_may_override)."""
    return held(user_id, OVERRIDE, today=timezone.localdate()).filter(content_object__kind__in=OVERRIDING).exists()


def grant(
    user: User, what: str, organisation: Organisation, *, expires_on: date | None = None, given_by: int | None = None
) -> Grant:
    """Grant `user` that on `organisation` through `expires_on`, a year from today if nothing is said.

    Whoever was granted it before is granted it until then instead.
    """
    until = expires_on or timezone.localdate() + GRANTED_FOR
    given: Grant
    given, _ = Grant.objects.update_or_create(
        user=user,
        permission=Permission.objects.get(content_type__app_label="access", codename=what),
        content_object=organisation,
        defaults={"expires_on": until, "given_by_id": given_by},
    )
    return given


def held(user_id: int, *whats: str, today: date) -> QuerySet[Grant]:
    """The user's grants of any of those kinds that are in force."""
    grants: QuerySet[Grant] = Grant.objects.filter(
        user_id=user_id, permission__codename__in=whats, expires_on__gte=today
    )
    return grants


def authorities_audited(user_id: int) -> list[int]:
    """Ids of the authorities whose log the user may read today."""
    return list(held(user_id, AUDIT, today=timezone.localdate()).values_list("content_object_id", flat=True))
