"""Whom an administrator looks after: the organisations granted to them and those that these answer for."""

from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Reach:
    """The organisations for which somebody is granted something today, asked once for whatever follows from it.

    By number: of a subquery PostgreSQL takes it that it holds most organisations, and reads all people one by one.
    """

    granted: Sequence[tuple[int, str]]

    def organisations(self, *whats: str) -> QuerySet[Organisation]:
        """Those for which one of `whats` is granted; ADMINISTER unless said otherwise."""
        held = [organisation for organisation, what in self.granted if what in (whats or DECIDING)]
        return Organisation.objects.filter(Q(pk__in=held) | Q(responsible_authority__in=held))

    def people(self, *whats: str) -> QuerySet[User]:
        """The people of those organisations, in whatever state."""
        people: QuerySet[User] = User.objects.filter(organisation__in=self.organisations(*whats))
        return people


def reach_of(actor: Actor) -> Reach:
    """What `actor` decides and applies for today. One query."""
    held = grants.held(actor.user_id, *APPLYING, today=timezone.localdate())
    return Reach(list(held.values_list("content_object_id", "permission__codename")))


def organisations_administered(actor: Actor, *whats: str) -> QuerySet[Organisation]:
    """The organisations for which `actor` holds one of `whats` today; ADMINISTER unless said otherwise."""
    return reach_of(actor).organisations(*whats)


def own_organisation_administered(actor: Actor) -> Organisation | None:
    """The organisation that the actor works for, where they administer it."""
    return organisations_administered(actor).filter(pk=actor.organisation_id).first()


def people_administered(actor: Actor, *whats: str) -> QuerySet[User]:
    """The people of those organisations, in whatever state."""
    return reach_of(actor).people(*whats)


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
    reach = reach_of(actor)
    user = users.filter(pk=user_id, organisation__in=reach.organisations(*APPLYING)).first()
    if user is None:
        raise NotAdministeredError
    if not reach.organisations(*whats).filter(pk=user.organisation_id).exists():
        raise NotPermittedError
    return user
