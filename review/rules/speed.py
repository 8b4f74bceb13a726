"""Record after record, faster than anybody reads."""

from datetime import timedelta

from review.examining.access import Access
from review.examining.known import Known
from review.rules.base import OfPace

WINDOW = timedelta(minutes=10)


class Speed(OfPace):
    """Of explained openings as well: a program that goes through a school's own pupils takes all of them away."""

    code = "speed"
    words = "More records within ten minutes than anybody can read"
    brief = "Too fast to read"

    def bits(self, access: Access, known: Known) -> float:
        times = known.recent.get(access.person_id, [])
        if len(times) < self.weight.fewest:
            return 0.0
        number = sum(1 for each in times if access.at - WINDOW <= each <= access.at)
        if number < self.weight.fewest:
            return 0.0
        return self.weight.within(self.weight.each * (number - self.weight.fewest + 1))
