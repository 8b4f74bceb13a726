"""Children for whom shields are asked for, and the people who ask and decide."""

from dataclasses import dataclass

from access.models import Organisation, Role, User
from audit.actors import Actor
from audit.reasons import Reason, ShieldAsker, ShieldDecision, ShieldIdentity, ShieldLifting, ShieldReason
from registry.actions.finding import open_record
from registry.actions.shields import (
    Wanted,
    approve_shield,
    ask_lifting,
    ask_shield,
    decide_shield,
    read_shield,
)
from registry.models import Child, Shield, ShieldRequest
from registry.worker import refiling
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry.people import Town

WANTED = Wanted(ShieldReason.REFUGE, ShieldAsker.CARER, ShieldIdentity.KNOWN, urgent=False)
URGENT = Wanted(ShieldReason.ABUSE, ShieldAsker.CARER, ShieldIdentity.NOT_YET, urgent=True)


@dataclass(frozen=True)
class Office:
    """A town whose authority has two administrators more, and one child."""

    town: Town
    child: Child
    decider: User
    approver: User

    def asker(self, who: str = "social_worker") -> Actor:
        """Somebody who has the record open."""
        actor = self.town.actor(who)
        open_record(actor=actor, child_id=self.child.pk, reason=Reason.SAFEGUARDING)
        return actor

    def asked(self, wanted: Wanted = WANTED, *, by: str = "social_worker") -> ShieldRequest:
        return request(ask_shield(actor=self.asker(by), child_id=self.child.pk, wanted=wanted))

    def shield(self) -> Shield | None:
        """The one in force."""
        with as_owner_here():
            return Shield.objects.filter(child=self.child, ended_on=None).first()


def shields_of_each_kind(authority: Organisation, first: Actor, third: Actor) -> None:
    """Four children: asked for, decided by `first`, shielded, and of whom `first` asked that the shield be lifted."""
    with as_owner_here():
        children = factories.children(*(factories.draft(authority=authority) for _ in range(4)))
        worker = factories.user(works_for=authority)
    actor = factories.actor_for(worker)
    for place, child in enumerate(children):
        open_record(actor=actor, child_id=child.pk, reason=Reason.SAFEGUARDING)
        asked = ask_shield(actor=actor, child_id=child.pk, wanted=URGENT)
        about = {"child_id": child.pk, "request_id": asked}
        if place > 0:
            decide_shield(actor=first, **about, decision=ShieldDecision.PROTECT, seen=0)
        if place > 1:
            approve_shield(actor=third, **about, seen=1)
        if place > 2:
            (shield,) = read_shield(actor=first, child_id=child.pk).shields
            why = ShieldLifting.RISK_OVER
            ask_lifting(actor=first, child_id=child.pk, shield_id=shield.pk, why=why, seen=shield.steps)


def build_office(town: Town, child: Child) -> Office:
    """Make it. Call it as the owner."""
    administrators = [factories.user(works_for=town.authority, role=Role.ADMINISTRATOR) for _ in range(2)]
    return Office(town, child, *administrators)


def request(request_id: int) -> ShieldRequest:
    with as_owner_here():
        return ShieldRequest.objects.get(pk=request_id)


def file_shielded() -> int:
    """As the worker does every two seconds."""
    with as_worker():
        return refiling.file_shielded()
