"""From criteria to at most ten children: tokens, candidates, sealed summaries opened and scored in memory."""

from collections import Counter
from dataclasses import dataclass, replace

from django.conf import settings

from audit.tickets import Ticket
from pages import postcodes
from registry.policies.disclosure import is_left_out
from registry.search import index
from registry.search.corroborating import Corroborating
from registry.search.criteria import Criteria
from registry.search.score import WEIGHTS, Question, Score
from registry.search.summaries import open_summary
from registry.values import Summary


@dataclass(frozen=True, slots=True)
class Match:
    """A child who fits, and why."""

    child_id: int
    summary: Summary
    score: Score


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: as many matches as may be shown at most, best first; or none, and what would narrow it.

    `examined` counts the summaries opened.
    """

    matches: tuple[Match, ...]
    refine: str = ""
    examined: int = 0


def find(criteria: Criteria, searched: Ticket, most: int = settings.SEARCH_RESULT_LIMIT) -> Found:
    """Search, as the event says. The plain tokens are asked first; the wider ones only when nothing good came."""
    question = Question(criteria)
    examined: dict[int, Match] = {}
    matches: list[Match] = []
    stages = index.scheme().stages
    asking = Corroborating(criteria, index.tokeniser())
    for stage, make_tokens in enumerate(stages):
        _examine(question, index.candidates(searched, asking.wanted(make_tokens)), examined)
        matches = _settled(question, examined)
        if _has_good(question, matches, stage):
            break
    fitting = _fitting(matches, most)
    if len(fitting) > most:
        return Found((), refine=_refinement(criteria, fitting), examined=len(examined))
    return Found(tuple(fitting), examined=len(examined))


def _examine(question: Question, candidates: list[tuple[int, int, bytes]], examined: dict[int, Match]) -> None:
    """Open and score. A search that uses a hidden field goes on as if shielded children were not there."""
    hidden = question.criteria.uses_hidden_field()
    for child_id, version, stored in candidates:
        if child_id in examined:
            continue
        summary = open_summary(stored, child_id=child_id, version=version)
        score = question.score(summary)  # of a hidden child too: leaving it out takes the same time
        if not is_left_out(shielded=summary.shielded, uses_hidden_field=hidden):
            examined[child_id] = Match(child_id, summary, score)


def _settled(question: Question, examined: dict[int, Match]) -> list[Match]:
    """All who were examined and not left out, each weighed in the light of the others."""
    matches = list(examined.values())
    scores = question.settled([each.score for each in matches])
    return [replace(each, score=score) for each, score in zip(matches, scores, strict=True)]


def _has_good(question: Question, matches: list[Match], stage: int) -> bool:
    """Whether somebody fits so well that to look wider would find nobody better.

    After near misses, less is enough; so it is for what hardly anybody fits by chance.
    """
    plain, wider = (question.ideal - behind for behind in WEIGHTS["good_behind_ideal"])
    enough = wider if stage else max(wider, min(plain, WEIGHTS["conclusive"]))
    return any(match.score.bits >= enough for match in matches)


def _fitting(matches: list[Match], most: int) -> list[Match]:
    """Those worth showing, best first: where they are too many, as many of those who fit nearly as well as the best as
    may be shown, and where those still are, the first who fit better than all the rest. More than may be shown, where
    nobody stands out."""
    named = [match for match in matches if match.score.names_somebody]
    ranked = sorted(named, key=lambda match: (-match.score.bits, match.child_id))
    fitting: list[Match] = []
    for behind in WEIGHTS["behind_best"]:
        bound = max(WEIGHTS["shown_from"], ranked[0].score.bits - behind) if ranked else 0.0
        fitting = [match for match in ranked if match.score.bits >= bound]
        if len(fitting) <= most:
            return fitting
    return _standing_out(fitting, most) or fitting


def _standing_out(ranked: list[Match], most: int) -> list[Match]:
    """As many of the first as may be shown whose fit is clearly better than that of the next; or nobody."""
    for place in range(most, 0, -1):
        if ranked[place - 1].score.bits - ranked[place].score.bits >= WEIGHTS["stands_out"]:
            return ranked[:place]
    return []


def _refinement(criteria: Criteria, matches: list[Match]) -> str:
    """The criterion not given yet that leaves the fewest, on average, of them; a number where all is given."""
    summaries = [match.summary for match in matches]
    full = postcodes.is_full(criteria.postcode)
    candidates: dict[str, list[object] | None] = {
        "the date of birth": None if criteria.date_of_birth else [each.date_of_birth for each in summaries],
        "the given name": None if criteria.given else [each.names[0].given for each in summaries],
        "the family name": None if criteria.family else [each.names[0].family for each in summaries],
        "the full postcode": None if full else [each.postcode for each in summaries],
        "part of the postcode": None
        if criteria.postcode
        else [postcodes.district(each.postcode) for each in summaries],
        "the house and street": None if criteria.street else [each.lines for each in summaries],
        "the gender": None if criteria.gender else [each.gender for each in summaries],
    }
    left = {name: _left(values) for name, values in candidates.items() if values}
    helpful = [name for name, count in left.items() if count < len(matches)]
    return min(helpful, key=lambda name: left[name]) if helpful else "one of the child's numbers"


def _left(values: list[object]) -> float:
    """How many would be left on average, were the value of one of them given."""
    return sum(count * count for count in Counter(values).values()) / len(values)
