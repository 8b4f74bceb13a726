"""At an hour at which neither the user nor others in the same role look at records."""

from datetime import timedelta
from math import log2

from review.examining.access import Access
from review.examining.days import HOURS, Past, Peers, is_weekend
from review.examining.known import Known
from review.rules.base import OfDoubt

LIKE_PEERS = 20  # looks of their own: with fewer, peers count for more
FEWEST_DAYS = 100  # of peers, before anything can be said of their hours
TWO_WEEKENDS = timedelta(days=14)  # else the first of them would look like nobody's hour
A_BIT = 1.0  # less is nothing that a reviewer should read


class OutOfHours(OfDoubt):
    code = "out_of_hours"
    words = "At an hour at which neither the user nor others in the same role work"
    brief = "Unusual hour"

    def bits(self, access: Access, known: Known) -> float:
        day = known.day_of(access)
        if day is None:
            return 0.0
        peers, past, weekend = known.peers_of(day), known.past(access.person_id), is_weekend(access.day)
        if peers.days < FEWEST_DAYS or peers.since is None or access.day - peers.since < TWO_WEEKENDS:
            return 0.0
        bits = self.weight.within(log2(self.weight.each / _as_seldom(access.hour + HOURS * weekend, past, peers)))
        return bits if bits >= A_BIT else 0.0


def _as_seldom(hour: int, past: Past, peers: Peers) -> float:
    """The share of their looks, and of peers' looks, that is at hours which are as seldom as that one.

    Of those who work around the clock no single hour holds much, and yet none is odd.
    """
    own, all_of_peers = past.by_hour(), sum(peers.hours) + 1
    # An hour at which they never looked may be one of many at which they work; so peers count as much as they do.
    like = max(LIKE_PEERS, sum(own))
    usual = [each + like * of_peers / all_of_peers for each, of_peers in zip(own, peers.hours, strict=True)]
    usual[hour] += like / all_of_peers  # the one that is asked about
    return sum(each for each in usual if each <= usual[hour]) / sum(usual)
