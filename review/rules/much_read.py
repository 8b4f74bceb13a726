"""Far more read of people, or of the log, in a day than other administrators or auditors read."""

from access.models import Role
from review.examining.days import Day
from review.examining.known import Known
from review.examining.rates import Usual
from review.rules.base import OfDay

READERS = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})


class MuchRead(OfDay):
    """There are few of them: too few days for ranks. So how much is read is reckoned, and how unevenly, of all who have
    the role, wherever they work. Of mediators it says nothing: they read a list for each call.
    """

    code = "much_read"
    words = "Far more read of people or of the log than others in the same role read"
    brief = "Much reading"

    def bits(self, day: Day, known: Known) -> float:
        if day.role not in READERS:
            return 0.0
        usual = known.peers_of(day).reading or Usual(self.weight.each)
        return self.weight.within(usual.surprise(day.read) - self.weight.floor)
