"""At which level a name that is held agrees with one that was asked: the same, a short form, a letter off."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from rapidfuzz.distance import OSA, JaroWinkler

from registry.search import nicknames, normalise, phonetics

NEAR = 0.87
LONG = 6  # letters
SHORTEST_STEM, LONGEST_SHORT_FORM, SHORT_ENDINGS = 2, 5, "aeiosyz"
BEST_FIRST = ("same", "half", "known", "spelt", "sound", "slip", "near", "begin", "initial", "part", "other")
ALIKE = ("known", "spelt", "sound", "slip")
UNLIKE = 0.5  # below it names do not even sound alike: most candidates, and the cheapest to reject


@dataclass
class AskedName:
    """A name asked for, taken apart once, with the levels at which names held agree with it."""

    text: str
    is_given: bool
    levels: dict[str, str] = field(default_factory=dict)
    _levels_of_words: dict[str, str] = field(default_factory=dict)

    def level(self, held: str) -> str:
        level = self.levels.get(held)
        if level is None:
            level = self.levels[held] = self._level(held)
        return level

    @cached_property
    def parts(self) -> tuple[str, ...]:
        return normalise.name_parts(self.text)

    @cached_property
    def bare(self) -> frozenset[str]:
        return frozenset((*self.parts, *normalise.bare_parts(self.text)))

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The whole name first, then its parts; a letter among them is no word, but where it is all there is."""
        whole = normalise.whole_name(self.text)
        parts = (*self.parts, *normalise.bare_parts(self.text))
        return tuple(dict.fromkeys((whole, *(part for part in parts if len(part) > 1))))

    @cached_property
    def agreeing(self) -> dict[str, str]:
        """Words that agree with it, at which level: all that need not be compared letter by letter."""
        others = nicknames.forenames_of if self.is_given else nicknames.others
        levels = {other: "known" for word in self.words for other in others(word)}
        levels |= dict.fromkeys(self.bare, "half")
        levels[self.words[0]] = "same"
        if self.is_given:
            levels |= dict.fromkeys(self.parts[:1], "same")
        return levels

    def _level(self, held: str) -> str:
        """The best level at which any word asked for agrees with what the bearer of a name goes by: all of it, and of
        several forenames the first. Its other parts count as the half that they are.
        """
        if held.isascii() and held.isalpha():  # one word, as most are
            return self._level_of_word(held.lower()[: normalise.LONGEST_WORD])
        parts, whole, bare = normalise.name_parts(held), normalise.whole_name(held), normalise.bare_parts(held)
        if whole == self.words[0] or (self.is_given and parts[:1] == self.parts[:1]):
            return "same"
        level = self._best((whole, *(parts[:1] if self.is_given else ()), *(bare if len(parts) == 1 else ())))
        if level in ALIKE:
            return level
        others = (*parts, *bare)
        if self.words[0] in others or not self.bare.isdisjoint((whole, *others)):
            return "half"
        return "part" if level == "other" and self._best(others) in ALIKE else level

    def _best(self, words: Iterable[str]) -> str:
        levels = [self._level_of_word(word) for word in dict.fromkeys(words)]
        return min(levels, key=BEST_FIRST.index, default="other")

    def _level_of_word(self, held: str) -> str:
        level = self._levels_of_words.get(held)
        if level is None:
            level = self._levels_of_words[held] = self.agreeing.get(held) or self._compared(held)
        return level

    def _compared(self, held: str) -> str:
        if len(held) == 1 or len(self.words[0]) == 1:
            return "initial" if any(held[0] == word[0] for word in self.words) else "other"
        if len(self.words) == 1:
            return _likeness(self.words[0], held)
        return min((_likeness(word, held) for word in self.words), key=BEST_FIRST.index)


def _likeness(one: str, other: str) -> str:
    """How alike two words are that are not the same, by the cheapest comparison first: most are not alike at all."""
    likeness = JaroWinkler.similarity(one, other)
    shorter = min(len(one), len(other))
    if likeness < UNLIKE and shorter > 2:  # noqa: PLR2004 - "Ty" and "yT" are one error apart and have nothing in place
        return "other"
    letters = OSA.distance(one, other, score_cutoff=2)
    if phonetics.sound(one) == phonetics.sound(other):
        return "spelt" if letters == 1 else "sound"
    if letters == 1:
        return "slip"
    # Two letters wrong in a long word, as when "cl" is read for "d"; or alike from the beginning on.
    if likeness >= NEAR or (letters == 2 and shorter >= LONG):  # noqa: PLR2004 - two
        return "near"
    return "begin" if _is_short_for(one, other) or _is_short_for(other, one) else "other"


def _is_short_for(short: str, long: str) -> bool:
    """Whether it is the beginning of the other, but for an ending such as short forms have: "Nicky", "Pops"."""
    stem = short[:-1] if short[-1] in SHORT_ENDINGS and len(short) > SHORTEST_STEM else short
    return len(short) < len(long) and len(short) <= LONGEST_SHORT_FORM and long.startswith(stem)
