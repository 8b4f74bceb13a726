"""How good what a supplier sends is: read by those who keep the feed."""

from dataclasses import dataclass

from access.rules.decisions import check_can
from access.rules.errors import NotFoundError
from access.rules.roles import Permission
from audit.actors import Actor
from audit.events import EventKind
from audit.recorder import record_first
from feeds.rules.quality import Figures
from feeds.selectors import batches, quality
from feeds.selectors.batches import Feed

LATEST = 12


@dataclass(frozen=True, slots=True)
class FeedQuality:
    """A feed, with what is known of its latest batches, the newest first."""

    feed: Feed
    batches: list[Figures]


def read_quality(*, actor: Actor, supplier_id: int) -> FeedQuality:
    """What is known of one feed that the actor keeps. Recorded. Names no child. Raises NotFoundError."""
    check_can(actor, Permission.BATCH_KEEP)
    ticket = record_first(EventKind.BATCH_LISTED, actor=actor)
    with ticket.shown():
        feeds, figures = batches.feeds(), quality.figures(supplier_id, LATEST)
    feed = next((each for each in feeds if each.id == supplier_id), None)
    if feed is None:
        raise NotFoundError
    return FeedQuality(feed, figures)
