"""What came of the cases in which each rule found something: how often it was misuse, so far."""

from collections.abc import Sequence

from review import rules
from review.charts.chart import Drawing, Figures
from review.rules.weights import weights
from review.selectors.months import Month
from review.selectors.worth import share_in_words, worth_until

FEWEST = weights().score.fewest_decided


class Outcomes:
    """Each rule of which enough is decided to say anything."""

    code = "outcomes"
    title = "Cases decided until the month ended, by rule and outcome"
    words = (
        f"In a case mostly several rules found something, and it counts for each. Below {FEWEST} decided cases nothing "
        "is shown of a rule: it would say more than anybody knows. The range is where the true share of misuse is, "
        "nineteen times in twenty."
    )
    nothing = f"Until the end of {{month}} no rule found something in {FEWEST} decided cases: too few to say."
    drawn: Drawing = "lying"

    def figures(self, authorities: Sequence[int], month: Month) -> Figures:
        """A row a rule, the one that is right most often first."""
        found = [
            each for each in worth_until([*authorities], month) if each.decided >= FEWEST and each.rule in rules.ALL
        ]
        found.sort(key=lambda each: (-each.misuse / each.decided, each.rule))
        return Figures(
            "Rule",
            ["Misuse", "Not misuse"],
            [(rules.ALL[each.rule].words, [each.misuse, each.decided - each.misuse]) for each in found],
            beside=("Share of misuse", [share_in_words(each.misuse, each.decided) for each in found]),
        )
