"""From criteria to at most ten children: tokens, candidates, sealed summaries opened and scored in memory."""

from dataclasses import dataclass

from django.conf import settings

from registry.models import Child
from registry.search import families, index, normalise
from registry.search.criteria import Criteria
from registry.search.score import WEIGHTS, Score, ideal, score
from registry.values import Summary


@dataclass(frozen=True, slots=True)
class Match:
    """A child who fits, and why."""

    child_id: int
    summary: Summary
    score: Score


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: at most SEARCH_RESULT_LIMIT matches, best first; or none, and what would narrow it.

    `examined` counts the summaries opened.
    """

    matches: tuple[Match, ...]
    refine: str = ""
    examined: int = 0


def find(criteria: Criteria) -> Found:
    """Search. The plain tokens are asked first; the wider ones only when nothing good came."""
    examined: dict[int, Match] = {}
    for make_tokens in (families.plain_tokens, families.wider_tokens):
        _examine(criteria, index.candidates(make_tokens(criteria, index.tokeniser())), examined)
        if _has_good(criteria, examined):
            break
    fitting = _fitting(examined)
    if len(fitting) > settings.SEARCH_RESULT_LIMIT:
        return Found((), refine=_refinement(criteria, fitting), examined=len(examined))
    return Found(tuple(fitting), examined=len(examined))


def _examine(criteria: Criteria, candidates: list[tuple[int, int, bytes]], examined: dict[int, Match]) -> None:
    """Open and score. A search that uses a hidden field goes on as if shielded children were not there."""
    field = Child._meta.get_field("summary")
    hidden = criteria.uses_hidden_field()
    for child_id, version, stored in candidates:
        if child_id in examined:
            continue
        summary = field.open_stored(stored, row=child_id, version=version)
        if not (hidden and summary.shielded):
            examined[child_id] = Match(child_id, summary, score(criteria, summary))


def _has_good(criteria: Criteria, examined: dict[int, Match]) -> bool:
    enough = ideal(criteria) - WEIGHTS["good_behind_ideal"]
    return any(match.score.bits >= enough for match in examined.values())


def _fitting(examined: dict[int, Match]) -> list[Match]:
    """Those worth showing, best first."""
    best = max((match.score.bits for match in examined.values()), default=0.0)
    bound = max(WEIGHTS["shown_from"], best - WEIGHTS["behind_best"])
    fitting = [match for match in examined.values() if match.score.bits >= bound]
    return sorted(fitting, key=lambda match: (-match.score.bits, match.child_id))


def _refinement(criteria: Criteria, matches: list[Match]) -> str:
    """The criterion not given yet that tells the most of them apart."""
    candidates = {
        "the date of birth": None if criteria.date_of_birth else {match.summary.date_of_birth for match in matches},
        "the given name": None if criteria.given else {match.summary.names[0].given for match in matches},
        "the family name": None if criteria.family else {match.summary.names[0].family for match in matches},
        "the full postcode": None if " " in criteria.postcode else {match.summary.postcode for match in matches},
        "the gender": None if criteria.gender else {match.summary.gender for match in matches},
        "part of the postcode": None
        if criteria.postcode
        else {normalise.district(match.summary.postcode) for match in matches},
    }
    missing = {name: len(values) for name, values in candidates.items() if values is not None}
    return max(missing, key=lambda name: missing[name]) if missing else "one of the child's numbers"
