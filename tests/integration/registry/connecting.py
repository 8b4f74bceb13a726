"""Children with sensitive services, somebody who asks for a connection, and the administrators who make it."""

from dataclasses import dataclass

from access.models import Organisation, Role, User
from audit.actors import Actor
from audit.reasons import ConnectionOutcome, ConnectionReason, ConnectionSoon, ConnectionStep, Reason
from registry.actions import connections
from registry.actions.connections import Wanted
from registry.actions.finding import open_record
from registry.models import Child, ConnectionRequest
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.registry.people import Town

RUNG_ON = "+441614960777"
WANTED = Wanted(ConnectionReason.SAFETY, ConnectionSoon.DAYS, RUNG_ON)


@dataclass(frozen=True)
class Desk:
    """A town whose authority has two administrators who make connections, and one child."""

    town: Town
    child: Child
    first: User
    second: User

    def asker(self, who: str = "social_worker") -> Actor:
        """Somebody who has the record open."""
        actor = self.town.actor(who)
        open_record(actor=actor, child_id=self.child.pk, reason=Reason.SAFEGUARDING)
        return actor

    def asked(self, *, by: str = "social_worker", wanted: Wanted = WANTED) -> ConnectionRequest:
        connections.ask_connection(actor=self.asker(by), child_id=self.child.pk, wanted=wanted)
        return newest()

    def note(self, request: ConnectionRequest, step: ConnectionStep = ConnectionStep.RANG, *, seen: int = 0) -> None:
        connections.note_step(actor=self.maker(), **self._about(request), step=step, seen=seen)

    def close(
        self, request: ConnectionRequest, outcome: ConnectionOutcome = ConnectionOutcome.WILL_RING, *, seen: int = 0
    ) -> None:
        connections.close_connection(actor=self.maker(), **self._about(request), outcome=outcome, seen=seen)

    def maker(self) -> Actor:
        return factories.actor_for(self.first)

    def _about(self, request: ConnectionRequest) -> dict[str, int]:
        return {"child_id": request.child_id, "request_id": request.pk}


def build_desk(town: Town, child: Child) -> Desk:
    """Make it. Call it as the owner."""
    return Desk(town, child, *(factories.user(works_for=town.authority, role=Role.ADMINISTRATOR) for _ in range(2)))


def newest() -> ConnectionRequest:
    with as_owner_here():
        return ConnectionRequest.objects.order_by("pk").last()  # type: ignore[return-value]


def connection_asked_for(authority: Organisation) -> None:
    """A child of the authority about whom somebody asked."""
    with as_owner_here():
        (child,) = factories.children(factories.draft(authority=authority, given="Nadia", family="Rahman"))
        worker = factories.user(works_for=authority)
    actor = factories.actor_for(worker)
    open_record(actor=actor, child_id=child.pk, reason=Reason.SAFEGUARDING)
    connections.ask_connection(actor=actor, child_id=child.pk, wanted=WANTED)
