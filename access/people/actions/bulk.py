"""What an employer says of all its people at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from access.models import Role, VettingKind
from access.people.actions.deciding import ask_role, leave
from access.people.actions.vetting import NewItem, record_item
from access.rules.errors import OwnCaseError
from audit.actors import Actor

KEEPS, LEAVES = "keeps", "leaves"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What is said of one person: KEEPS, LEAVES, or the name of the role they have now."""

    user_id: int
    answer: str


@transaction.atomic
def renew_each(*, actor: Actor, confirmations: Sequence[Confirmation]) -> None:
    """Carry out what is said of each of them: all of it or nothing, with an event for each person.

    Who keeps access is confirmed for another year from today. Who leaves has no access from the next request on. A new
    role waits for somebody else to agree, and the person keeps the old one meanwhile. Raises OwnCaseError where the
    actor speaks for themselves, and what the single steps raise: NotAdministeredError, WrongStateError.
    """
    if any(said.user_id == actor.user_id for said in confirmations):
        raise OwnCaseError
    today = timezone.localdate()
    for said in sorted(confirmations, key=lambda each: each.user_id):  # rows are locked in one order
        if said.answer == LEAVES:
            leave(actor=actor, user_id=said.user_id)
            continue
        record_item(actor=actor, user_id=said.user_id, item=NewItem(VettingKind.EMPLOYMENT, checked_on=today))
        if said.answer != KEEPS:
            ask_role(actor=actor, user_id=said.user_id, role=Role(said.answer))
