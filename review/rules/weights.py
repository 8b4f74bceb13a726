"""Weights and thresholds, from weights.toml. What is wrong there is found when the process starts."""

from functools import cache
from pathlib import Path

import msgspec

FILE = Path(__file__).parent / "weights.toml"


class Score(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From findings to a case, and from cases to a desk; the file says of each what it is measured in."""

    threshold: float
    urgent: float
    again: float
    names: float
    days: int
    budget: int
    sample: float
    sample_unexplained: float
    judged: int
    overdue: int
    answer: int
    fewest_decided: int


class Weight(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a finding is worth at most, and what the rule reckons it by; weights.toml says of each what it means."""

    why: str
    most: float
    floor: float = 0.0
    fewest: int = 0
    each: float = 0.0
    days: int = 0
    again: float | None = None

    def within(self, bits: float) -> float:
        """`bits`, and neither less than nothing nor more than `most`."""
        return min(self.most, max(0.0, bits))


class Weights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of it."""

    score: Score
    rules: dict[str, Weight]


@cache
def weights() -> Weights:
    """As the file says."""
    return msgspec.toml.decode(FILE.read_bytes(), type=Weights)
