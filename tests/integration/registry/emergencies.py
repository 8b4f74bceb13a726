"""Protected children, whoever may open them in an emergency, and whoever has leave to see them."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import F

from access.models import OrganisationKind, Role, Session, User
from access.people.actions.overriding import ask_override, decide_override
from audit.actors import Actor
from audit.reasons import ShieldOverride
from registry.actions.leaves import ask_leave, give_leave
from registry.actions.overriding import open_in_emergency, warn
from registry.actions.shields import read_shield
from registry.models import Child, Shield
from registry.record import Record
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.registry.people import Town, full_draft


@dataclass(frozen=True)
class Refuge:
    """A protected child of a town, two administrators of its authority, and an officer of police elsewhere."""

    town: Town
    child: Child
    first: User
    second: User
    officer: User
    chiefs: tuple[User, User]

    @property
    def shield(self) -> Shield:
        with as_owner_here():
            return Shield.objects.get(child=self.child, ended_on=None)

    def asks(self, person: User, *, by: User | None = None, until: date | None = None) -> int:
        """Ask that the person may see the child; the number of that."""
        actor = factories.actor_for(by or self.first)
        last_day = until or self.shield.review_on
        ask_leave(actor=actor, child_id=self.child.pk, email=person.email.open(), until=last_day)
        return read_shield(actor=actor, child_id=self.child.pk).leaves[-1].id

    def gives(self, person: User, *, until: date | None = None) -> int:
        """Have two administrators give the person leave."""
        number = self.asks(person, until=until)
        actor = factories.actor_for(self.second)
        address = person.email.open()
        give_leave(actor=actor, child_id=self.child.pk, leave_id=number, email=address, seen=0)
        return number

    def allows(self, person: User) -> None:
        """Have two administrators of theirs let the person override shields."""
        asked = ask_override(actor=factories.actor_for(self.chiefs[0]), user_id=person.pk)
        decide_override(actor=factories.actor_for(self.chiefs[1]), approval_id=asked.pk, approved=True)

    def opens(self, actor: Actor, reason: ShieldOverride = ShieldOverride.LIFE) -> Record:
        """As somebody does it page by page: warned, the factor shown, opened."""
        warn(actor=actor, child_id=self.child.pk)
        confirms(actor)
        return open_in_emergency(actor=actor, child_id=self.child.pk, reason=reason)


def confirms(actor: Actor) -> None:
    """The actor shows their second factor, now."""
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute("UPDATE access_session SET confirmed_at = clock_timestamp() WHERE id = %s", [actor.session_id])


def confirmed_before(actor: Actor, minutes: int) -> None:
    """The actor showed it so many minutes earlier than they did."""
    with as_owner_here():
        earlier = F("confirmed_at") - timedelta(minutes=minutes)
        Session.objects.filter(pk=actor.session_id).update(confirmed_at=earlier)


def build_refuge(town: Town) -> Refuge:
    """Make it. Call it as the owner."""
    (child,) = factories.children(full_draft(town, shielded_since=factories.today()))
    elsewhere = factories.organisation(kind=OrganisationKind.AUTHORITY)
    force = factories.organisation(kind=OrganisationKind.POLICE, authority=elsewhere)
    administrators = [factories.user(works_for=town.authority, role=Role.ADMINISTRATOR) for _ in range(2)]
    chiefs = [factories.user(works_for=elsewhere, role=Role.ADMINISTRATOR) for _ in range(2)]
    officer = factories.user(works_for=force, name="Officer of elsewhere")
    return Refuge(town, child, *administrators, officer, (chiefs[0], chiefs[1]))
