"""From findings to the score of a case."""

from collections import defaultdict
from collections.abc import Iterable

from review.rules import NAMES
from review.rules.weights import Score


def score_of(findings: Iterable[tuple[str, float]], by: Score) -> float:
    """The bits of a case, from the rule and the bits of each finding.

    Of one rule each further finding is worth less than a stronger one. What goes by names alone is worth `names` at
    most, all of it together, which is less than the threshold.
    """
    of_rule: defaultdict[str, list[float]] = defaultdict(list)
    for rule, bits in findings:
        of_rule[rule].append(bits)
    worth = {
        rule: sum(bits * by.again**place for place, bits in enumerate(sorted(found, reverse=True)))
        for rule, found in of_rule.items()
    }
    by_name = sum(bits for rule, bits in worth.items() if rule in NAMES)
    others = sum(bits for rule, bits in worth.items() if rule not in NAMES)
    return min(by_name, by.names) + others
