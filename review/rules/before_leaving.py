"""Whoever leaves looked at children without a reason in their last days."""

from datetime import timedelta
from typing import ClassVar

from audit.events import EventKind
from review.examining.access import Happening
from review.examining.known import Known
from review.rules.base import OfStep


class BeforeLeaving(OfStep):
    code = "before_leaving"
    words = "Records opened in the last two weeks before leaving, which nothing explains"
    kinds: ClassVar[frozenset[str]] = frozenset({EventKind.USER_LEFT.value, EventKind.USER_REVOKED.value})

    def subject(self, happening: Happening) -> int | None:
        return happening.user_id

    def bits(self, happening: Happening, known: Known) -> float:
        since = happening.at - timedelta(days=self.weight.days)
        children = {
            each.child_id
            for each in known.doubtful.get(happening.user_id or 0, ())
            if each.at >= since and not each.was_explained(happening.at)
        }
        return self.weight.within(self.weight.each * len(children))
