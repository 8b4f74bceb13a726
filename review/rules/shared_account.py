"""Two sessions of one account are used at once: somebody else has the password, or is let to use it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from review.examining.days import Day
from review.examining.known import Known, Use
from review.rules.base import OfDay

WINDOW = timedelta(minutes=30)


class SharedAccount(OfDay):
    """By returns: to a session that was left for another one within the half hour.

    Whoever signs in again at another computer does not return. Whoever goes to and fro between two returns once or
    twice; it takes two people to do so again and again.
    """

    code = "shared_account"
    words = "Two sessions of the account were used at once, to and fro"
    brief = "Two sessions at once"

    def bits(self, day: Day, known: Known) -> float:
        returned = returns_in([each for each in known.uses.get(day.user_id, ()) if each.day == day.day])
        return self.weight.within(self.weight.each * (most_within(returned) - self.weight.fewest))


def returns_in(uses: Sequence[Use]) -> list[datetime]:
    """When a session was used again that had been left for another, not longer ago than WINDOW."""
    returned: list[datetime] = []
    last: dict[int, datetime] = {}
    before = None
    for use in uses:
        left = last.get(use.session_id)
        if before not in {None, use.session_id} and left is not None and use.at - left <= WINDOW:
            returned.append(use.at)
        before = use.session_id
        last[before] = use.at
    return returned


def most_within(moments: Sequence[datetime]) -> int:
    """How many of these moments, which are in their order, lie within WINDOW at most."""
    most = first = 0
    for place, moment in enumerate(moments):
        while moment - moments[first] > WINDOW:
            first += 1
        most = max(most, place - first + 1)
    return most
