"""They look children up on a duty for the area, and of many of these nobody there ever hears again."""

from review.examining.access import Access
from review.examining.known import Known
from review.examining.rates import Usual
from review.rules.base import OfDuty


class LedNowhere(OfDuty):
    """Honest duty mostly leads somewhere: an involvement is recorded, or they or a colleague look once more.

    Each finding says what all of the last months come to, as with what nothing explains: advice is given that nothing
    follows, and by some far more often than by others.
    """

    code = "led_nowhere"
    words = "Many looked up on a duty for the area, of whom nobody of theirs saw or recorded anything again"
    brief = "The duty led nowhere"

    def bits(self, access: Access, known: Known) -> float:
        day, past = known.day_of(access), known.past(access.person_id)
        usual = (known.peers_of(day).led_nowhere if day else None) or Usual(self.weight.each)
        number = known.led_nowhere.get(access.person_id, 0)
        others = max(0, past.accesses - past.unexplained - number) + self.weight.fewest
        return self.weight.within(usual.surprise(number, others) - self.weight.floor)
