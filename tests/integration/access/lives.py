"""People at each point of their life in the service, and the administrators who bring them there."""

import re
from dataclasses import dataclass
from datetime import date

from django.core import mail

from access.models import Organisation, OrganisationKind, Role, User, VettingDetails, VettingKind
from access.people import agreements
from access.people.actions import inviting
from access.people.actions.deciding import approve
from access.people.actions.inviting import NewPerson, invite, send_invitations
from access.people.actions.vetting import NewItem, record_item, sign_agreement
from audit.actors import Actor, Process
from tests import factories, people
from tests.acting_servers import signing_in
from tests.conftest import as_owner_here, as_worker

AT_THE_DOOR = Process("invitation")
BY_ADMINISTRATORS = [kind for kind in VettingKind if kind != VettingKind.AGREEMENT]
PASSWORD = "three random words"


@dataclass(frozen=True)
class Council:
    """An authority with a school, and three administrators of it, signed in."""

    authority: Organisation
    school: Organisation
    first: Actor
    second: Actor
    third: Actor


def council() -> Council:
    """Make one, as the owner."""
    authority = factories.organisation(kind=OrganisationKind.AUTHORITY)
    school = factories.organisation(authority=authority)
    first, second, third = (factories.user(role=Role.ADMINISTRATOR, works_for=authority) for _ in range(3))
    return Council(authority, school, *(factories.actor_for(each) for each in (first, second, third)))


def new_person(
    works_for: Organisation, *, role: Role = Role.PRACTITIONER, name: str = "Zainab Okonkwo-Hughes"
) -> NewPerson:
    return NewPerson(name=name, email=factories.new_email(), role=role, organisation_id=works_for.pk)


def invited(council: Council, **options: Role) -> User:
    """Invited by the first administrator."""
    return invite(actor=council.first, new=new_person(council.school, **options))


accept, open_invitation = signing_in()(inviting.accept), signing_in()(inviting.open_invitation)


def joining(council: Council, **options: Role) -> User:
    """Has accepted, and nothing else."""
    invited(council, **options)
    return accept(actor=AT_THE_DOOR, secret=mailed_secret(), password=PASSWORD)


def asked_by_the_service(council: Council) -> User:
    """Joining, without any evidence; a process asked and no person."""
    with as_worker():
        invite(actor=factories.SETTING_UP, new=new_person(council.school))
    return accept(actor=AT_THE_DOOR, secret=mailed_secret(), password=PASSWORD)


def brought(council: Council) -> User:
    """Active, all evidence recorded by a process."""
    with as_owner_here():
        return factories.user(works_for=council.school)


def mailed_secret() -> str:
    """The secret of the link that the worker mails to whoever was invited last."""
    with as_worker():
        send_invitations()
    found = re.search(r"/join/([\w-]+)/", str(mail.outbox[-1].body))
    assert found
    return found[1]


def vet(actor: Actor, user: User, *, checked_on: date | None = None) -> None:
    """Record all evidence about them but their signature."""
    for kind in BY_ADMINISTRATORS:
        record_item(actor=actor, user_id=user.pk, item=NewItem(kind, checked_on or factories.today(), VettingDetails()))


def sign(user: User) -> None:
    """Sign in with a password and a second step, for the first time, and sign the agreement."""
    factories.give_second_step(user)
    version = agreements.in_force(today=factories.today()).version
    sign_agreement(actor=factories.actor_for(user), version=version)


def complete(council: Council, **options: Role) -> User:
    """Joining, with everything on the checklist but the approval."""
    user = joining(council, **options)
    vet(council.first, user)
    sign(user)
    return again(user)


def active(council: Council, **options: Role) -> User:
    """Let in by the second administrator."""
    return approve(actor=council.second, user_id=complete(council, **options).pk)


def again(user: User) -> User:
    """The user as the database has them now."""
    return people.one(pk=user.pk)
