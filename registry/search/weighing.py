"""Weights estimated from data: how often fields agree for one child, and how often by chance.

A weight is log2(m / u) (Fellegi and Sunter 1969): m the share of searches at which the child who is meant agrees at
that level, u the share at which another child does. u is counted over all pairs of a population, one child of each
household. m cannot be counted without a log of searches whose child is known; until there is one it is MISTAKES: what
practitioners get wrong, as assumed. Both stand in the file that they make.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from math import log2
from typing import Any

from registry.rules.retention import age
from registry.search import births, normalise, score
from registry.search.likeness import AskedName
from registry.values import Summary

# The share of searches in which the field that is given agrees with the record at that level.
MISTAKES: dict[str, dict[str, float]] = {
    "family": {
        "same": 0.845, "half": 0.03, "known": 0.01, "sound": 0.02, "spelt": 0.03, "slip": 0.03, "near": 0.01,
        "begin": 0.002, "part": 0.003, "other": 0.02,
    },
    "given": {
        "same": 0.797, "half": 0.02, "known": 0.06, "sound": 0.02, "spelt": 0.03, "slip": 0.03, "near": 0.01,
        "begin": 0.01, "part": 0.003, "other": 0.02,
    },
    "born": {
        "same": 0.925, "swapped": 0.01, "day_out": 0.008, "days_out": 0.003, "month_out": 0.005, "slip": 0.025,
        "year_out": 0.01, "year": 0.004, "other": 0.01,
    },
    "month_of_birth": {"same": 0.85, "month_out": 0.05, "year": 0.06, "year_out": 0.02, "other": 0.02},
    "year_of_birth": {"same": 0.84, "year_out": 0.13, "other": 0.03},
    "age": {"same": 0.60, "year_out": 0.35, "other": 0.05},
    "gender": {"same": 0.985, "other": 0.015},
    "postcode": {"same": 0.80, "slip": 0.04, "district": 0.08, "other": 0.08},
    "street": {"same": 0.78, "kind": 0.03, "street": 0.09, "other": 0.10},
    "order": {"same": 0.95, "swapped": 0.05},
}  # fmt: skip
# Of the names that are typed wrong at such a level, the share that make another name that somebody bears.
MAKE_A_NAME = {"spelt": 0.25, "slip": 0.1, "near": 0.1}
# Of those who have such a name too, the share that are asked for by it.
ASKED_BY = {"known_as": 0.4, "former": 0.2}


@dataclass(frozen=True, slots=True)
class _Field:
    """A field's values in the population, and how two of them compare."""

    values: Sequence[Any]
    level: Callable[[Any, Any], str]


def estimate(population: Sequence[Summary], today: date) -> dict[str, dict[str, float]]:
    """The weight of each level of each field, in bits. Takes time by the square of the distinct values."""
    weights = {}
    for name, field in _fields(population, today).items():
        chance = by_chance(field.values, field.level)
        least = 0.5 / len(population) ** 2
        weights[name] = {
            level: round(log2(share / max(chance.get(level, 0.0), least)), 1) for level, share in MISTAKES[name].items()
        }
        if name in ("family", "given"):
            weights[name]["initial"] = _of_an_initial(field.values)
    # Names come in the one order or the other for everybody alike, and what somebody bears is seen in a search.
    order = MISTAKES["order"]
    weights["order"] = {level: round(log2(share / order["same"]), 1) for level, share in order.items()}
    weights["kind"] = {kind: round(log2(share), 1) for kind, share in ASKED_BY.items()}
    weights["borne"] = {level: round(log2(share), 1) for level, share in MAKE_A_NAME.items()}
    return weights


def _of_an_initial(names: Sequence[str]) -> float:
    """The weight of an initial that agrees: right for the child who is meant, and by chance as letters repeat."""
    letters = Counter(normalise.whole_name(name)[:1] for name in names)
    return round(-log2(sum((count / letters.total()) ** 2 for count in letters.values())), 1)


def by_chance(values: Sequence[Any], level: Callable[[Any, Any], str]) -> dict[str, float]:
    """The share of pairs of two different children that agree at each level."""
    counts = Counter(values)
    pairs: Counter[str] = Counter()
    for asked, of_asked in counts.items():
        for held, of_held in counts.items():
            pairs[level(asked, held)] += of_asked * (of_held - 1 if held == asked else of_held)
    return {each: count / pairs.total() for each, count in pairs.items()}


def _fields(population: Sequence[Summary], today: date) -> dict[str, _Field]:
    given = [each.names[0].given for each in population]
    family = [each.names[0].family for each in population]
    dates = [each.date_of_birth for each in population]
    asked_given = {name: AskedName(name, is_given=True) for name in given}
    asked_family = {name: AskedName(name, is_given=False) for name in family}
    asked_streets = {
        each.lines: (*normalise.house_and_street(each.lines), normalise.kind_of_street(each.lines))
        for each in population
    }
    return {
        "family": _Field(family, lambda asked, held: asked_family[asked].level(held)),
        "given": _Field(given, lambda asked, held: asked_given[asked].level(held)),
        "born": _Field(dates, births.level),
        "month_of_birth": _Field(dates, lambda asked, held: births.month_level((asked.year, asked.month), held)),
        "year_of_birth": _Field(dates, lambda asked, held: births.year_level(asked.year, held)),
        "age": _Field([age(each.date_of_birth, today) for each in population], score.age_level),
        "gender": _Field([each.gender for each in population], lambda one, other: "same" if one == other else "other"),
        "postcode": _Field([each.postcode for each in population if each.postcode], score.postcode_level),
        "street": _Field(
            [each.lines for each in population if each.lines],
            lambda asked, held: score.street_level(asked_streets[asked], held),
        ),
    }
