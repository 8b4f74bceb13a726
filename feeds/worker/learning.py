"""What people decided about a feed's doubtful rows, learnt from: bounds for whoever keeps the feed to put in force."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from encryption.errors import KeyMissingError
from feeds.matching import weights
from feeds.matching.deciding import Code, fits_but_for_odds, is_identified
from feeds.matching.weights import Weights
from feeds.models import Batch, Bounds, BoundsState, Match, Supplier, VerdictKind
from feeds.rules.bounds import Limits, Moves, Pair, Suggestion, suggestions

# Of the latest decisions so many are looked at: feeds change, and who decided years ago is no witness of today's.
MOST = 100_000
# What was refused or taken back is suggested again once so many times as many people's decisions speak for it.
AGAIN = 2
# Held for no other reason than how well they fit. Of these nobody was shielded or closed when the row came in, and no
# number says otherwise.
LEARNT_FROM = (Code.UNSURE, Code.ALIKE)


def in_force(supplier_id: int) -> Bounds | None:
    """The bounds of the feed, for the weights that there are; None where those of weights.json count."""
    of = Bounds.objects.filter(supplier=supplier_id, state=BoundsState.CONFIRMED, weights=weights.current().version)
    return of.order_by("-id").first()


def weights_now(supplier_id: int) -> tuple[Weights, Bounds | None]:
    """The weights for rows of the feed, with its bounds in force."""
    by, bounds = weights.current(), in_force(supplier_id)
    return (by if bounds is None else replace(by, link=bounds.link, doubt=bounds.doubt)), bounds


def weights_of(batch: Batch) -> Weights:
    """The weights for rows of the batch, which keeps which they were."""
    by, batch.bounds = weights_now(batch.supplier_id)
    batch.weights = by.version
    batch.save(update_fields=["weights", "bounds"])
    return by


def suggest_all() -> int:
    """Suggest bounds for each feed of which enough was decided. Returns for how many."""
    waiting = Bounds.objects.filter(state=BoundsState.SUGGESTED).values("supplier")
    return sum(_suggest(each) for each in Supplier.objects.filter(stopped_at=None).exclude(pk__in=waiting))


def _suggest(supplier: Supplier) -> bool:
    by, bounds = weights.current(), in_force(supplier.pk)
    now = Limits(by.link, by.doubt) if bounds is None else Limits(bounds.link, bounds.doubt)
    found = suggestions(_pairs(supplier, by), now)
    wanted = next((each for each in found if each.decided >= AGAIN * _turned_down(supplier, by, each, now)), None)
    if wanted is None:
        return False
    with transaction.atomic():
        Supplier.objects.select_for_update(no_key=True).get(pk=supplier.pk)
        if in_force(supplier.pk) != bounds:  # taken back meanwhile: the next night sees
            return False
        Bounds.objects.create(
            supplier=supplier,
            weights=by.version,
            link=wanted.limits.link,
            doubt=wanted.limits.doubt,
            moves=wanted.moves,
            moved_from=_moved(now, wanted.moves),
            decided=wanted.decided,
            against=wanted.against,
            suggested_at=timezone.now(),
        )
    return True


def _pairs(supplier: Supplier, by: Weights) -> Sequence[Pair]:
    """What was decided of its rows, of those that were matched by these weights."""
    decided = Match.objects.filter(batch__supplier=supplier, batch__weights=by.version, code__in=LEARNT_FROM)
    newest = decided.exclude(outcome="").only("row_version", "agreement", "outcome").order_by("-id")[:MOST]
    pairs = []
    for match in newest.iterator():
        with suppress(KeyMissingError):  # of a record that is destroyed tonight
            agreement = match.agreement.open()
            levels = dict(agreement.levels)
            if levels and not is_identified(levels):
                pairs.append(Pair(agreement.bits, fits_but_for_odds(levels), match.outcome == VerdictKind.SAME))
    return pairs


def _turned_down(supplier: Supplier, by: Weights, found: Suggestion, now: Limits) -> int:
    """How many decisions spoke for the last suggestion to move that bound that way, if people did not want it."""
    up = _moved(found.limits, found.moves) > _moved(now, found.moves)
    of = Bounds.objects.filter(supplier=supplier, weights=by.version, moves=found.moves)
    bound = F(found.moves.value)
    that_way = of.annotate(by=bound - F("moved_from")).filter(**{"by__gt" if up else "by__lt": 0})
    last = that_way.order_by("-id").first()
    turned_down = last is not None and last.state in (BoundsState.REFUSED, BoundsState.WITHDRAWN)
    return last.decided if last is not None and turned_down else 0


def _moved(limits: Limits, moves: Moves) -> float:
    return limits.link if moves is Moves.LINK else limits.doubt
