"""Several people who have nothing to do with a child open the record within days: all talk about the child."""

from collections.abc import Iterator
from datetime import timedelta

from review.examining.access import Access
from review.examining.known import Known, Opened
from review.explanations import is_strangers
from review.rules.base import OfChild


class InTheNews(OfChild):
    """How many are many is told from how many others come upon a child upon whom one such came.

    Each who is one of them has an equal part of what all come to; whoever is explained later takes theirs away.
    """

    code = "in_the_news"
    words = "Many people who have nothing to do with the child opened the record within days"
    brief = "One of many strangers"

    def found(self, access: Access, known: Known) -> Iterator[tuple[Opened, float]]:
        if known.strangers is None:
            return
        first: dict[int, Opened] = {}
        since = access.at - timedelta(days=self.weight.days)
        for each in sorted(known.openings.get(access.child_id, ()), key=lambda opened: (opened.at, opened.event_id)):
            if since < each.at <= access.at and is_strangers(each.codes):
                first.setdefault(each.person_id, each)
        if len(first) < self.weight.fewest:
            return
        bits = self.weight.within(known.strangers.surprise(len(first) - 1) - self.weight.floor)
        for each in first.values():
            yield each, bits / len(first)
