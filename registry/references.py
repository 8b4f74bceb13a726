"""References to children in links, as access.references has them for people: for one user in one session only."""

from access.references import id_of, refer
from audit.actors import Actor
from encryption import seal


def refer_to(actor: Actor, child_id: int) -> str:
    """A reference by which `actor`, in this session, can ask for the child."""
    return refer(_place(actor), child_id)


def child_id_of(actor: Actor, reference: str) -> int:
    """The child that `reference` leads to. Raises NotFoundError unless it was made for this actor and session."""
    return id_of(_place(actor), reference)


def _place(actor: Actor) -> seal.Place:
    return seal.Place("reference", "child", actor.user_id, actor.session_id)
