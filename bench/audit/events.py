"""Events as our software makes them: numbered, authenticated, in the form that the database takes."""

from typing import Any
from uuid import UUID

from audit.actors import Actor
from audit.encoding import to_json, written
from audit.events import EventKind, Outcome
from audit.reasons import Reason
from encryption.authentication import authenticate

NOTHING: dict[str, Any] = {
    "request_id": None,
    "child_id": None,
    "user_id": None,
    "reason": "",
    "shown": [],
    "fields": [],
    "trail": None,
    "criteria": None,
    "voided": [],
}


def values(kind: EventKind, actor: Actor, writer: UUID, number: int, **about: Any) -> dict[str, Any]:
    """The columns of an event that its writer knows, its tag among them."""
    told = {
        "kind": kind.value,
        "outcome": Outcome.DONE.value,
        "actor_id": actor.user_id,
        "process": "",
        "role": actor.role,
        "organisation_id": actor.organisation_id,
        "authority_id": actor.authority_id,
        "session_id": actor.session_id,
        "writer": writer,
        "number": number,
        **NOTHING,
        "request_id": actor.request_id,
        **about,
    }
    return told | {"authentication": authenticate(written(told))}


def opening(actor: Actor, writer: UUID, number: int, child_id: int) -> dict[str, Any]:
    """An event that tells of a record opened."""
    reason = Reason.COOPERATION.value
    return values(EventKind.CHILD_OPENED, actor, writer, number, child_id=child_id, reason=reason)


def told(event: dict[str, Any]) -> str:
    """The event as `audit_record` takes it."""
    return to_json(event)
