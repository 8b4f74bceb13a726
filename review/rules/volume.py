"""Far more records in a day than others in the same role open, and than the user does."""

from math import log2

from review.examining.days import Day, bin_of
from review.examining.known import Known
from review.rules.base import OfDay

FEWEST_DAYS = 200  # of peers, before anything can be said of how much they do


def surprise(among: int, days: int) -> float:
    """How surprising is what was met on `among` of so many days, in bits."""
    return -log2((among + 1) / (days + 1))


class Volume(OfDay):
    """By ranks, not by means: a few among peers who do ten times as much do not hide whoever does five times as much.
    Whoever does a lot each day is known by their own past."""

    code = "volume"
    words = "Far more records in a day than the user or others in the same role open"
    brief = "Far more than usual"

    def bits(self, day: Day, known: Known) -> float:
        peers = known.peers_of(day)
        if peers.days < FEWEST_DAYS or not day.opened:
            return 0.0
        by_peers = surprise(sum(peers.opened[bin_of(day.opened) :]), peers.days) - self.weight.floor
        if by_peers <= 0:
            return 0.0
        past = known.past(day.user_id)
        # With a short past, peers alone are asked: on so few days of their own nothing is a surprise.
        usual = past.with_as_much(day.opened) / len(past.days) if past.days else 0.0
        return self.weight.within(by_peers * (1 - usual) ** len(past.days))
