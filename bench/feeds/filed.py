"""People filed in memory as search files them, and rows matched with them: all but the database is the service's.

Tokens, whom they lead to, levels, weights and rules are those of feeds/matching. Only where candidates come from is
another: a dictionary in place of the index.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from bench.leakage.stores import Keyed
from encryption.tokens import Tokeniser
from feeds.matching.comparing import Comparing, Held, numbers_of
from feeds.matching.deciding import Candidate, Decision, decide
from feeds.matching.matcher import candidate
from feeds.matching.remembered import as_summary, of_summary
from feeds.matching.weights import Weights
from feeds.rows import Row
from registry.search.families import NEWEST, SCHEMES, said_of
from registry.search.index import bits_for
from registry.values import Summary

ENOUGH = 2  # tokens in common, as search.sharing_each has it


class Filed:
    """A registry in memory, none of whose children are shielded."""

    def __init__(self, summaries: Sequence[Summary], guardians: Sequence[tuple[tuple[str, str], ...]] = ()) -> None:
        self.children = bits_for(len(summaries))
        self._tokeniser: Tokeniser = Keyed(self.children)
        known = guardians or [()] * len(summaries)
        self.held = [
            replace(of_summary(place, summary), guardians=answer)
            for place, (summary, answer) in enumerate(zip(summaries, known, strict=True))
        ]
        self._filed: dict[int, list[int]] = defaultdict(list)
        self._numbered: dict[tuple[str, str], list[int]] = defaultdict(list)
        for place, summary in enumerate(summaries):
            for token in SCHEMES[NEWEST].child_tokens(summary, self._tokeniser):
                self._filed[token].append(place)
            for number in self.held[place].numbers:
                self._numbered[number].append(place)

    def candidates(self, row: Row) -> list[Held]:
        """Whom the row may be about."""
        shared = Counter(
            place for token in said_of(as_summary(row), self._tokeniser) for place in self._filed.get(token, ())
        )
        found = {place for place, times in shared.items() if times >= ENOUGH}
        found.update(place for number in numbers_of(row) for place in self._numbered.get(number, ()))
        return [self.held[place] for place in sorted(found)]

    def compared(self, row: Row, by: Weights, *, children: float | None = None) -> list[Candidate]:
        """Those, and how they agree. `children` says of how many children, in bits, where there are to be more."""
        comparing = Comparing(row)
        of = float(self.children) if children is None else children
        return [candidate(comparing, held, by, of) for held in self.candidates(row)]

    def decide(self, row: Row, by: Weights, *, children: float | None = None) -> Decision:
        return decide(self.compared(row, by, children=children), by)
