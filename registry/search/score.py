"""How well a candidate fits the criteria: a sum of weights by field, after Fellegi and Sunter (1969).

Each field agrees at some level ("same", "sound", "slip", ...); the level has a weight in bits, log2(m/u), estimated by
`manage.py estimate_weights`, and words that tell the practitioner why this child is shown. A field that disagrees
lowers the sum and never rules a child out.

A search scores hundreds of candidates, and their names repeat: a `Question` takes the criteria apart once, and keeps
the level of each name that it has seen. Nothing is kept beyond the search.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from rapidfuzz.distance import OSA

from pages import postcodes
from registry.rules.retention import age
from registry.search import births, normalise
from registry.search.criteria import Criteria
from registry.search.likeness import AskedName
from registry.values import Summary, SummaryName
from registry.vocabulary import Gender, NameKind

WEIGHTS: dict[str, Any] = json.loads((Path(__file__).parent / "weights.json").read_text())
FAMILY: dict[str, float] = WEIGHTS["family"]
GIVEN: dict[str, float] = WEIGHTS["given"]
BORNE: dict[str, float] = WEIGHTS["borne"]
KIND: dict[str, float] = WEIGHTS["kind"]
SHOWN_FROM: float = WEIGHTS["shown_from"]
NAMES = ("family", "given")
NAMING = (*NAMES, "number")
Levels = tuple[tuple[str, str], ...]

NAME_WORDS = {
    "same": "same {field}",
    "half": "part of the {field}",
    "part": "part of the {field} is similar",
    "known": "{field} is another spelling",
    "sound": "{field} sounds the same",
    "spelt": "{field} sounds the same",
    "slip": "{field} one letter different",
    "initial": "{field} begins with that letter",
    "near": "{field} similar",
    "begin": "{field} begins the same",
}
GIVEN_NAME_WORDS = NAME_WORDS | {"known": "{field} is a short form or another spelling"}
BORN_WORDS = {
    "same": "same date of birth",
    "swapped": "day and month of birth swapped",
    "day_out": "date of birth one day different",
    "days_out": "date of birth a few days different",
    "month_out": "date of birth one month different",
    "slip": "date of birth one digit different",
    "year_out": "date of birth one year different",
    "year": "same year of birth; the day may not be known",
}
MONTH_WORDS = {
    "same": "same month and year of birth",
    "month_out": "month of birth one different",
    "year": "same year of birth",
    "year_out": "year of birth one different",
}
YEAR_WORDS = {"same": "same year of birth", "year_out": "year of birth one different"}
AGE_WORDS = {"same": "of that age", "year_out": "about that age"}
POSTCODE_WORDS = {
    "same": "same postcode",
    "slip": "postcode one character different",
    "district": "same area",
}
STREET_WORDS = {
    "same": "same house and street",
    "kind": "same house, in a street of that name",
    "street": "same street",
}
KIND_WORDS = {NameKind.FORMER: "by a former name", NameKind.KNOWN_AS: "by a name they are known as"}
SWAPPED_WORDS = "names the other way round"
WORDS: dict[str, dict[str, str]] = {
    "family": {level: words.format(field="family name") for level, words in NAME_WORDS.items()},
    "given": {level: words.format(field="given name") for level, words in GIVEN_NAME_WORDS.items()},
    "kind": {str(kind): words for kind, words in KIND_WORDS.items()},
    "order": {"swapped": SWAPPED_WORDS},
    "number": {"same": "same number"},
    "born": BORN_WORDS,
    "month_of_birth": MONTH_WORDS,
    "year_of_birth": YEAR_WORDS,
    "age": AGE_WORDS,
    "postcode": POSTCODE_WORDS,
    "street": STREET_WORDS,
}


# What a child who has the number that was asked may differ in, as far as a result shows it. It shows no street, and of
# a postcode the district alone: see registry.views.showing.
DIFFERS = {
    "family": "family name",
    "given": "given name",
    "born": "date of birth",
    "month_of_birth": "date of birth",
    "year_of_birth": "date of birth",
    "age": "age",
    "gender": "gender",
}


class Score(NamedTuple):
    """A sum of weights in bits, and the level of each field that it comes from."""

    bits: float
    levels: tuple[tuple[str, str], ...]

    @property
    def names_somebody(self) -> bool:
        """Whether a name or a number agrees: by place and date alone nobody is shown, for that would be trawling."""
        return any(field_ in NAMING and level != "other" for field_, level in self.levels)

    @property
    def why(self) -> tuple[str, ...]:
        """Why, in words."""
        return tuple(WORDS[field_][level] for field_, level in self.levels if level in WORDS.get(field_, {}))

    @property
    def found_by_number(self) -> bool:
        """Whether it is the child who has the number that was asked."""
        return ("number", "same") in self.levels

    @property
    def differs(self) -> tuple[str, ...]:
        """In what a child found by number is not as asked, in words: a number leads to them whatever else was given."""
        if not self.found_by_number:
            return ()
        return tuple(DIFFERS[field_] for field_, level in self.levels if level == "other" and field_ in DIFFERS)


@dataclass
class Question:
    """Criteria, ready to be held against one summary after another."""

    criteria: Criteria
    _born: dict[date, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        given, family = self.criteria.given, self.criteria.family
        self._given = AskedName(given, is_given=True) if given else None
        self._family = AskedName(family, is_given=False) if family else None
        # What was written in the wrong box is a forename or a family name all the same.
        self._given_swapped = AskedName(family, is_given=True) if family else None
        self._family_swapped = AskedName(given, is_given=False) if given else None
        self._house = normalise.house_number(self.criteria.house)
        self._street = normalise.street(self.criteria.street)
        self._kind_of_street = normalise.kind_of_street(self.criteria.street)

    @cached_property
    def ideal(self) -> float:
        """What a child would score who fits everything that was given."""
        asked = self.criteria
        given = {
            "given": asked.given,
            "family": asked.family,
            "born": asked.date_of_birth,
            "postcode": postcodes.is_full(asked.postcode),
            "gender": asked.gender,
            "number": asked.number,
            "month_of_birth": asked.month_of_birth,
            "year_of_birth": asked.year_of_birth is not None and not asked.month_of_birth,
            "age": asked.age is not None and not asked.date_of_birth and asked.year_of_birth is None,
            "street": asked.street,
        }
        bits = float(sum(WEIGHTS[field_]["same"] for field_, value in given.items() if value))
        if asked.date_of_birth and births.is_made_up(asked.date_of_birth):
            bits += WEIGHTS["born"]["year"] - WEIGHTS["born"]["same"]
        if asked.postcode and not postcodes.is_full(asked.postcode):
            bits += WEIGHTS["postcode"]["district"]
        return bits

    def score(self, summary: Summary) -> Score:
        """How well `summary` fits: its best name counts."""
        asked = self.criteria
        others: list[tuple[str, str]] = []
        if asked.number:
            others.append(("number", "same" if asked.number in (summary.number, *summary.numbers) else "other"))
        others += self._birth(summary.date_of_birth)
        if asked.gender and summary.gender != Gender.NOT_SPECIFIED:
            others.append(("gender", "same" if asked.gender == summary.gender else "other"))
        if asked.postcode:
            others.append(("postcode", postcode_level(asked.postcode, summary.postcode)))
        if asked.street:
            others.append(("street", self._street_level(summary.lines)))
        rest = sum(WEIGHTS[field_][level] for field_, level in others)
        bits, levels = max((self._name_score(name, rest) for name in summary.names), key=itemgetter(0))
        return Score(bits + rest, (*levels, *others))

    def settled(self, scores: Sequence[Score]) -> list[Score]:
        """The same scores, each in the light of all the others.

        Whoever types a name wrong seldom types another that there is: so who bears one a letter off is hardly meant
        where somebody bears the name as it was asked.
        """
        found = {level for each in scores for level in each.levels}
        less = {(name, level): bits for name in NAMES if (name, "same") in found for level, bits in BORNE.items()}
        if found.isdisjoint(less):
            return list(scores)
        return [each._replace(bits=each.bits + sum(less.get(level, 0.0) for level in each.levels)) for each in scores]

    def _birth(self, held: date) -> Levels:
        """The level of the date of birth, of as much as is known of it, or of the age: of the first that is given."""
        asked = self.criteria
        if asked.date_of_birth:
            return (("born", self._born_level(asked.date_of_birth, held)),)
        if asked.year_of_birth is not None and asked.month_of_birth:
            return (("month_of_birth", births.month_level((asked.year_of_birth, asked.month_of_birth), held)),)
        if asked.year_of_birth is not None:
            return (("year_of_birth", births.year_level(asked.year_of_birth, held)),)
        return (("age", age_level(asked.age, age(held, asked.today))),) if asked.age is not None else ()

    def _name_score(self, name: SummaryName, rest: float) -> tuple[float, Levels]:
        straight = _names(self._given, self._family, name, rest)
        if straight[0] > 0 or rest < 0:  # nobody is shown for names the other way round alone
            return straight
        bits, levels = _names(self._given_swapped, self._family_swapped, name, rest)
        costs = WEIGHTS["order"]["swapped"] if name.given and name.family else 0.0  # of one name there is no order
        swapped = bits + costs, (*levels, ("order", "swapped"))
        return max(straight, swapped, key=itemgetter(0))

    def _born_level(self, asked: date, held: date) -> str:
        level = self._born.get(held)
        if level is None:
            level = self._born[held] = births.level(asked, held)
        return level

    def _street_level(self, lines: str) -> str:
        return street_level((self._house, self._street, self._kind_of_street), lines)


def score(criteria: Criteria, summary: Summary) -> Score:
    """How well `summary` fits. For many summaries, keep a `Question`."""
    return Question(criteria).score(summary)


def ideal(criteria: Criteria) -> float:
    """What a child would score who fits everything that was given."""
    return Question(criteria).ideal


def _names(given: AskedName | None, family: AskedName | None, name: SummaryName, rest: float) -> tuple[float, Levels]:
    """Bits and levels of the names, where all other fields come to `rest`.

    The given name is not compared when even the right one could not bring the child among those who are shown. A name
    that a child of one name does not have disagrees with none.
    """
    bits, levels = 0.0, []
    if family and (name.family or not given):
        level = family.level(name.family) if name.family else "other"
        bits += FAMILY[level]
        levels.append(("family", level))
    if given and (name.given or not family):
        hopeless = bits + GIVEN["same"] + rest < SHOWN_FROM
        level = given.level(name.given) if name.given and not hopeless else "other"
        bits += GIVEN[level]
        levels.append(("given", level))
    if name.kind != NameKind.LEGAL:
        levels.append(("kind", name.kind))
        bits += KIND[name.kind]
    return bits, tuple(levels)


def age_level(asked: int, held: int) -> str:
    """How well an age that may be guessed agrees."""
    distance = abs(asked - held)
    return {0: "same", 1: "year_out"}.get(distance, "other")


def postcode_level(asked: str, held: str) -> str:
    """How well a postcode, or a part of one, agrees."""
    if not held:
        return "other"
    if asked == held:
        return "same"
    if not postcodes.is_full(asked):
        return "district" if held.startswith(asked if " " in asked else f"{asked} ") else "other"
    if OSA.distance(asked, held, score_cutoff=1) <= 1:
        return "slip"
    return "district" if postcodes.district(asked) == postcodes.district(held) else "other"


def street_level(asked: tuple[str, str, str], lines: str) -> str:
    """How well house, street and its kind, normalised, agree with the lines of an address."""
    house, street = normalise.house_and_street(lines) if lines else ("", "")
    if street != asked[1]:
        return "other"
    if house != asked[0]:
        return "street"
    # Oak Road is not Oak Close; but many say "Oak" alone.
    return "kind" if "" != asked[2] != (normalise.kind_of_street(lines) or asked[2]) else "same"
