"""Whether a row is about a child on record, about nobody yet, or doubtful: rules above the weights.

Weights say how well two records agree. They do not know that twins agree in all but the given name, that a number may
be somebody else's, or what a mistake costs. So each record that a row may be about first fits it, or not, by itself:

    clear   it is linked, if nothing else stands in the way
    near    it may be the child: a person decides
    faint   it would be nobody's, but it is shielded or closed: a person decides before anybody is new
    apart   it is not the child

and then all of them together make the decision. Without a number that agrees nobody is clear whose given name is only
alike, whose family name differs or who was born another day; and whose given name is another is apart, however much
else agrees. A number, or the supplier's own key, makes clear what agrees in names and birth; against both it makes
a doubt, never a link. In March 2009 rows that matched nobody made open records beside shielded ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import NamedTuple, Self

from feeds.matching.comparing import RANKS, Held, Levels
from feeds.matching.weights import Weights

MOST_CANDIDATES = 10  # that a person is shown
IDENTIFYING = ("nhs", "upn", "key")
NUMBERS = ("nhs", "upn")
NAMES = ("family", "given")
# Of given names: alike, as those of twins may be. No list of names is whole enough to tell a slip from a name.
MAY_BE_A_TWINS = frozenset({"another", "part", "short", "common", "known", "spelt", "sound", "slip", "near", "begin"})
UNLIKE = "other"


class Outcome(StrEnum):
    """What becomes of a row."""

    LINK = "link", "Linked with a child on record"
    NEW = "new", "About a child who is not on record"
    DOUBT = "doubt", "Held for a person"

    def __new__(cls, value: str, words: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.words = words
        return member

    words: str


class Code(StrEnum):
    """Why it was decided so."""

    KEY = "key", "The supplier’s own number led to the child before"
    NUMBER = "number", "A number is the same, and names and date of birth agree"
    FITS = "fits", "Names, date of birth and address agree"
    TWICE = "twice", "About the same child as an earlier row"
    NOBODY = "nobody", "No child on record is like it"
    UNSURE = "unsure", "A child on record is like it, and not clearly the same"
    ALIKE = "alike", "The given names are alike, and may be those of twins"
    SEVERAL = "several", "More than one child on record is as like it"
    NUMBER_CONTRADICTS = "number_contradicts", "A number says otherwise than names and date of birth"
    SHIELDED = "shielded", "A child who may be meant is shielded"
    CLOSED = "closed", "A record that may be meant is closed"

    def __new__(cls, value: str, words: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.words = words
        return member

    words: str


class Fit(IntEnum):
    """How one record fits a row, by itself."""

    APART = 0
    FAINT = 1
    NEAR = 2
    CLEAR = 3


class Shown(NamedTuple):
    """A candidate as a person is shown it, who decides."""

    child_id: int
    bits: float
    levels: Levels


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that the row may be about: how it agrees, and the odds in bits that it is the one."""

    held: Held
    levels: Levels
    odds: float


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided of a row. `child_id` is set where it is linked with a child on record. `first` is the place of an
    earlier row of the same block that is about the same child, where that child is not on record yet."""

    outcome: Outcome
    code: Code
    child_id: int | None = None
    candidates: tuple[Shown, ...] = ()
    first: int | None = None

    @property
    def is_certain(self) -> bool:
        """Whether nobody else can be meant, whoever there is: a number led to somebody with exactly that given name."""
        by_number = self.outcome == Outcome.LINK and self.code in (Code.NUMBER, Code.KEY)
        return by_number and ("given", "same") in self.candidates[0].levels


@dataclass(frozen=True, slots=True)
class _Judged:
    """A candidate with how it fits."""

    candidate: Candidate
    fit: Fit
    code: Code  # of a clear one, why it is; of a near one, why it is no more
    identified: bool

    @property
    def held(self) -> Held:
        return self.candidate.held


def decide(candidates: Sequence[Candidate], weights: Weights) -> Decision:
    """What to do with a row whom these may be meant by, in any order."""
    judged = sorted(
        (_judge(each, weights) for each in candidates), key=lambda each: (-each.candidate.odds, each.held.child_id)
    )
    fitting = [each for each in judged if each.fit > Fit.APART]
    open_ = [each for each in fitting if not each.held.closed]
    best = _best(open_)
    closed = [each for each in fitting if each.held.closed and not _is_passed_over(each, best)]
    if closed:
        return _doubt(Code.CLOSED, closed)  # and of nobody else: it must not lead to the record under the new name
    if best is None:
        return Decision(Outcome.NEW, Code.NOBODY)
    return _among(open_, best, weights)


def _among(fitting: list[_Judged], best: _Judged, weights: Weights) -> Decision:
    """The decision where some fit, none of them closed."""
    near = [each for each in fitting if each.fit >= Fit.NEAR]
    others = [each for each in near if each is not best and not _is_told_apart(each, best)]
    contradicts = any(each.identified and each.code is Code.NUMBER_CONTRADICTS for each in near) or (
        best.identified and any(_is_better_named(each, best) for each in near)
    )
    if best.fit < Fit.CLEAR or contradicts:
        shielded = any(each.held.shielded for each in fitting)
        return _doubt(Code.SHIELDED if shielded else Code.NUMBER_CONTRADICTS if contradicts else best.code, fitting)
    rivals = [each for each in others if each.fit == Fit.CLEAR and _is_as_good(each, best, weights)]
    if any(each.held.shielded for each in others) or (rivals and best.held.shielded):
        return _doubt(Code.SHIELDED, near)
    if rivals:
        return _doubt(Code.SEVERAL, near)
    return Decision(Outcome.LINK, best.code, best.held.child_id, _shown(near))


def _is_passed_over(closed: _Judged, best: _Judged | None) -> bool:
    """Whether somebody else is meant for certain: by a number, or by a name that is not that of the closed record.

    A name alone does not do: the same family may have both records, and a row under the old name must not lead to the
    new one.
    """
    if closed.identified or best is None or best.fit < Fit.CLEAR:
        return False
    ours, theirs = dict(best.candidate.levels), dict(closed.candidate.levels)
    named = all(ours.get(name) == "same" for name in NAMES) and any(theirs.get(name) != "same" for name in NAMES)
    return best.identified or named


def _is_better_named(other: _Judged, best: _Judged) -> bool:
    """Whether the given name is rather the other's, as where twins have one another's numbers."""
    ours, theirs = (dict(each.candidate.levels).get("given", "") for each in (best, other))
    return bool(ours and theirs) and RANKS[theirs] < RANKS[ours]


def _is_as_good(other: _Judged, best: _Judged, weights: Weights) -> bool:
    return other.identified or other.candidate.odds > best.candidate.odds - weights.apart


def _best(fitting: list[_Judged]) -> _Judged | None:
    """Whoever is known by a number first, then whoever fits best."""
    return max(fitting, key=lambda each: (each.fit, each.identified, each.candidate.odds), default=None)


def _is_told_apart(other: _Judged, best: _Judged) -> bool:
    """Whether a number tells the other from the best: it is the best one's, and the other is known to have another."""
    ours, theirs = dict(best.candidate.levels), dict(other.candidate.levels)
    return any(ours.get(kind) == "same" and theirs.get(kind) == "other" for kind in NUMBERS)


def _judge(candidate: Candidate, weights: Weights) -> _Judged:
    levels = dict(candidate.levels)
    identified = is_identified(levels)
    fit, code = _fit_identified(levels) if identified else _fit_by_likeness(candidate, levels, weights)
    return _Judged(candidate, fit, code, identified)


def _fit_identified(levels: dict[str, str]) -> tuple[Fit, Code]:
    """Of a record whose number, or key, the row has: names and birth must not say otherwise."""
    given, family, born = levels.get("given", ""), levels.get("family", ""), levels.get("born", "")
    contrary = given in (UNLIKE, "part") or born == UNLIKE or (family == UNLIKE and not given)
    # Of two numbers the one of the NHS is given once; a pupil's may be given anew.
    other_number = levels.get("nhs") == "other" or (
        levels.get("upn") == "other" and "same" not in (levels.get("nhs"), levels.get("key"))
    )
    if contrary or other_number:
        return Fit.NEAR, Code.NUMBER_CONTRADICTS
    by_number = any(levels.get(kind) == "same" for kind in NUMBERS)
    return Fit.CLEAR, Code.NUMBER if by_number else Code.KEY


def _fit_by_likeness(candidate: Candidate, levels: dict[str, str], weights: Weights) -> tuple[Fit, Code]:
    """Of a record whose number the row does not have."""
    given, rest = levels.get("given", ""), (levels.get("family", ""), levels.get("born", ""))
    hidden = candidate.held.shielded or candidate.held.closed
    if given == UNLIKE:
        # Nobody tells a misheard name from a twin's: beside a shielded child neither is anybody new by itself.
        return (Fit.FAINT, Code.UNSURE) if hidden and rest == ("same", "same") else (Fit.APART, Code.NOBODY)
    if candidate.odds < weights.doubt:
        # A shielded child may be said to live anywhere: names and birth that may be the same are enough.
        return (Fit.FAINT, Code.UNSURE) if hidden and UNLIKE not in rest else (Fit.APART, Code.NOBODY)
    if any(levels.get(kind) == "other" for kind in NUMBERS):
        return Fit.NEAR, Code.NUMBER_CONTRADICTS
    if given in MAY_BE_A_TWINS:
        return Fit.NEAR, Code.ALIKE
    if fits_but_for_odds(levels) and candidate.odds >= weights.link:
        return Fit.CLEAR, Code.FITS
    return Fit.NEAR, Code.UNSURE


def is_identified(levels: Mapping[str, str]) -> bool:
    """Whether the row has the record's number, or its supplier's own key led to it before."""
    return any(levels.get(kind) == "same" for kind in IDENTIFYING)


def fits_but_for_odds(levels: Mapping[str, str]) -> bool:
    """Whether nothing but too small odds keeps a row without a number from being linked with the record."""
    contrary = UNLIKE in (levels.get("family", ""), levels.get("born", "")) or any(
        levels.get(kind) == UNLIKE for kind in NUMBERS
    )
    return levels.get("given") == "same" and not contrary


def _doubt(code: Code, judged: Sequence[_Judged]) -> Decision:
    return Decision(Outcome.DOUBT, code, candidates=_shown(judged))


def _shown(judged: Sequence[_Judged]) -> tuple[Shown, ...]:
    some = (each.candidate for each in judged[:MOST_CANDIDATES])
    return tuple(Shown(each.held.child_id, round(each.odds, 1), each.levels) for each in some)
