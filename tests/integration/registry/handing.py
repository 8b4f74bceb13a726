"""Records handed over as administrators of two councils hand them over, by pages and actions."""

import re
from dataclasses import dataclass

from django.urls import reverse

from access.models import Organisation, OrganisationKind, Role
from audit.actors import Actor
from audit.reasons import HandoverReason
from registry.actions import handovers
from registry.models import Child, Handover
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry.people import Town
from tests.integration.registry.severing import number_of
from tests.integration.registry.visiting import Visitor, main_of, text_of

LIST = reverse("handovers")


@dataclass(frozen=True)
class Border:
    """A town with a child, another council, and an administrator of each at the pages."""

    town: Town
    away: Organisation
    child: Child
    gives: Visitor
    takes: Visitor

    @property
    def number(self) -> str:
        return number_of(self.child.pk)

    def page(self) -> str:
        """The address to which the record's number leads whoever gives it away."""
        found = self.gives.browser.post(LIST, {"number": self.number})
        assert found.status_code == 302, main_of(found)
        return str(found.headers["Location"])

    def offer(self, **changes: str) -> str:
        """Offer the record by the pages. Returns what is shown then."""
        return main_of(self.gives.follow(self.page(), **{"to": str(self.away.pk), "reason": "moved_home", **changes}))

    def offered(self) -> str:
        """The address of the offer, by the list of whoever takes it over."""
        (address,) = set(re.findall(r'href="(/handovers/[^"/]+/)"', text_of(self.takes.get(LIST))))
        return str(address)

    def step(self, visitor: Visitor, step: str, **typed: str) -> str:
        page = text_of(visitor.get(self.offered() if visitor is self.takes else self.page()))
        (address,) = set(re.findall(rf'href="(/handovers/[^"]+/\d+/{step}/)"', page))
        return main_of(visitor.fill(address, **typed))

    def authority(self) -> int:
        with as_worker():
            return Child.objects.get(pk=self.child.pk).responsible_authority_id

    def last(self) -> Handover:
        with as_owner_here():
            return Handover.objects.latest("id")


def build_border(town: Town, child: Child) -> Border:
    """Make it. Call it as the owner."""
    away = factories.organisation(kind=OrganisationKind.AUTHORITY)
    takes = factories.user(role=Role.ADMINISTRATOR, works_for=away)
    return Border(town, away, child, Visitor(town.administrator), Visitor(takes))


def offered_to(authority: Organisation) -> int:
    """An offer to the authority of a child of another, by somebody there. Returns the child's id."""
    with as_owner_here():
        child = factories.child(given="Nadia", family="Rahman")
        giver = factories.user(role=Role.ADMINISTRATOR, works_for=child.responsible_authority)
    offer(factories.actor_for(giver), child.pk, authority)
    return int(child.pk)


def offer(actor: Actor, child_id: int, to: Organisation) -> None:
    """Have the actor look the record up, read who it is, and offer it."""
    handovers.find_own_record(actor=actor, number=number_of(child_id))
    handovers.offer_record(actor=actor, child_id=child_id, to_id=to.pk, reason=HandoverReason.MOVED)
