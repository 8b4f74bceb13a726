"""How well a candidate fits the criteria: a sum of weights by field, after Fellegi and Sunter (1969).

Each field agrees at some level ("same", "sound", "slip", ...); the level has a weight in bits and words that tell
the practitioner why this child is shown. A field that disagrees lowers the sum and never rules a child out.
"""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from rapidfuzz.distance import OSA, JaroWinkler

from registry.retention import age
from registry.search import normalise
from registry.search.criteria import Criteria
from registry.values import Summary, SummaryName
from registry.vocabulary import Gender, NameKind

WEIGHTS: dict[str, Any] = json.loads((Path(__file__).parent / "weights.json").read_text())
NEAR = 0.87

NAME_WORDS = {
    "same": "same {field}",
    "half": "part of the {field}",
    "sound": "{field} sounds the same",
    "slip": "{field} one letter different",
    "near": "{field} similar",
}
BORN_WORDS = {
    "same": "same date of birth",
    "swapped": "day and month of birth swapped",
    "slip": "date of birth one digit different",
    "year_out": "date of birth one year different",
}
AGE_WORDS = {"same": "of that age", "year_out": "about that age"}
POSTCODE_WORDS = {
    "same": "same postcode",
    "slip": "postcode one character different",
    "district": "same area",
}
KIND_WORDS = {NameKind.FORMER: "by a former name", NameKind.KNOWN_AS: "by a name they are known as"}


@dataclass(frozen=True, slots=True)
class Score:
    """A sum of weights in bits, and why, in words."""

    bits: float
    why: tuple[str, ...]


@dataclass(slots=True)
class _Sum:
    bits: float = 0.0
    why: tuple[str, ...] = ()

    def add(self, field: str, level: str, words: str | None) -> None:
        self.bits += WEIGHTS[field][level]
        if words:
            self.why = (*self.why, words)


def score(criteria: Criteria, summary: Summary) -> Score:
    """How well `summary` fits: its best name counts."""
    names = max((_name_score(criteria, name) for name in summary.names), key=lambda each: each.bits)
    total = _Sum(names.bits, names.why)
    if criteria.number:
        same = criteria.number in (summary.number, *summary.numbers)
        total.add("number", "same" if same else "other", "same number" if same else None)
    if criteria.date_of_birth:
        level = _born_level(criteria.date_of_birth, summary.date_of_birth)
        total.add("born", level, BORN_WORDS.get(level))
    elif criteria.age is not None:
        level = _age_level(criteria.age, age(summary.date_of_birth, criteria.today))
        total.add("age", level, AGE_WORDS.get(level))
    if criteria.gender and summary.gender != Gender.NOT_SPECIFIED:
        total.add("gender", "same" if criteria.gender == summary.gender else "other", None)
    if criteria.postcode:
        level = _postcode_level(criteria.postcode, summary.postcode)
        total.add("postcode", level, POSTCODE_WORDS.get(level))
    return Score(total.bits, total.why)


def ideal(criteria: Criteria) -> float:
    """What a child would score who fits everything that was given."""
    given = {
        "given": criteria.given,
        "family": criteria.family,
        "born": criteria.date_of_birth,
        "postcode": " " in criteria.postcode,
        "gender": criteria.gender,
        "number": criteria.number,
        "age": criteria.age is not None and not criteria.date_of_birth,
    }
    return float(sum(WEIGHTS[field]["same"] for field, value in given.items() if value))


def _name_score(criteria: Criteria, name: SummaryName) -> _Sum:
    straight = _names(criteria.given, criteria.family, name, None)
    if straight.bits > 0 or not (criteria.given and criteria.family):
        return straight
    swapped = _names(criteria.family, criteria.given, name, "names the other way round")
    return max(straight, swapped, key=lambda each: each.bits)


def _names(given: str, family: str, name: SummaryName, note: str | None) -> _Sum:
    total = _Sum()
    for field, asked, held, called in (
        ("family", family, name.family, "family name"),
        ("given", given, name.given, "given name"),
    ):
        if asked:
            level = _name_level(asked, held, first_alone=field == "given")
            words = NAME_WORDS.get(level)
            total.add(field, level, words.format(field=called) if words else None)
    notes = [words for words in (KIND_WORDS.get(name.kind), note) if words]
    total.why = (*total.why, *notes)
    if note:
        total.bits -= 1.0  # right way round comes first where both fit
    return total


def _name_level(asked: str, held: str, *, first_alone: bool) -> str:
    """The best level at which any word asked for agrees with any word held.

    Of several forenames the first alone is the name people go by (`first_alone`).
    """
    asked_parts, held_parts = normalise.name_parts(asked), normalise.name_parts(held)
    whole_asked, whole_held = "".join(asked_parts), "".join(held_parts)
    if whole_asked == whole_held or (first_alone and asked_parts[:1] == held_parts[:1]):
        return "same"
    if set(asked_parts) & set(held_parts) or whole_asked in held_parts or whole_held in asked_parts:
        return "half"
    pairs = [(left, right) for left in (whole_asked, *asked_parts) for right in (whole_held, *held_parts)]
    if any(normalise.sound(left) == normalise.sound(right) for left, right in pairs):
        return "sound"
    if any(OSA.distance(left, right, score_cutoff=1) <= 1 for left, right in pairs):
        return "slip"
    if any(JaroWinkler.normalized_similarity(left, right) >= NEAR for left, right in pairs):
        return "near"
    return "other"


def _born_level(asked: date, held: date) -> str:
    if asked == held:
        return "same"
    if (asked.year, asked.month, asked.day) == (held.year, held.day, held.month):
        return "swapped"
    if OSA.distance(f"{asked:%Y%m%d}", f"{held:%Y%m%d}", score_cutoff=1) <= 1:
        return "year_out" if abs(asked.year - held.year) == 1 else "slip"
    if (held.month, held.day) == (1, 1) and held.year == asked.year:
        return "slip"  # 1 January stands for a birthday nobody knew
    if (asked.month, asked.day) == (held.month, held.day) and abs(asked.year - held.year) == 1:
        return "year_out"
    return "other"


def _age_level(asked: int, held: int) -> str:
    distance = abs(asked - held)
    return {0: "same", 1: "year_out"}.get(distance, "other")


def _postcode_level(asked: str, held: str) -> str:
    if not held:
        return "other"
    if asked == held:
        return "same"
    if " " not in asked:
        return "district" if asked == normalise.district(held) else "other"
    if OSA.distance(asked, held, score_cutoff=1) <= 1:
        return "slip"
    return "district" if normalise.district(asked) == normalise.district(held) else "other"
