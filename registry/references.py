"""References to records in links. See access.references; one made during a mediated call ends with the call."""

from access.door.references import id_of, refer
from audit.actors import Actor
from encryption.seal import Place


def refer_to(actor: Actor, child_id: int) -> str:
    """A reference by which `actor`, in this session and this call, can ask for the child."""
    return refer(_place(actor), child_id)


def child_id_of(actor: Actor, reference: str) -> int:
    """The child that `reference` leads to. Raises NotFoundError unless it was made for this actor, session and call."""
    return id_of(_place(actor), reference)


def _place(actor: Actor) -> Place:
    if actor.colleague:
        return Place("reference in a call", "child", actor.colleague.call_id, actor.session_id)
    return Place("reference", "child", actor.user_id, actor.session_id)
