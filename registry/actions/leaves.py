"""Leave for somebody by name to see a shielded child: one asks, another gives, and one alone takes it away.

The database takes each step from its event, as those of a shield (docs/adr/0040).
"""

from datetime import date

from django.db import transaction

from access.models.user import email_fingerprint
from access.rules.decisions import check_can
from access.rules.errors import OwnCaseError, WrongStateError
from access.rules.roles import Permission
from audit.actors import Actor
from audit.events import EventKind
from audit.recorder import About, record, record_first
from registry import statements
from registry.actions.shields import read_shield
from registry.actions.steps import check_seen, find, take_step
from registry.selectors.leaves import Leave, person_with_address

NOBODY = (
    "Nobody who can look children up today signs in with this e-mail address. Ask them which one they use, and whether "
    "their access works"
)
NOT_ASKED = (
    "This person may see the record already, or that waits for another administrator, or the details are not protected "
    "any more. Nothing was changed."
)
SAME_PERSON = "This is not the address of the person for whom it was asked. Ask whoever asked for it"


class UnknownPersonError(Exception):
    """Nobody to whom leave can be given signs in by that address, or it is somebody else than was named."""


def ask_leave(*, actor: Actor, child_id: int, email: str, until: date) -> None:
    """Ask that whoever signs in by the address may still see the child, through that day. Another person gives it.

    Raises UnknownPersonError, NotFoundError where the actor does not decide about the child, and WrongStateError where
    they have leave, it waits, the child is not shielded, or the day is later than the next review.
    """
    if read_shield(actor=actor, child_id=child_id).in_force is None:
        raise WrongStateError(NOT_ASKED)
    person_id = _named(actor, child_id, email)
    about = About(child_id=child_id, user_id=person_id, fields=[f"until.{until.isoformat()}"])
    with transaction.atomic():
        record(EventKind.SHIELD_GRANT_ASKED, about, actor=actor)
        if statements.value("SELECT registry_leave_ask()") is None:
            raise WrongStateError(NOT_ASKED)


def give_leave(*, actor: Actor, child_id: int, leave_id: int, email: str, seen: int) -> None:
    """Give what another asked for, to whoever signs in by the address: both have named the same person.

    Raises UnknownPersonError, OwnCaseError for whoever asked, ChangedError.
    """
    leave = _leave(actor, child_id, leave_id)
    check_seen(leave, seen, stands=not leave.outcome)
    if leave.asked_by_id == actor.user_id:
        raise OwnCaseError
    if _named(actor, child_id, email) != leave.user_id:
        raise UnknownPersonError(SAME_PERSON)
    _step(EventKind.SHIELD_GRANTED, leave, actor=actor)


def refuse_leave(*, actor: Actor, child_id: int, leave_id: int, seen: int) -> None:
    """Refuse what was asked for, or take back what the actor asked for. Raises ChangedError."""
    leave = _leave(actor, child_id, leave_id)
    check_seen(leave, seen, stands=not leave.outcome)
    _step(EventKind.SHIELD_GRANT_REFUSED, leave, actor=actor)


def take_leave(*, actor: Actor, child_id: int, leave_id: int, seen: int) -> None:
    """Take leave away, at once. Raises ChangedError."""
    leave = _leave(actor, child_id, leave_id)
    check_seen(leave, seen, stands=leave.in_force)
    _step(EventKind.SHIELD_GRANT_TAKEN, leave, actor=actor)


def _named(actor: Actor, child_id: int, email: str) -> int:
    check_can(actor, Permission.SHIELD_DECIDE)
    ticket = record_first(EventKind.SHIELD_READ, About(child_id=child_id), actor=actor)
    with ticket.shown():
        person_id = person_with_address(email_fingerprint(email))
    if person_id is None:
        raise UnknownPersonError(NOBODY)
    return person_id


def _leave(actor: Actor, child_id: int, leave_id: int) -> Leave:
    return find(read_shield(actor=actor, child_id=child_id).leaves, leave_id, child_id=child_id)


def _step(kind: EventKind, leave: Leave, *, actor: Actor) -> None:
    about = About(child_id=leave.child_id, user_id=leave.user_id, fields=[f"leave.{leave.id}"])
    statement = "SELECT registry_leave_step(%s, %s)"
    take_step(actor=actor, kind=kind, about=about, statement=statement, told=[leave.id, leave.steps])
