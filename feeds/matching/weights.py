"""What each level of each field is worth, in bits: log2(m / u), after Fellegi and Sunter (1969).

`manage.py estimate_matching` writes weights.json (estimating.py). How rare the names are that agree counts as well:
that a row and a record are both called Mohammed Khan says less than the average that the weights are made of. Of the
bits that a pair has, as many are used up as there are children, in bits, whom the row could be about by chance. What is
left are the odds that it is the one (`odds`).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from feeds.matching.comparing import Compared

FILE = Path(__file__).with_name("weights.json")


@dataclass(frozen=True, slots=True)
class Weights:
    """`names` is what both names are worth on average where they agree, `link` and `doubt` are odds in bits: from the
    one on a row is linked, below the other the record is not meant. `apart` is by how many bits one record must fit
    better than another."""

    version: int
    fields: Mapping[str, Mapping[str, float]]
    names: float
    link: float
    doubt: float
    apart: float

    def bits(self, compared: Compared) -> float:
        """What a pair agrees in. A level that was never seen says nothing."""
        bits = sum(self.fields.get(field, {}).get(level, 0.0) for field, level in compared.levels)
        return bits + self._rarer(compared)

    def odds(self, compared: Compared, children: float) -> float:
        """The odds in bits that it is the child, of so many children (in bits) of whom one may be meant."""
        return self.bits(compared) - children

    def _rarer(self, compared: Compared) -> float:
        """By how much the names are rarer than those of the average. Common names are, in part, common in slips too."""
        if compared.rarity is None:
            return 0.0
        rarer = compared.rarity - self.names
        exact = all((field, "same") in compared.levels for field in ("family", "given"))
        return rarer if exact else min(rarer, 0.0)


def read(written: Mapping[str, Any]) -> Weights:
    """The weights as `manage.py estimate_matching` writes them."""
    return Weights(
        version=written["version"],
        fields=written["fields"],
        names=written["names"],
        link=written["link"],
        doubt=written["doubt"],
        apart=written["apart"],
    )


@cache
def current() -> Weights:
    """Those of weights.json."""
    return read(json.loads(FILE.read_text(encoding="utf-8")))
