"""A population, what is stolen of it, what the thief knows; and the truth, which the thief never has."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

import numpy as np

from bench.leakage import knowledge, stores, target
from bench.leakage.graph import Matched
from bench.leakage.knowledge import NOTHING, Knowledge
from bench.leakage.scoring import Truth
from bench.leakage.stores import Levers, Store
from bench.leakage.target import Integers, Person

STRANGERS = 7  # added to the seed: another England, whose children are not in the registry


@dataclass(frozen=True, slots=True)
class Crime:
    """A stolen store with what the thief knows. `truth` is for scoring alone, `same` for those known by sight."""

    store: Store
    knowledge: Knowledge
    truth: Truth
    same: tuple[Integers, Integers]  # rows, and the same children among the known

    def known(self, count: int, random: Random) -> Matched:
        """So many children whose rows the thief knows: say, their own school's."""
        chosen = random.sample(range(len(self.same[0])), min(count, len(self.same[0])))
        return Matched(self.same[0][chosen], self.same[1][chosen])


class Scene:
    """A population of so many children, from which thefts are made."""

    def __init__(self, children: int, seed: int) -> None:
        self.people = target.population(children, seed)
        self._seed = seed
        self._coding = target.Coding()
        self.attributes = self._coding.of(self.people)

    def crimes(self, overlap: float = 1.0) -> Iterator[Crime]:
        """Each of the three stores stolen, tokens first."""
        yield self.tokens(Levers(), overlap)
        for make in (stores.deterministic, stores.blind_index):
            yield self._crime(make(self.people), knowledge.of_fields, overlap)

    def tokens(self, levers: Levers, overlap: float) -> Crime:
        """The registry's tokens stolen."""
        store = stores.tokens(self.people, levers, levers.tokeniser(len(self.people)))
        return self._crime(store, knowledge.of_tokens, overlap)

    def truth_in_order(self) -> Truth:
        """The truth of `people` as they stand."""
        return Truth(self.attributes)

    def _crime(self, store: Store, knows: Callable[[list[Person], Integers], Knowledge], overlap: float) -> Crime:
        random = Random(self._seed)
        known = self._known(overlap, random)
        order = np.array(random.sample(range(store.rows), store.rows))
        people = np.full((store.rows, self.attributes.shape[1]), NOTHING)
        people[: len(self.people)] = self.attributes
        return Crime(
            stores.in_order(store, order),
            knows(known, self._coding.of(known)),
            Truth(people[order]),
            self._same(order, known),
        )

    def _known(self, overlap: float, random: Random) -> list[Person]:
        strangers = target.population(round(len(self.people) * (1 - overlap)) + 10, self._seed + STRANGERS)
        return target.overlapping(self.people, strangers, overlap, random)

    def _same(self, order: Integers, known: list[Person]) -> tuple[Integers, Integers]:
        places = {id(person): place for place, person in enumerate(self.people)}
        rows = np.argsort(order)
        both = [(rows[places[id(one)]], place) for place, one in enumerate(known) if id(one) in places]
        return np.array([row for row, _ in both]), np.array([place for _, place in both])
