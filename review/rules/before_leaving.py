"""Whoever leaves looked at children without a reason in their last days."""

from datetime import timedelta
from typing import ClassVar

from audit.events import EventKind
from review.examining.access import Happening
from review.examining.known import Known
from review.rules.base import OfStep

BEFORE = timedelta(days=42)  # what they do otherwise


class BeforeLeaving(OfStep):
    """More of them than in the weeks before: of some trades much is never explained, on their last day neither."""

    code = "before_leaving"
    words = "Records opened in the last two weeks before leaving, which nothing explains"
    brief = "Before leaving"
    kinds: ClassVar[frozenset[str]] = frozenset({EventKind.USER_LEFT.value, EventKind.USER_REVOKED.value})

    def subject(self, happening: Happening) -> int | None:
        return happening.user_id

    def bits(self, happening: Happening, known: Known) -> float:
        since = happening.at - timedelta(days=self.weight.days)
        lately: set[int] = set()
        before: set[int] = set()
        for each in known.doubtful.get(happening.user_id or 0, ()):
            if not each.was_explained(happening.at) and each.at >= since - BEFORE:
                (lately if each.at >= since else before).add(each.child_id)
        usual = len(before) * self.weight.days / BEFORE.days
        return self.weight.within(self.weight.each * (len(lately) - usual))
