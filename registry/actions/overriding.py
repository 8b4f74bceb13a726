"""A protected record, opened in an emergency by whoever holds the right to: one view, into which auditors look.

The event, the investigation and the letter to those who decide about the shield are committed before anything is read.
The database shows the record for an opening that it has noted, and for no other (docs/adr/0040).
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from access.rules import grants
from access.rules.decisions import check_can
from access.rules.errors import NotPermittedError
from access.rules.roles import Permission
from audit.actors import Actor
from audit.events import EventKind
from audit.reasons import ShieldOverride
from audit.recorder import About, record, record_first
from audit.tickets import Ticket
from registry import statements
from registry.actions.finding import OVERRIDDEN
from registry.policies.records import child_to_open
from registry.protection.investigated import overrides_by
from registry.record import Identity, Record
from registry.selectors.records import identity_of, record_of


class NotOverriddenError(Exception):
    """The second factor was not shown anew for it, or the child is not protected any more. Nothing was shown."""


@dataclass(frozen=True, slots=True)
class Warned:
    """The child whose record is about to be opened in an emergency."""

    identity: Identity
    shielded: bool


def check_may_override(actor: Actor) -> None:
    """Raise NotPermittedError unless the actor looks children up in their own name, and was granted it."""
    check_can(actor, Permission.SHIELD_OVERRIDE)
    if not grants.may_override(actor.user_id):
        raise NotPermittedError


def may_override(actor: Actor) -> bool:
    """As `check_may_override`."""
    try:
        check_may_override(actor)
    except NotPermittedError:
        return False
    return True


def has_confirmed_for(child_id: int) -> bool:
    """Whether the person of the session has shown their second factor for this child, after all that they overrode."""
    return bool(statements.value("SELECT registry_may_override_now(%s)", child_id))


def warn(*, actor: Actor, child_id: int) -> Warned:
    """Who the child is, and whether they are protected, before a warning. Recorded as shown.

    What is confirmed from then on is for this child.
    """
    check_may_override(actor)
    ticket = record_first(EventKind.CHILD_SHOWN, About(child_id=child_id), actor=actor)
    child = child_to_open(ticket, child_id)
    return Warned(identity_of(child, today=timezone.localdate()), child.shielded)


def open_in_emergency(*, actor: Actor, child_id: int, reason: ShieldOverride) -> Record:
    """The whole record of a protected child, once. Raises NotPermittedError, NotOverriddenError, OverBudgetError."""
    check_may_override(actor)
    with transaction.atomic():
        record(EventKind.SHIELD_OVERRIDDEN, About(child_id=child_id, reason=reason), actor=actor)
        opening = About(child_id=child_id, reason=reason, fields=[OVERRIDDEN])
        event_id = record(EventKind.CHILD_OPENED, opening, actor=actor)
        if statements.value(f"SELECT {overrides_by()}()") is not True:
            raise NotOverriddenError
    child = child_to_open(Ticket(event_id, actor.session_key), child_id)
    return record_of(child, actor=actor, today=timezone.localdate())
