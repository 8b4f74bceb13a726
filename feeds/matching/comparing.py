"""How a row agrees with what is held of a child: a level for each field of which both say something, nothing decided.

The levels are those of the search (registry/search/likeness.py, births.py, score.py), with what matters only here:

    family    `parent`: the name of a parent, where the other has the name of the other parent
    given     `another`: alike, and a name in its own right, as a twin may bear it (forenames.py); `short`: a short form
              that is one; `part`: one forename is the same and the others are not; `common`: brothers may all be called
              so, as Mohammed, and one of the two says no more
    home      postcode with house and street, as one: they agree together or not at all. `home` both; `postcode` that
              alone; `house` house and street in a postcode that is not quite the same; then as postcodes agree
    nhs, upn  a number of both. One that differs is evidence against, one that is missing is none
    key       the supplier's own number, by which an earlier row led to the child
    guardian  `same` with both names; `family` where the child's own family name does not agree; `other`

A field that one of the two does not have has no level. Of several names on either side the best pair counts.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from itertools import product
from operator import itemgetter
from typing import NamedTuple

from feeds.matching import forenames
from feeds.rows import Row
from registry.search import births, normalise
from registry.search.likeness import ALIKE, BEST_FIRST, AskedName
from registry.search.score import postcode_level, street_level
from registry.traits import rarity
from registry.values import SummaryName
from registry.vocabulary import Gender, NameKind, NumberKind

Levels = tuple[tuple[str, str], ...]

AT_THE_HOUSE = ("same", "kind")
MAY_BE_A_TWINS = frozenset({"known", "spelt", "sound", "slip", "near", "begin"})
AGREE = frozenset({"same", "half", "short", "common", *ALIKE, "near"})
RANKS = {level: rank for rank, level in enumerate(BEST_FIRST)}
RANKS |= {"common": RANKS["half"], "short": RANKS["begin"], "another": RANKS["initial"]}
_UNLIKE = RANKS["other"]


@dataclass(frozen=True)
class Held:
    """What is held of a child, as far as a row may say it too. Of a shielded child, all of it: only the worker has it.

    `names` are of all kinds, `numbers` with their kind (NumberKind), several of one kind where records lie together,
    and `guardians` given and family names.
    """

    child_id: int
    names: tuple[SummaryName, ...]
    date_of_birth: date
    gender: Gender = Gender.NOT_SPECIFIED
    postcode: str = ""
    lines: str = ""
    numbers: frozenset[tuple[str, str]] = frozenset()
    guardians: tuple[tuple[str, str], ...] = ()
    shielded: bool = False
    severed: bool = False
    archived: bool = False

    @cached_property
    def whole_names(self) -> frozenset[tuple[str, str]]:
        """Each name as `may_be` compares it."""
        return frozenset(map(_whole, self.names))

    @property
    def closed(self) -> bool:
        """Whether nothing that comes in may reach the record any more."""
        return self.severed or self.archived


class Compared(NamedTuple):
    """The levels, and how rare the names are that agree, in bits; None where not both of them agree."""

    levels: Levels
    rarity: int | None = None

    @property
    def by_field(self) -> dict[str, str]:
        return dict(self.levels)


class _Names(NamedTuple):
    """A pair of names compared, best first."""

    rank: int
    others: int  # names among the two that are not the legal one
    family: str
    given: str
    swapped: bool
    kind: str
    said: SummaryName | None  # the row's


class Comparing:
    """One row, taken apart once, for all whom it may be about. `known` is the child to whom its key has led before."""

    def __init__(self, row: Row, known: int | None = None) -> None:
        self.row = row
        self.known = known
        kinds = ((NameKind.LEGAL, (row.name,)), (NameKind.KNOWN_AS, row.known_as), (NameKind.FORMER, row.former))
        self._names = [
            _AskedNames(SummaryName(kind, each.given, each.family)) for kind, names in kinds for each in names
        ]
        self._whole = {_whole(each.name) for each in self._names}
        self._numbers = frozenset(numbers_of(row))

    def may_be(self, held: Held) -> bool:
        """Whether there is anything to compare: a number, a date of birth, a home, or both names agree.

        Most who share two tokens of a row do so by chance, and have none of these. To compare them costs the most.
        """
        return (
            self.known == held.child_id
            or not self._numbers.isdisjoint(held.numbers)
            or births.level(self.row.date_of_birth, held.date_of_birth) != "other"
            or self._home_level(held) not in ("", "other", "district")
            or not self._whole.isdisjoint(held.whole_names)
        )

    def with_(self, held: Held) -> Compared:
        """How the row agrees with what is held of that child."""
        best = self._best_names(held)
        family = best.family
        if family == "other" and self._is_a_parents(held):
            family = "parent"
        levels = [("family", family), ("given", best.given), ("named", best.kind or "legal")]
        levels.append(("order", "swapped" if best.swapped else "straight"))
        levels.append(("born", births.level(self.row.date_of_birth, held.date_of_birth)))
        if Gender.NOT_SPECIFIED not in (self.row.gender, held.gender):
            levels.append(("gender", "same" if self.row.gender == held.gender else "other"))
        levels.append(("home", self._home_level(held)))
        levels += [(kind, self._number_level(kind, held)) for kind in map(str, NumberKind)]
        levels.append(("key", "same" if self.known == held.child_id else ""))
        levels.append(("guardian", self._guardian_level(held, family)))
        return Compared(tuple(each for each in levels if each[1]), self._rarity(best))

    def _number_level(self, kind: str, held: Held) -> str:
        """Of several numbers on either side one that both have is enough: a pupil is told under the former one, too."""
        ours, theirs = ({each for each in of if each[0] == kind} for of in (self._numbers, held.numbers))
        if not (ours and theirs):
            return ""
        return "other" if ours.isdisjoint(theirs) else "same"

    def _best_names(self, held: Held) -> _Names:
        pairs = [asked.pair(name) for asked, name in product(self._names, held.names)]
        nobody = _Names(2 * _UNLIKE, 0, "other", "", swapped=False, kind="", said=None)
        return min(pairs, key=itemgetter(0, 1), default=nobody)

    def _is_a_parents(self, held: Held) -> bool:
        """Whether one has the name of a parent of whom the other knows: the child's name is told as that of another."""
        ours = [asked.family for asked in self._names if asked.family]
        if _any_same(ours, (family for _given, family in held.guardians)):
            return True
        theirs = [AskedName(name.family, is_given=False) for name in held.names if name.family]
        return _any_same(theirs, (guardian.family for guardian in self.row.guardians))

    @cached_property
    def _street(self) -> tuple[str, str, str] | None:
        lines = ", ".join(self.row.postal.lines) if self.row.postal else ""
        return (*normalise.house_and_street(lines), normalise.kind_of_street(lines)) if lines else None

    def _home_level(self, held: Held) -> str:
        postal = self.row.postal
        if postal is None or not (postal.postcode and held.postcode):
            return ""
        code = postcode_level(postal.postcode, held.postcode)
        at_the_house = bool(self._street and held.lines) and street_level(self._street, held.lines) in AT_THE_HOUSE  # type: ignore[arg-type]
        if code == "same":
            return "home" if at_the_house else "postcode"
        return "house" if at_the_house and code != "other" else code

    @cached_property
    def _guardians(self) -> list[tuple[AskedName, AskedName]]:
        return [
            (AskedName(each.given, is_given=True), AskedName(each.family, is_given=False))
            for each in self.row.guardians
            if normalise.whole_name(each.given) and normalise.whole_name(each.family)
        ]

    def _guardian_level(self, held: Held, family_level: str) -> str:
        """That a parent has the child's family name says nothing more of a child whose family name agrees."""
        if not (self._guardians and held.guardians):
            return ""
        family_agrees = False
        for (given, family), (their_given, their_family) in product(self._guardians, held.guardians):
            if family.level(their_family) in AGREE:
                family_agrees = True
                if given.level(their_given) in AGREE:
                    return "same"
        if family_agrees:
            return "family" if family_level not in AGREE else ""
        return "other"

    def _rarity(self, best: _Names) -> int | None:
        if best.said is None or best.family not in AGREE or best.given not in AGREE:
            return None
        first, family = normalise.name_parts(best.said.given)[:1], normalise.whole_name(best.said.family)
        return rarity.of_whole(first[0], family) if first and family else None


class _AskedNames:
    """A name of the row, taken apart."""

    def __init__(self, name: SummaryName) -> None:
        self.name = name
        has_given, has_family = bool(normalise.whole_name(name.given)), bool(normalise.whole_name(name.family))
        self.given = AskedName(name.given, is_given=True) if has_given else None
        self.family = AskedName(name.family, is_given=False) if has_family else None
        # The other way round, as who filled in a form may have had them.
        self._given_swapped = AskedName(name.family, is_given=True) if has_given and has_family else None
        self._family_swapped = AskedName(name.given, is_given=False) if has_given and has_family else None

    def pair(self, held: SummaryName) -> _Names:
        """How they agree with a name that is held: in order, or where nothing agrees so, the other way round."""
        said = self.name
        kind = next((str(each) for each in (held.kind, self.name.kind) if each != NameKind.LEGAL), "")
        others = sum(each != NameKind.LEGAL for each in (held.kind, self.name.kind))
        family = self._family_level(held)
        given = given_level(self.given, held.given) if self.given and held.given else ""
        straight = _Names(_rank(family) + _rank(given), others, family, given, swapped=False, kind=kind, said=said)
        if "other" not in (family, given) or not (self._given_swapped and self._family_swapped):
            return straight
        if not (held.given and held.family):
            return straight
        given, family = given_level(self._given_swapped, held.given), self._family_swapped.level(held.family)
        if given not in AGREE or family not in AGREE:
            return straight
        return _Names(1 + _rank(family) + _rank(given), others, family, given, swapped=True, kind=kind, said=said)

    def _family_level(self, held: SummaryName) -> str:
        """A single word that nobody can tell apart is held against whichever word the other has."""
        word = held.family or held.given
        asked = self.family or self.given
        return asked.level(word) if asked and word else "other"


def numbers_of(row: Row) -> Iterator[tuple[str, str]]:
    """The numbers that a row has, with their kind: that which the pupil had before, too."""
    pupil = (row.pupil_number, row.former_pupil_number)
    numbered = ((NumberKind.NHS, row.nhs_number), *((NumberKind.UPN, each) for each in pupil))
    return ((str(kind), number) for kind, number in numbered if number)


def _whole(name: SummaryName) -> tuple[str, str]:
    """The first of the given names and the family name, as they are compared."""
    return next(iter(normalise.name_parts(name.given)), ""), normalise.whole_name(name.family)


def given_level(asked: AskedName, held: str) -> str:
    """How forenames agree, told apart as those of twins and of brothers have to be."""
    level = asked.level(held)
    ours, theirs = asked.parts, normalise.name_parts(held)
    if level not in ("same", "half", *MAY_BE_A_TWINS) or normalise.whole_name(held) == asked.words[0]:
        return level
    if forenames.are_of_brothers(ours[0], theirs[0]):
        ours, theirs = ours[1:], theirs[1:]
        if not (ours and theirs):
            return "common" if ours or theirs else level
    elif len(ours) == 1 or len(theirs) == 1:
        return level if level not in MAY_BE_A_TWINS else _if_one(level, ours[0], theirs[0])
    if _beside(ours, theirs) and _beside(theirs, ours):
        return "part"
    return level if level not in MAY_BE_A_TWINS else _if_one(level, ours[0], theirs[0])


def _if_one(level: str, one: str, other: str) -> str:
    """The level, where the two may be one name, and otherwise that of two."""
    if forenames.are_one(one, other):
        return level
    return "short" if level == "known" else "another"


def _beside(words: Iterable[str], others: tuple[str, ...]) -> bool:
    """Whether one of the words is like none of the others. A letter stands for any name that begins so."""
    return any(not any(_may_be_one(word, other) for other in others) for word in words)


@lru_cache(maxsize=65536)
def _may_be_one(word: str, other: str) -> bool:
    level = AskedName(word, is_given=True).level(other)
    return level in ("same", "half", "initial") or (level in MAY_BE_A_TWINS and forenames.are_one(word, other))


def _any_same(asked: list[AskedName], held: Iterator[str] | Iterable[str]) -> bool:
    return any(one.level(other) in ("same", "half") for other in held if other for one in asked)


def _rank(level: str) -> int:
    """How good a level is; that a name is missing on one side stands between what agrees and what does not."""
    return RANKS[level] if level else RANKS["begin"]
