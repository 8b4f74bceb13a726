"""Weights estimated from pairs of which nobody says who is whom: after Fellegi and Sunter (1969), and Winkler (1988).

Three kinds of pair are mixed among the candidates: of one child (`match`), of children of one home (`home`), and of
strangers. With two, brothers and sisters would be taken for the same child: they share a family name and a home, as
strangers never do. How often each level comes among matches (m) and at home is found by expectation and maximisation
(Dempster, Laird and Rubin 1977). How often among strangers (u) is counted over random pairs, and stays. Within a kind
fields are taken to be independent. Plain Python: pairs with the same levels are counted once, so that 100,000 pairs are
some thousand patterns, and an estimate takes seconds.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import exp, log, log2
from typing import Final

from feeds.matching.comparing import Levels

Shares = dict[str, dict[str, float]]  # of a field, the share of each level
Patterns = Mapping[Levels, int]

MATCH: Final = "match"
HOME: Final = "home"
STRANGERS: Final = "strangers"
ROUNDS = 500
SETTLED = 1e-7  # of the likelihood, where another round would change nothing
SEEN_BEFORE = 0.5  # times that each level is taken to have been seen already: none is impossible
RAREST = 1e-12

# Where estimating begins: what is so, whatever the data, of a child and of brothers and sisters.
BEGIN: dict[str, Shares] = {
    MATCH: {
        "family": {"same": 0.9, "other": 0.02},
        "given": {"same": 0.9, "other": 0.01},
        "born": {"same": 0.95, "other": 0.01},
        "home": {"home": 0.8, "other": 0.1},
        "gender": {"same": 0.99, "other": 0.01},
        "nhs": {"same": 0.99, "other": 0.01},
        "upn": {"same": 0.99, "other": 0.01},
        "guardian": {"same": 0.9, "other": 0.1},
    },
    HOME: {
        "family": {"same": 0.9, "other": 0.05},
        "given": {"same": 0.01, "other": 0.9},
        "born": {"same": 0.05, "other": 0.9},
        "home": {"home": 0.9, "other": 0.05},
        "gender": {"same": 0.5, "other": 0.5},
        "nhs": {"same": 0.001, "other": 0.999},
        "upn": {"same": 0.001, "other": 0.999},
        "guardian": {"same": 0.9, "other": 0.1},
    },
}
BEGIN_MIXED = {MATCH: 0.4, HOME: 0.2, STRANGERS: 0.4}
CONTRARY = dict.fromkeys(("family", "given", "born", "gender", "home", "nhs", "upn", "guardian"), frozenset({"other"}))


@dataclass(frozen=True, slots=True)
class Estimate:
    """What was found: how the pairs are mixed, and the shares of each level in each kind of pair."""

    mixed: dict[str, float]
    shares: dict[str, Shares]


def count(compared: Iterable[Levels]) -> Counter[Levels]:
    """Pairs with the same levels, counted."""
    return Counter(compared)


def estimate(
    candidates: Patterns,
    strangers: Patterns,
    *,
    begin: Mapping[str, Shares] = BEGIN,
    mixed: Mapping[str, float] = BEGIN_MIXED,
) -> Estimate:
    """How often each level comes among matches and at home, from candidate pairs of all kinds, and from random ones."""
    known = _levels_of({**candidates, **strangers})
    shares = {kind: _completed(of_kind, known) for kind, of_kind in begin.items()}
    shares[STRANGERS] = _counted(strangers, known)
    mix, likelihood = dict(mixed), float("-inf")
    for _round in range(ROUNDS):
        before, likelihood = likelihood, 0.0
        times: dict[str, float] = dict.fromkeys(shares, 0.0)
        counts: dict[str, dict[str, dict[str, float]]] = {kind: _nothing_counted(known) for kind in begin}
        logs = {kind: _logs(of_kind) for kind, of_kind in shares.items()}
        for levels, seen in candidates.items():
            parts = {
                kind: exp(sum((logs[kind][field][level] for field, level in levels), log(max(mix[kind], RAREST))))
                for kind in shares
            }
            total = sum(parts.values()) or RAREST
            likelihood += seen * log(total)
            for kind, part in parts.items():
                times[kind] += seen * part / total
                if kind in counts:
                    for field, level in levels:
                        counts[kind][field][level] += seen * part / total
        mix = {kind: each / max(sum(times.values()), RAREST) for kind, each in times.items()}
        shares |= {kind: _smoothed(of_kind, known) for kind, of_kind in counts.items()}
        if likelihood - before < SETTLED * abs(likelihood):
            break
    return Estimate(mix, shares)


def weights_of(found: Estimate) -> dict[str, dict[str, float]]:
    """Bits of each level: log2(m / u). What is contrary never speaks for a child, whatever chance has it.

    Nor does the order of names that agree: that they agree has been counted. Of which kind they are is worth nothing,
    since it is not known who has names of which kind.
    """
    weights: dict[str, dict[str, float]] = {}
    for field, levels in found.shares[MATCH].items():
        chance = found.shares[STRANGERS][field]
        if field == "order":
            chance = dict.fromkeys(levels, max(levels.values()))
        contrary = CONTRARY.get(field, ())
        bits = {level: log2(max(share, RAREST) / max(chance[level], RAREST)) for level, share in levels.items()}
        weights[field] = {
            level: round(min(each, 0.0) if level in contrary else each, 1) for level, each in bits.items()
        }
    return weights


def _levels_of(patterns: Patterns) -> dict[str, list[str]]:
    known: dict[str, dict[str, None]] = defaultdict(dict)
    for levels in patterns:
        for field, level in levels:
            known[field][level] = None
    return {field: list(levels) for field, levels in known.items()}


def _completed(shares: Shares, known: Mapping[str, list[str]]) -> Shares:
    """With a share for each level that is known: those that it does not have share what is left, or hardly anything."""
    whole: Shares = {}
    for field, levels in known.items():
        given = shares.get(field, {})
        missing = [level for level in levels if level not in given]
        left = max(1.0 - sum(given.values()), RAREST)
        whole[field] = {level: given.get(level, left / max(len(missing), 1)) for level in levels}
    return whole


def _counted(patterns: Patterns, known: Mapping[str, list[str]]) -> Shares:
    counts = _nothing_counted(known)
    for levels, times in patterns.items():
        for field, level in levels:
            counts[field][level] += times
    return _smoothed(counts, known)


def _nothing_counted(known: Mapping[str, list[str]]) -> dict[str, dict[str, float]]:
    return {field: dict.fromkeys(levels, 0.0) for field, levels in known.items()}


def _smoothed(counts: Mapping[str, Mapping[str, float]], known: Mapping[str, list[str]]) -> Shares:
    smoothed: Shares = {}
    for field, levels in known.items():
        seen = {level: counts[field][level] + SEEN_BEFORE for level in levels}
        total = sum(seen.values())
        smoothed[field] = {level: times / total for level, times in seen.items()}
    return smoothed


def _logs(shares: Shares) -> dict[str, dict[str, float]]:
    return {field: {level: log(max(share, RAREST)) for level, share in of.items()} for field, of in shares.items()}
