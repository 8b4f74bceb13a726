"""Far more read of people, or of the log, in a day than other administrators or auditors read."""

from review.examining.days import Day, bin_of
from review.examining.known import Known
from review.rules.base import OfDay
from review.rules.volume import FEWEST_DAYS, surprise


class MuchRead(OfDay):
    code = "much_read"
    words = "Far more read of people or of the log than others in the same role read"

    def bits(self, day: Day, known: Known) -> float:
        peers = known.peers_of(day)
        if peers.days < FEWEST_DAYS or not day.read:
            return 0.0
        return self.weight.within(surprise(sum(peers.read[bin_of(day.read) :]), peers.days) - self.weight.floor)
