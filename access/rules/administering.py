"""Whom an administrator looks after: the organisations granted to them and those that these answer for."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from access.models import Grant, Organisation, Role, User, UserState
from access.rules import grants
from access.rules.decisions import check_can
from access.rules.errors import NotAdministeredError, NotPermittedError, OwnCaseError
from access.rules.roles import Permission
from audit.actors import Actor, Process

DECIDING = (grants.ADMINISTER,)
APPLYING = (grants.ADMINISTER, grants.APPLY)


def organisations_administered(actor: Actor, *whats: str) -> QuerySet[Organisation]:
    """The organisations for which `actor` holds one of `whats` today; ADMINISTER unless said otherwise."""
    granted = grants.held(actor.user_id, *(whats or DECIDING), today=timezone.localdate())
    # By number: of a subquery PostgreSQL takes it that it holds most organisations, and reads all people one by one.
    held = list(granted.values_list("content_object_id", flat=True))
    return Organisation.objects.filter(Q(pk__in=held) | Q(responsible_authority__in=held))


def people_administered(actor: Actor, *whats: str) -> QuerySet[User]:
    """The people of those organisations, in whatever state."""
    people: QuerySet[User] = User.objects.filter(organisation__in=organisations_administered(actor, *whats))
    return people


def administrators_of(organisation: Organisation, *, today: date) -> QuerySet[User]:
    """Who can decide about the organisation's people today: granted it or its authority, and let in themselves."""
    where = [organisation.pk, organisation.authority_id]
    granted = Grant.objects.filter(
        content_object__in=where, permission__codename=grants.ADMINISTER, expires_on__gte=today
    )
    people: QuerySet[User] = User.objects.filter(
        pk__in=granted.values("user_id"),
        role=Role.ADMINISTRATOR,
        state=UserState.ACTIVE,
        valid_until__gte=today,
        organisation__accredited_until__gte=today,
        is_stopped=False,
    )
    return people.order_by("pk")


def user_to_administer(actor: Actor | Process, user_id: int) -> User:
    """The user, locked, for a decision. Raises NotAdministeredError, NotPermittedError, OwnCaseError."""
    return _user(actor, user_id, DECIDING, Permission.PEOPLE_DECIDE)


def user_to_apply_for(actor: Actor | Process, user_id: int) -> User:
    """The user, locked, for a step before the decision, which may be delegated. Raises as `user_to_administer`."""
    return _user(actor, user_id, APPLYING, Permission.PEOPLE_INVITE)


def organisation_to_administer(actor: Actor | Process, organisation_id: int, *whats: str) -> Organisation:
    """The organisation. Raises NotAdministeredError where it is none of the actor's."""
    reach = Organisation.objects.all() if isinstance(actor, Process) else organisations_administered(actor, *whats)
    organisation = reach.filter(pk=organisation_id).first()
    if organisation is None:
        raise NotAdministeredError
    return organisation


def _user(actor: Actor | Process, user_id: int, whats: tuple[str, ...], permission: Permission) -> User:
    users: QuerySet[User] = User.objects.select_for_update()
    if isinstance(actor, Process):
        return users.get(pk=user_id)
    check_can(actor, permission)
    if actor.user_id == user_id:
        raise OwnCaseError
    user = users.filter(pk=user_id, organisation__in=organisations_administered(actor, *APPLYING)).first()
    if user is None:
        raise NotAdministeredError
    if not organisations_administered(actor, *whats).filter(pk=user.organisation_id).exists():
        raise NotPermittedError
    return user
