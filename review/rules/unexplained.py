"""Nothing explains the access after a week, and that is so with more of theirs than of others' accesses."""

from review.examining.access import Access
from review.examining.known import Known
from review.examining.rates import Usual
from review.rules.base import OfDoubt

ONE = 1.0  # bits: what a single one says of whoever is near to the child as well


class Unexplained(OfDoubt):
    """Asked when the week is over, and of those that were not cleared: see review/examining/judging.py.

    Each finding says what all of the last months come to, held against how many peers have and how much they differ in
    that: so many for each access that is explained. One of a day's work says nothing, one a week for months does.
    """

    code = "unexplained"
    words = "Nothing explains it after a week, more often than with others in the same role"
    brief = "Unexplained for a week"

    def bits(self, access: Access, known: Known) -> float:
        day, past = known.day_of(access), known.past(access.person_id)
        usual = (known.peers_of(day).unexplained if day else None) or Usual(self.weight.each)
        # This one is counted; so are some that nobody has made yet, since few accesses say little about a person.
        explained = past.accesses - past.unexplained + self.weight.fewest
        return self.weight.within(max(ONE, usual.surprise(past.unexplained + 1, explained) - self.weight.floor))
