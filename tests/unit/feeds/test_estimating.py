"""The estimator finds what pairs were made of, of which nobody said who is whom."""

from collections import Counter
from math import log2
from random import Random

import pytest

from feeds.matching.comparing import Levels
from feeds.matching.estimating import HOME, MATCH, STRANGERS, Shares, count, estimate, weights_of
from feeds.matching.weights import current

TRUE: dict[str, Shares] = {
    MATCH: {
        "family": {"same": 0.93, "slip": 0.05, "other": 0.02},
        "given": {"same": 0.90, "slip": 0.07, "other": 0.03},
        "born": {"same": 0.96, "slip": 0.03, "other": 0.01},
        "home": {"home": 0.85, "other": 0.15},
    },
    HOME: {
        "family": {"same": 0.95, "slip": 0.01, "other": 0.04},
        "given": {"same": 0.004, "slip": 0.006, "other": 0.99},
        "born": {"same": 0.06, "slip": 0.04, "other": 0.90},
        "home": {"home": 0.97, "other": 0.03},
    },
    STRANGERS: {
        "family": {"same": 0.004, "slip": 0.002, "other": 0.994},
        "given": {"same": 0.005, "slip": 0.003, "other": 0.992},
        "born": {"same": 0.0002, "slip": 0.003, "other": 0.9968},
        "home": {"home": 0.00001, "other": 0.99999},
    },
}
MIXED = {MATCH: 0.35, HOME: 0.25, STRANGERS: 0.4}
PAIRS = 40_000


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - the same pairs each time


def drawn(shares: Shares, random: Random, *, missing: float = 0.1) -> Levels:
    """A pair: each field has a level, or now and then one of the two has nothing to say."""
    return tuple(
        (field, random.choices(list(levels), list(levels.values()))[0])
        for field, levels in shares.items()
        if random.random() > missing
    )


def pairs(random: Random) -> Counter[Levels]:
    kinds = random.choices(list(MIXED), list(MIXED.values()), k=PAIRS)
    return count(drawn(TRUE[kind], random) for kind in kinds)


def strangers(random: Random) -> Counter[Levels]:
    return count(drawn(TRUE[STRANGERS], random) for _ in range(4 * PAIRS))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_shares_of_matches_are_found_among_pairs_of_all_kinds(seed: int) -> None:
    random = seeded(seed)
    found = estimate(pairs(random), strangers(random))
    for kind, share in MIXED.items():
        assert found.mixed[kind] == pytest.approx(share, abs=0.02)
    for field, levels in TRUE[MATCH].items():
        for level, share in levels.items():
            assert found.shares[MATCH][field][level] == pytest.approx(share, abs=0.015), (field, level)
    for field, levels in TRUE[HOME].items():
        for level, share in levels.items():
            assert found.shares[HOME][field][level] == pytest.approx(share, abs=0.03), (field, level)


def test_brothers_and_sisters_are_no_matches() -> None:
    """With two kinds of pair alone they would be: what they share, strangers never do."""
    random = seeded(4)
    found = estimate(pairs(random), strangers(random))
    assert found.shares[MATCH]["given"]["same"] > 0.85
    assert found.shares[HOME]["given"]["other"] > 0.95


def test_weight_is_the_ratio_of_the_shares_in_bits() -> None:
    random = seeded(5)
    weights = weights_of(estimate(pairs(random), strangers(random)))
    assert weights["family"]["same"] == pytest.approx(log2(0.93 / 0.004), abs=0.4)
    assert weights["given"]["other"] == pytest.approx(log2(0.03 / 0.992), abs=0.8)
    assert weights["born"]["same"] == pytest.approx(log2(0.96 / 0.0002), abs=1)


def test_level_that_was_never_seen_among_strangers_has_bounds() -> None:
    random = seeded(6)
    weights = weights_of(estimate(pairs(random), strangers(random)))
    assert 12 < weights["home"]["home"] < log2(8 * PAIRS)


def test_nothing_contrary_speaks_for_a_child() -> None:
    everybody = count([(("family", "other"), ("born", "same"))] * 50)
    assert weights_of(estimate(everybody, everybody))["family"]["other"] <= 0


def test_weights_that_are_in_use_keep_their_order() -> None:
    """What anybody would say of them, whatever the estimate."""
    fields = current().fields
    for field in ("family", "given", "born", "nhs", "upn", "gender"):
        assert fields[field]["same"] == max(fields[field].values()), field
        assert fields[field]["other"] == min(fields[field].values()), field
        assert fields[field]["other"] < 0, field
    assert fields["home"]["home"] > fields["home"]["postcode"] > 0 > fields["home"]["other"]
    assert fields["given"]["another"] < fields["given"]["slip"]
    assert current().doubt < 0 < current().link
