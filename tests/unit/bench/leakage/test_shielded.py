"""What the table of shielded children counts."""

from random import Random

from bench.leakage import shielded
from bench.leakage.target import population

CHILDREN, SEED = 1500, 5


def test_fewer_siblings_share_a_token_than_before() -> None:
    before, now = shielded.siblings(population(CHILDREN, SEED))
    for told in ("tokens a child", "share one with a sibling %", "of twins %"):
        assert 0 < now[told] < before[told]


def test_visible_fields_find_shielded_children_as_before() -> None:
    rows = {row["kind"]: row for row in shielded.recall(population(CHILDREN, SEED), Random(SEED))}  # noqa: S311 - a seed, no secret
    for kind in ("exact", "family name and date", "given name and date"):
        assert rows[kind]["found now %"] == rows[kind]["found before %"] == 100
    assert rows["given name typed wrong"]["found now %"] > 95
