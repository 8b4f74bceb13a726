"""At an hour at which neither the user nor others in the same role look at records."""

from datetime import timedelta
from math import log2

from review.examining.access import Access
from review.examining.days import is_weekend
from review.examining.known import Known
from review.rules.base import OfDoubt

LIKE_PEERS = 20  # days: how much of their own past outweighs what peers do
FEWEST_DAYS = 100  # of peers, before anything can be said of their hours
TWO_WEEKENDS = timedelta(days=14)  # else the first of them would look like nobody's hour
A_BIT = 1.0  # less is nothing that a reviewer should read


class OutOfHours(OfDoubt):
    code = "out_of_hours"
    words = "At an hour at which neither the user nor others in the same role work"

    def bits(self, access: Access, known: Known) -> float:
        day = known.day_of(access)
        if day is None:
            return 0.0
        peers, past, weekend = known.peers_of(day), known.past(access.person_id), is_weekend(access.day)
        if peers.days < FEWEST_DAYS or peers.since is None or access.day - peers.since < TWO_WEEKENDS:
            return 0.0
        of_peers = (peers.at_hour(access.hour, weekend=weekend) + 1) / (peers.days + 1)
        own = past.at_hour(access.hour, weekend=weekend)
        share = (own + LIKE_PEERS * of_peers) / (len(past.days) + LIKE_PEERS)
        bits = self.weight.within(log2(self.weight.each / share))
        return bits if bits >= A_BIT else 0.0
