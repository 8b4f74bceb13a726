"""An involvement explained somebody's own opening, and then they took it off again."""

from datetime import timedelta
from typing import ClassVar

from audit.events import EventKind
from review.examining.access import Happening
from review.examining.known import Known
from review.explanations import ALL
from review.explanations.base import Strength
from review.explanations.later import Later
from review.explanations.recorded_before import RecordedBefore
from review.explanations.recorded_that_day import RecordedThatDay
from review.rules.base import OfStep

BY_RECORDING = frozenset({Later.code, RecordedBefore.code, RecordedThatDay.code})
SAID = frozenset(code for code, each in ALL.items() if each.strength is Strength.PART)


class TakenBack(OfStep):
    """Only where nothing else explained the opening: a school that took a service off had a pupil to look at."""

    code = "taken_back"
    words = "An involvement that alone explained their own opening was taken off the record again"
    brief = "Involvement taken off again"
    kinds: ClassVar[frozenset[str]] = frozenset({EventKind.INVOLVEMENT_WITHDRAWN.value})

    def subject(self, happening: Happening) -> int | None:
        return happening.actor_id

    def bits(self, happening: Happening, known: Known) -> float:
        since = happening.at - timedelta(days=self.weight.days)
        for each in known.openings.get(happening.child_id or 0, ()):
            alone = BY_RECORDING.intersection(each.codes) and not set(each.codes) - BY_RECORDING - SAID
            if each.person_id == happening.actor_id and each.at >= since and alone:
                return self.weight.most
        return 0.0
