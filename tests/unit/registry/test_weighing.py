"""Weights estimated from a population: what agrees by chance is worth little."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from registry.search import score, weighing


def same_or_other(one: str, other: str) -> str:
    return "same" if one == other else "other"


def test_by_chance_counts_pairs_of_different_children() -> None:
    assert weighing.by_chance(["a", "a", "b"], same_or_other) == {"same": 2 / 6, "other": 4 / 6}


@pytest.mark.parametrize("shares", weighing.MISTAKES.values(), ids=weighing.MISTAKES)
def test_mistakes_are_shares_of_a_whole(shares: dict[str, float]) -> None:
    assert sum(shares.values()) == pytest.approx(1)


def test_command_writes_a_version_with_its_provenance(tmp_path: Path) -> None:
    file = tmp_path / "weights.json"
    call_command("estimate_weights", children=200, seed=3, file=file, stdout=StringIO())
    made = json.loads(file.read_text())
    assert made["version"] == score.WEIGHTS["version"] + 1
    assert "200 children" in made["source"]
    assert "seed 3" in made["source"]
    assert set(made) == set(score.WEIGHTS)
    for field in ("family", "given", "born", "age", "postcode", "street"):
        assert made[field]["other"] < 0 < made[field]["same"] == max(made[field].values())


def test_command_refuses_too_few() -> None:
    with pytest.raises(CommandError, match="200 children or more"):
        call_command("estimate_weights", children=10)
