"""From how well a feed's rows fit they are linked without a person: read, and decided by those who keep the feed."""

from dataclasses import dataclass

from access.rules.decisions import check_can
from access.rules.errors import NotFoundError
from access.rules.roles import Permission
from audit.actors import Actor
from audit.events import EventKind
from audit.recorder import About, record_first
from feeds.matching import weights
from feeds.models import BoundsState
from feeds.rules.bounds import Limits
from feeds.selectors import batches, bounds
from feeds.selectors.batches import Feed
from feeds.selectors.bounds import Version
from registry.actions.steps import ChangedError, take_step


@dataclass(frozen=True, slots=True)
class FeedBounds:
    """A feed, where its bounds were at first, and every version of them, the newest first."""

    feed: Feed
    at_first: Limits
    versions: list[Version]

    @property
    def in_force(self) -> Version | None:
        """The newest that was confirmed, for the weights that there are; None where those count that were at first."""
        confirmed = (each for each in self.versions if each.state == BoundsState.CONFIRMED)
        return next((each for each in confirmed if not is_outdated(each)), None)

    @property
    def suggested(self) -> Version | None:
        """What waits to be decided. Where it is outdated, it can only be left."""
        return next((each for each in self.versions if each.state == BoundsState.SUGGESTED), None)

    @property
    def now(self) -> Limits:
        """The bounds that count."""
        return self.at_first if self.in_force is None else self.in_force.limits


def is_outdated(version: Version) -> bool:
    """Whether it was worked out with other weights than there are now."""
    return version.weights != weights.current().version


def read_bounds(*, actor: Actor, supplier_id: int) -> FeedBounds:
    """The bounds of one feed that the actor keeps. Recorded. Names no child. Raises NotFoundError."""
    check_can(actor, Permission.BATCH_KEEP)
    ticket = record_first(EventKind.BATCH_LISTED, actor=actor)
    with ticket.shown():
        feeds, versions = batches.feeds(), bounds.versions(supplier_id)
    feed = next((each for each in feeds if each.id == supplier_id), None)
    if feed is None:
        raise NotFoundError
    by = weights.current()
    return FeedBounds(feed, Limits(by.link, by.doubt), versions)


def confirm(*, actor: Actor, supplier_id: int, bounds_id: int, seen: BoundsState) -> None:
    """Put what is suggested in force. Raises ChangedError where it stands otherwise by now, NotFoundError."""
    _decide(BoundsState.CONFIRMED, actor, supplier_id, bounds_id, seen)


def refuse(*, actor: Actor, supplier_id: int, bounds_id: int, seen: BoundsState) -> None:
    """Leave it as it is. Raises ChangedError, NotFoundError."""
    _decide(BoundsState.REFUSED, actor, supplier_id, bounds_id, seen)


def withdraw(*, actor: Actor, supplier_id: int, bounds_id: int, seen: BoundsState) -> None:
    """Take back what is in force; what was before it counts again. Raises ChangedError, NotFoundError."""
    _decide(BoundsState.WITHDRAWN, actor, supplier_id, bounds_id, seen)


def _decide(becomes: BoundsState, actor: Actor, supplier_id: int, bounds_id: int, seen: BoundsState) -> None:
    found = read_bounds(actor=actor, supplier_id=supplier_id)
    if bounds_id not in {each.id for each in found.versions}:
        raise NotFoundError
    stands = (found.in_force, found.suggested)
    version = next((each for each in stands if each and each.id == bounds_id and each.state == seen), None)
    if version is None or (becomes == BoundsState.CONFIRMED and is_outdated(version)):
        raise ChangedError
    take_step(
        actor=actor,
        kind=EventKind.SUPPLIER_CHANGED,
        about=About(fields=[f"supplier.{supplier_id}", f"bounds.{bounds_id}", str(becomes)]),
        statement="SELECT feeds_bounds_decide(%s, %s)",
        told=[bounds_id, str(seen)],
    )
