"""What people's decisions do to the bounds, and the bounds to the rows: learnt from one half, measured on the other.

Whoever decides is right here: what is measured is what is learnt from it, and not people.
"""

from collections.abc import Sequence
from dataclasses import replace

from bench.feeds import figures
from bench.feeds.filed import Filed
from bench.feeds.making import Sent
from bench.tables import Row as Figures
from feeds.matching import Decision
from feeds.matching.deciding import fits_but_for_odds, is_identified
from feeds.matching.weights import Weights
from feeds.rules.bounds import Limits, Pair, suggestions
from feeds.worker.learning import LEARNT_FROM

MOST_SUGGESTIONS = 10


def measure(
    filed: Filed, sent: Sequence[Sent], on_record: dict[int, int], by: Weights, bits: float | None
) -> list[Figures]:
    """The other half before anything is learnt, and after each suggestion, as if somebody had confirmed it."""
    half = len(sent) // 2
    rows = [_counted("as it is", filed, sent[half:], on_record, by, bits)]
    for _ in range(MOST_SUGGESTIONS):
        pairs = _pairs(filed, sent[:half], on_record, by, bits)
        found = suggestions(pairs, Limits(by.link, by.doubt))
        if not found:
            break
        by = replace(by, link=found[0].limits.link, doubt=found[0].limits.doubt)
        bounds = f"link {by.link:g}, doubt {by.doubt:g}, after {found[0].decided:,} decisions"
        rows.append(_counted(bounds, filed, sent[half:], on_record, by, bits))
    return rows


def _counted(
    what: str, filed: Filed, sent: Sequence[Sent], on_record: dict[int, int], by: Weights, bits: float | None
) -> Figures:
    decided = ((filed.decide(each.row, by, children=bits), on_record.get(each.about)) for each in sent)
    return figures.counted(what, (figures.verdict(*each) for each in decided))


def _pairs(
    filed: Filed, sent: Sequence[Sent], on_record: dict[int, int], by: Weights, bits: float | None
) -> list[Pair]:
    """Of what would be held, what people would say of each record beside it."""
    held = ((filed.decide(each.row, by, children=bits), on_record.get(each.about)) for each in sent)
    return [pair for decision, meant in held if decision.code in LEARNT_FROM for pair in _said(decision, meant)]


def _said(decision: Decision, meant: int | None) -> list[Pair]:
    return [
        Pair(each.bits, fits_but_for_odds(dict(each.levels)), each.child_id == meant)
        for each in decision.candidates
        if not is_identified(dict(each.levels))
    ]
