"""Nothing explains the access after a week, and that is so with more of theirs than of others' accesses."""

from math import log, log2

from review.examining.access import Access
from review.examining.known import Known
from review.rules.base import OfDoubt

LIKE = 1000  # accesses: how many of peers outweigh what is usual everywhere


class Unexplained(OfDoubt):
    """Asked when the week is over, and of those that were not cleared: see review/examining/judging.py."""

    code = "unexplained"
    words = "Nothing explains it after a week, more often than with others in the same role"

    def bits(self, access: Access, known: Known) -> float:
        weight, past, day = self.weight, known.past(access.person_id), known.day_of(access)
        peers = known.peers_of(day) if day else None
        usual = weight.each
        if peers:
            usual = max(usual, (peers.unexplained + LIKE * usual) / (peers.accesses + LIKE))
        # Smoothed towards what is usual, and this one counted: few accesses say little about a person.
        share = (past.unexplained + 1 + weight.fewest * usual) / (past.accesses + 1 + weight.fewest)
        # The likelihood ratio of a rate: what is explained speaks against it, an equal part of which each one bears.
        times = max(1.0, share / usual)
        return weight.within(log2(times) - (1 - 1 / times) / log(2))
