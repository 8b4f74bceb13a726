"""Whom an administrator looks after: the organisations granted to them and those that these answer for."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet

from access.models import Organisation, User
from access.rules import grants
from access.rules.decisions import check_can
from access.rules.errors import NotAdministeredError, NotFoundError, NotPermittedError, OwnCaseError
from access.rules.roles import Permission
from audit.actors import Actor, Process
from audit.errors import refusals

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
    """What `actor` decides and applies for today. One query, and from then on the database shows whom that concerns.

    Raises NoLiveSessionError where their session has ended.
    """
    with refusals(), connection.cursor() as cursor:
        cursor.execute("SELECT organisation_id, what FROM access_show_reach(%s)", [actor.session_key])
        return Reach(cursor.fetchall())


def organisations_administered(actor: Actor, *whats: str) -> QuerySet[Organisation]:
    """The organisations for which `actor` holds one of `whats` today; ADMINISTER unless said otherwise."""
    return reach_of(actor).organisations(*whats)


def own_organisation_administered(actor: Actor) -> Organisation | None:
    """The organisation that the actor works for, where they administer it."""
    return organisations_administered(actor).filter(pk=actor.organisation_id).first()


def people_administered(actor: Actor, *whats: str) -> QuerySet[User]:
    """The people of those organisations, in whatever state."""
    return reach_of(actor).people(*whats)


def administrators_of(organisation: Organisation) -> list[int]:
    """Ids of those who decide this very moment about the people of an organisation within the reader's reach.

    The database's own answer: they may be people of its authority, whom the reader does not see.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_administrators_of(%s)", [organisation.pk])
        return [user_id for (user_id,) in cursor.fetchall()]


def user_to_administer(actor: Actor | Process, user_id: int) -> User:
    """The user, locked, for a decision. Raises NotAdministeredError, NotPermittedError, OwnCaseError."""
    return _user(actor, user_id, DECIDING, Permission.PEOPLE_DECIDE)


def user_to_apply_for(actor: Actor | Process, user_id: int) -> User:
    """The user, locked, for a step before the decision, which may be delegated. Raises as `user_to_administer`."""
    return _user(actor, user_id, APPLYING, Permission.PEOPLE_INVITE)


def user_to_stop(actor: Actor, user_id: int) -> User:
    """The user, locked, for an auditor of their authority to suspend. Raises NotFoundError, OwnCaseError."""
    if actor.user_id == user_id:
        raise OwnCaseError
    users: QuerySet[User] = User.objects.select_for_update()
    user = users.filter(pk=user_id).first()
    if user is None or user.organisation.authority_id not in grants.authorities_audited(actor.user_id):
        raise NotFoundError
    return user


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
