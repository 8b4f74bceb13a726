"""What people decided about doubtful rows, and what follows of it for the bounds of a feed. Pure.

A row is linked by itself from `link` on, and a record is not meant below `doubt`: odds in bits, as weights.py has them.
Both begin where weights.json says. What is suggested here is put in force by a person, and by nobody else. Shares are
held against exact binomial tests at 95 %, each night anew, so that a few decisions suggest nothing, whatever they say:
to link without a person takes some 3,000 decisions of which none was "another child".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, lgamma, log, log1p

CHANCE = 0.05
# Linked by mistake at most, of rows that would be linked (the goal for a feed), and of those that fit least well.
WRONG_LINKS = 0.001
WRONG_LINKS_AT_THE_BOUND = 0.01
# Of records that would be meant no more, so many at most are the child; and from so many on, more are looked for below.
MISSED = 0.01
MISSED_AT_THE_BOUND = 0.05
FOUND = 0.1
FEWEST = 50  # decisions from which that is said at all
STEP = 1.0
LOOKED_FURTHER = 2.0
LOWEST_LINK = 0.0
LOWEST_DOUBT = -10.0
HIGHEST_DOUBT = 5.0


class Moves(StrEnum):
    """Which bound is moved."""

    LINK = "link"
    DOUBT = "doubt"


@dataclass(frozen=True, slots=True)
class Pair:
    """Where, in bits, a row and a record lay of which people have decided; whether it would have been linked but for
    those bits, and whether it is the same child."""

    bits: float
    fits: bool
    same: bool


@dataclass(frozen=True, slots=True)
class Limits:
    """Both bounds, in bits."""

    link: float
    doubt: float


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The bounds that are suggested, and why: how many decisions there are about what is moved, and how many of them
    speak against it."""

    moves: Moves
    limits: Limits
    decided: int
    against: int


def suggestions(pairs: Sequence[Pair], now: Limits) -> list[Suggestion]:
    """What the decisions suggest, each for one bound: what saves most work first."""
    found = (_more_linked(pairs, now), _fewer_doubts(pairs, now), _more_doubts(pairs, now))
    return [each for each in found if each is not None]


def is_rarer(share: float, seen: int, of: int) -> bool:
    """Whether so few would have been seen by chance once in twenty times at most, were the share as large as that."""
    return of > 0 and _at_most(seen, of, share) <= CHANCE


def is_more_frequent(share: float, seen: int, of: int) -> bool:
    """Whether so many would have been seen by chance once in twenty times at most, were the share no larger."""
    return seen > 0 and 1 - _at_most(seen - 1, of, share) <= CHANCE


def _more_linked(pairs: Sequence[Pair], now: Limits) -> Suggestion | None:
    """The lowest bound from which hardly anybody would be linked with another child."""
    found = None
    fitting = [each for each in pairs if each.fits]
    for bound in _down(now.link, max(LOWEST_LINK, now.doubt + STEP)):
        all_ = [each for each in fitting if bound <= each.bits < now.link]
        last = [each for each in all_ if each.bits < bound + STEP]
        wrong = _differing(all_)
        if is_rarer(WRONG_LINKS, wrong, len(all_)) and is_rarer(WRONG_LINKS_AT_THE_BOUND, _differing(last), len(last)):
            found = Suggestion(Moves.LINK, Limits(bound, now.doubt), len(all_), wrong)
    return found


def _fewer_doubts(pairs: Sequence[Pair], now: Limits) -> Suggestion | None:
    """The highest bound below which hardly a record is the child, so that nobody need look."""
    found = None
    for bound in _up(now.doubt, min(HIGHEST_DOUBT, now.link - STEP)):
        all_ = [each for each in pairs if now.doubt <= each.bits < bound]
        last = [each for each in all_ if each.bits >= bound - STEP]
        same, same_last = len(all_) - _differing(all_), len(last) - _differing(last)
        if is_rarer(MISSED, same, len(all_)) and is_rarer(MISSED_AT_THE_BOUND, same_last, len(last)):
            found = Suggestion(Moves.DOUBT, Limits(now.link, bound), len(all_), same)
    return found


def _more_doubts(pairs: Sequence[Pair], now: Limits) -> Suggestion | None:
    """Further down, where of those who fit least well many are the child: so there are more below."""
    bound = now.doubt - LOOKED_FURTHER
    least = [each for each in pairs if now.doubt <= each.bits < now.doubt + LOOKED_FURTHER]
    different = _differing(least)
    if bound < LOWEST_DOUBT or len(least) < FEWEST or not is_more_frequent(FOUND, len(least) - different, len(least)):
        return None
    return Suggestion(Moves.DOUBT, Limits(now.link, bound), len(least), different)


def _differing(pairs: Sequence[Pair]) -> int:
    return sum(not each.same for each in pairs)


def _down(start: float, lowest: float) -> Iterator[float]:
    while (start := start - STEP) >= lowest:
        yield start


def _up(start: float, highest: float) -> Iterator[float]:
    while (start := start + STEP) <= highest:
        yield start


def _at_most(seen: int, of: int, share: float) -> float:
    """The probability of at most so many of so many, each with that share (the binomial distribution)."""
    whole = lgamma(of + 1)
    return sum(
        exp(whole - lgamma(k + 1) - lgamma(of - k + 1) + k * log(share) + (of - k) * log1p(-share))
        for k in range(seen + 1)
    )
