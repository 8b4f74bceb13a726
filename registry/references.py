"""References to records in links. See access.references; one made during a mediated call ends with the call."""

from uuid import UUID

from access.door.references import id_of, refer, refer_to_bytes, referred_to
from access.rules.errors import NotFoundError
from audit.actors import Actor
from encryption.seal import Place


def refer_to(actor: Actor, child_id: int) -> str:
    """A reference by which `actor`, in this session and this call, can ask for the child."""
    return refer(_place(actor), child_id)


def child_id_of(actor: Actor, reference: str) -> int:
    """The child that `reference` leads to. Raises NotFoundError unless it was made for this actor, session and call."""
    return id_of(_place(actor), reference)


def refer_to_search(actor: Actor, trail: UUID) -> str:
    """A reference by which `actor`, in this session, can say that another search goes on with that one."""
    return refer_to_bytes(_place_of_search(actor), trail.bytes)


def search_of(actor: Actor, reference: str) -> UUID:
    """The trail that `reference` leads to. Raises NotFoundError unless it was made for this actor and session."""
    trail = referred_to(_place_of_search(actor), reference)
    if len(trail) != len(UUID(int=0).bytes):
        raise NotFoundError
    return UUID(bytes=trail)


def _place_of_search(actor: Actor) -> Place:
    return Place("reference", "search", actor.user_id, actor.session_id)


def _place(actor: Actor) -> Place:
    if actor.colleague:
        return Place("reference in a call", "child", actor.colleague.call_id, actor.session_id)
    return Place("reference", "child", actor.user_id, actor.session_id)
