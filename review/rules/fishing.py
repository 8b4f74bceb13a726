"""Searches that find children, one after the other, and hardly a record is opened: what the results tell was enough."""

from math import log2

from review.examining.days import Day
from review.examining.known import Known
from review.rules.base import OfDay

USUAL = 0.6  # the share of searches that lead to a record, until peers have shown theirs
LIKE = 200  # searches: how many of peers outweigh that


class Fishing(OfDay):
    """One search that is put in other words is one search; one that finds nobody is none."""

    code = "fishing"
    words = "Many searches that found children, and hardly a record opened"
    brief = "Searched, hardly opened"

    def bits(self, day: Day, known: Known) -> float:
        if day.searched < self.weight.fewest:
            return 0.0
        peers, fished = known.peers_of(day), self.weight.each
        usual = (peers.followed + LIKE * USUAL) / (peers.searched + LIKE)
        usual = min(0.95, max(2 * fished, usual))
        followed = min(day.followed, day.searched)
        left = day.searched - followed
        return self.weight.within(followed * log2(fished / usual) + left * log2((1 - fished) / (1 - usual)) - 3)
