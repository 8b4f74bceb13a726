"""References to feeds, batches and doubtful matches in links (access/door/references.py)."""

from enum import StrEnum

from access.door.references import id_of, refer
from audit.actors import Actor
from encryption.seal import Place


class Thing(StrEnum):
    """What a link of these pages leads to."""

    FEED = "feed"
    BATCH = "batch"
    MATCH = "match"


def refer_to(actor: Actor, thing: Thing, number: int) -> str:
    """A reference by which `actor`, in this session, can ask for it."""
    return refer(_place(actor, thing), number)


def number_of(actor: Actor, thing: Thing, reference: str) -> int:
    """Where `reference` leads. Raises NotFoundError unless it was made for this actor and session."""
    return id_of(_place(actor, thing), reference)


def _place(actor: Actor, thing: Thing) -> Place:
    return Place("reference", str(thing), actor.user_id, actor.session_id)
