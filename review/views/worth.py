"""What rules are worth: how often each found something, and what auditors made of it."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from access.door.actors import actor_of
from access.door.routes import requires
from access.rules.roles import Permission
from audit.recorder import About
from review import rules
from review.policies import reading_at_once
from review.rules.weights import weights
from review.selectors.worth import DrawnWorth, RuleWorth, share_in_words, worth_of_drawn, worth_of_rules


@dataclass(frozen=True, slots=True)
class ShownRule:
    """A rule and its record. `share` is empty where too little is decided to say."""

    words: str
    fired: int
    decided: int
    misuse: int
    share: str


@requires(Permission.LOG_READ)
@require_safe
def rules_page(request: HttpRequest) -> HttpResponse:
    """Every rule, and the accesses that were drawn to find out what rules miss."""
    with reading_at_once(actor_of(request), About(fields=["rules"])):
        found = worth_of_rules()
        explained, others = worth_of_drawn()
    shown = [_shown(found.get(code, RuleWorth(code, 0, 0, 0)), words) for code, words in rules.WORDS.items()]
    context = {
        "rules": sorted(shown, key=lambda each: -each.fired),
        "fewest": weights().score.fewest_decided,
        "drawn": [
            ("Explained at once", explained, _share_of(explained)),
            ("Not explained at once", others, _share_of(others)),
        ],
    }
    return render(request, "review/rules_worth.html", context)


def _shown(worth: RuleWorth, words: str) -> ShownRule:
    share = share_in_words(worth.misuse, worth.decided)
    return ShownRule(words, worth.fired, worth.decided, worth.misuse, share)


def _share_of(drawn: DrawnWorth) -> str:
    return share_in_words(drawn.doubtful, drawn.judged)
