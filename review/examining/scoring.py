"""From findings to the score of a case."""

from collections import defaultdict
from collections.abc import Iterable

from review.rules import NAMES
from review.rules.weights import Score, weights


def score_of(findings: Iterable[tuple[str, float]], by: Score) -> float:
    """The bits of a case, from the rule and the bits of each finding.

    What goes by names alone is worth `names` at most, all of it together, which is less than the threshold.
    """
    worth = worth_of(findings, by)
    by_name = sum(bits for rule, bits in worth.items() if rule in NAMES)
    others = sum(bits for rule, bits in worth.items() if rule not in NAMES)
    return min(by_name, by.names) + others


def worth_of(findings: Iterable[tuple[str, float]], by: Score) -> dict[str, float]:
    """The bits of each rule. Of one rule each further finding is worth less than a stronger one: how much is said of
    all rules, or of that one."""
    of_rule: defaultdict[str, list[float]] = defaultdict(list)
    for rule, bits in findings:
        of_rule[rule].append(bits)
    return {
        rule: sum(bits * _again(rule, by) ** place for place, bits in enumerate(sorted(found, reverse=True)))
        for rule, found in of_rule.items()
    }


def _again(rule: str, by: Score) -> float:
    weight = weights().rules.get(rule)  # none of a rule that there is no more
    return by.again if weight is None or weight.again is None else weight.again
