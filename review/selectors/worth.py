"""What rules are worth, by what auditors decided. Inside `audit.reading.reading` alone."""

from dataclasses import dataclass
from math import sqrt

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Now, TruncWeek

from audit.reasons import MISUSE, Verdict
from review.models import Explanation, Finding, Judgement, State
from review.rules.weights import weights
from review.selectors.months import Month
from review.selectors.visits import start_of

Z = 1.96  # of nineteen such ranges in twenty the true share is within


@dataclass(frozen=True, slots=True)
class RuleWorth:
    """How often a rule found something, in how many closed cases that counted, and how many of them were misuse."""

    rule: str
    fired: int
    decided: int
    misuse: int


@dataclass(frozen=True, slots=True)
class DrawnWorth:
    """Of the accesses that were drawn: how many were judged, and how many of them look doubtful."""

    judged: int
    doubtful: int


def worth_of_rules() -> dict[str, RuleWorth]:
    """Each rule that ever found something, by its code, in the cases that the reader may see.

    What was explained meanwhile counts for nothing in the case, and is not counted. A case that nobody could tell about
    is no decision.
    """
    return {each.rule: each for each in _worth(Finding.objects.all(), Q(case__work__closed_at__isnull=False))}


def worth_until(authorities: list[int], month: Month) -> list[RuleWorth]:
    """The same, of those authorities alone, as it stood when the month ended."""
    end = start_of(month.bounds[1])
    return _worth(
        Finding.objects.filter(authority_id__in=authorities, at__lt=end),
        Q(case__authority_id__in=authorities, case__work__closed_at__lt=end),
    )


def worth_of_drawn() -> tuple[DrawnWorth, DrawnWorth]:
    """Of what was explained at once, and of what was not: what was judged until the week began.

    Not what was judged since: from one more here or there whoever just judged one would learn which it was.
    """
    earlier = Judgement.objects.filter(judged_at__lt=TruncWeek(Now())).exclude(verdict=Verdict.UNCLEAR)
    verdicts = dict(earlier.values_list("pk", "verdict"))
    at_once = set(
        Explanation.objects.filter(pk__in=list(verdicts), state=State.AT_ONCE).values_list("event_id", flat=True)
    )
    explained = [said for event_id, said in verdicts.items() if event_id in at_once]
    others = [said for event_id, said in verdicts.items() if event_id not in at_once]
    return _drawn(explained), _drawn(others)


def range_of(some: int, of: int) -> tuple[float, float]:
    """Between which shares the true one lies, by Wilson's interval, which holds for small numbers as well."""
    if not of:
        return 0.0, 1.0
    share, spread = some / of, Z * Z / of
    middle = (share + spread / 2) / (1 + spread)
    half = Z * sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def share_in_words(some: int, of: int) -> str:
    """A share with the range in which the true one lies; nothing where there are too few to say."""
    if of < weights().score.fewest_decided:
        return ""
    least, most = range_of(some, of)
    return f"{some / of:.0%} (between {least:.0%} and {most:.0%})"


def _worth(findings: QuerySet[Finding], closed: Q) -> list[RuleWorth]:
    counted = closed & Q(counts__gt=0) & ~Q(case__work__result="cannot_tell")
    found = findings.values("rule").annotate(
        fired=Count("pk"),
        decided=Count("case", filter=counted, distinct=True),
        misuse=Count("case", filter=counted & Q(case__work__result__in=MISUSE), distinct=True),
    )
    return [RuleWorth(**each) for each in found.values("rule", "fired", "decided", "misuse")]


def _drawn(verdicts: list[str]) -> DrawnWorth:
    return DrawnWorth(len(verdicts), verdicts.count(Verdict.DOUBTFUL))
