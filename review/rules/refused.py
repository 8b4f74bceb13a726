"""Refused again and again."""

from review.examining.days import Day
from review.examining.known import Known
from review.rules.base import OfDay
from review.rules.volume import FEWEST_DAYS


class Refused(OfDay):
    code = "refused"
    words = "Refused again and again in a day"
    brief = "Refused again and again"

    def bits(self, day: Day, known: Known) -> float:
        peers = known.peers_of(day)
        usual = self.weight.fewest + (peers.refused / (peers.days + FEWEST_DAYS))
        return self.weight.within(self.weight.each * (day.refused - usual))
