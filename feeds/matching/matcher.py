"""Blocks of rows matched: whom each may be about, how well they agree, and what is decided."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property

from feeds.matching import candidates, weights
from feeds.matching.ahead import Ahead
from feeds.matching.comparing import Comparing, Held, numbers_of
from feeds.matching.deciding import Candidate, Code, Decision, Outcome, decide
from feeds.matching.remembered import Remembered, as_held
from feeds.matching.weights import Weights
from feeds.rows import Row
from registry.search import index

Keys = Callable[[Sequence[str]], Mapping[str, int]]


def no_keys(_keys: Sequence[str]) -> Mapping[str, int]:
    """Of a supplier from whom nothing came before."""
    return {}


class Matcher:
    """Matches the rows of one batch, by the worker. It holds what is hidden of children: not to be kept longer.

    `linked` tells of a supplier's own keys which child each has led to before. A block of 500 to 2,000 rows is a good
    size: what is the same for all of them is asked once. What came of one block must be on record before the next is
    matched; what others made meanwhile, `are_new` tells.
    """

    def __init__(self, linked: Keys = no_keys, *, by: Weights | None = None) -> None:
        self._linked = linked
        self._weights = by or weights.current()
        self._ahead = Ahead()

    @cached_property
    def _hidden(self) -> candidates.Hidden:
        """Opened for the first row that has to be matched."""
        return candidates.Hidden()

    def close(self) -> None:
        """What it asked ahead is not waited for any more."""
        self._ahead.close()

    def match(self, rows: Sequence[Row], coming: Sequence[Row] = (), *, but: Collection[int] = ()) -> list[Decision]:
        """What is to become of each row, in order. Call it in the transaction that does it, or ask again there.

        `but` are children about whom somebody decided that they are not meant.
        `coming` are the rows of the next block, with their places in the batch: where half as many of these had to be
        looked up in the index, it is asked of those already.
        """
        self._hidden.refresh()
        block = _Block(rows, self._linked, self._weights, self._hidden, but)
        found = candidates.by_number(rows)
        for place, child_id in block.known.items():
            found[place].add(child_id)
        decisions = block.decide(range(len(rows)), found)
        # Beside those known by a number only the shielded were looked at yet.
        left = [place for place, each in enumerate(decisions) if not each.is_certain]
        said = candidates.by_what_is_said({place: rows[place] for place in left}, self._ahead)
        if 2 * len(left) > len(coming) > 0:
            self._ahead.ask(coming, index.serving())
        for place, children in said.items():
            found[place] |= children
        for place in left:
            found[place].update(self._hidden.severed_like(rows[place]))
        for place, decision in zip(left, block.decide(left, found), strict=True):
            decisions[place] = decision
        return _beside_each_other(rows, decisions, self._weights, block.children)

    def are_new(self, rows: Sequence[Row], children: Sequence[int]) -> bool:
        """Whether each row is about none of these children, beyond doubt."""
        others = Remembered()
        for held in candidates.read(children).values():
            others.add(held)
        alike = [(row, set(like)) for row in rows if (like := others.like(row))]
        block = _Block([row for row, _like in alike], no_keys, self._weights, self._hidden, ())
        found = dict(enumerate(like for _row, like in alike))
        return all(each.outcome == Outcome.NEW for each in block.decide(found, found))


class _Block:
    """The rows of a block, each taken apart once, and the records that were read for any of them."""

    def __init__(
        self, rows: Sequence[Row], linked: Keys, by: Weights, hidden: candidates.Hidden, but: Collection[int]
    ) -> None:
        keys = linked([key for row in rows for key in (row.key, row.superseded_by) if key])
        led = {place: keys.get(row.key, keys.get(row.superseded_by)) for place, row in enumerate(rows)}
        self.known = {place: child_id for place, child_id in led.items() if child_id is not None}
        self.children = float(index.serving().bits)  # as many as there are children, in bits: see index.bits_for
        self._comparing = [Comparing(row, self.known.get(place)) for place, row in enumerate(rows)]
        self._weights = by
        self._hidden = hidden
        self._but = but
        self._held: dict[int, Held] = {}

    def decide(self, places: Iterable[int], found: candidates.Found) -> list[Decision]:
        """What to do with these rows, whom those may be meant by and who is shielded and like them."""
        wanted = list(places)
        self._read({child_id for place in wanted for child_id in found.get(place, ())})
        compared = [self._compared(place, found) for place in wanted]
        decisions = [decide(each, self._weights) for each in compared]
        again = [
            at
            for at, (place, decision) in enumerate(zip(wanted, decisions, strict=True))
            if decision.outcome == Outcome.DOUBT and self._comparing[place].row.guardians
        ]
        self._add_guardians({shown.child_id for at in again for shown in decisions[at].candidates})
        for at in again:
            decisions[at] = decide(self._compared(wanted[at], found), self._weights)
        return decisions

    def _read(self, children: set[int]) -> None:
        missing = children - self._held.keys()
        self._held |= {child_id: self._hidden[child_id] for child_id in missing if child_id in self._hidden}
        self._held |= candidates.read(missing - self._held.keys())

    def _add_guardians(self, children: set[int]) -> None:
        self._held |= candidates.with_guardians(self._held[child_id] for child_id in children)

    def _compared(self, place: int, found: candidates.Found) -> list[Candidate]:
        comparing = self._comparing[place]
        shielded = self._hidden.shielded_like(comparing.row)
        for child_id, held in shielded.items():
            self._held.setdefault(child_id, held)
        children = found.get(place, set()) | shielded.keys()
        return [
            candidate(comparing, self._held[child_id], self._weights, self.children)
            for child_id in children
            if child_id in self._held and child_id not in self._but and comparing.may_be(self._held[child_id])
        ]


def candidate(comparing: Comparing, held: Held, by: Weights, children: float) -> Candidate:
    """A record beside a row: how they agree, and the odds that it is the one of so many children (in bits)."""
    compared = comparing.with_(held)
    return Candidate(held, compared.levels, by.odds(compared, children))


def _beside_each_other(
    rows: Sequence[Row], decisions: Sequence[Decision], by: Weights, children: float
) -> list[Decision]:
    """The same decisions, in the light of the rows before each.

    Whoever is new may come twice. And rows with one number must not lead to two children.
    """
    new = Remembered()
    numbered: dict[tuple[str, str], tuple[int, tuple[str, int]]] = {}
    decided = list[Decision]()
    for place, (row, decision) in enumerate(zip(rows, decisions, strict=True)):
        each = _beside(row, new, by, children) if decision.outcome == Outcome.NEW else decision
        if each.outcome != Outcome.DOUBT:
            leads_to = _leads_to(each, place)
            before = [numbered.setdefault(number, (place, leads_to)) for number in numbers_of(row)]
            if others := [first for first, target in before if target != leads_to]:
                each = Decision(Outcome.DOUBT, Code.NUMBER_CONTRADICTS, candidates=each.candidates, first=others[0])
        if each.outcome == Outcome.NEW:  # not what waits for a person: no record is made for it to lead to
            new.add(as_held(row, place))
        decided.append(each)
    return decided


def _beside(row: Row, new: Remembered, by: Weights, children: float) -> Decision:
    """What to do with a row that is about nobody on record, beside those before it that are not either."""
    comparing = Comparing(row)
    made = decide([candidate(comparing, held, by, children) for held in new.like(row).values()], by)
    if made.outcome == Outcome.NEW:
        return made
    first = made.candidates[0].child_id
    if made.outcome == Outcome.LINK:
        return Decision(Outcome.LINK, Code.TWICE, first=made.child_id)
    return Decision(Outcome.DOUBT, made.code, first=first)


def _leads_to(decision: Decision, place: int) -> tuple[str, int]:
    """The child to whom a row leads: one on record, or the one of whom it, or an earlier row, was the first."""
    if decision.child_id is not None:
        return "child", decision.child_id
    return "row", place if decision.first is None else decision.first
