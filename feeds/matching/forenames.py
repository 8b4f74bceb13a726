"""Whether two forenames that are alike are one name, or two that twins may bear.

A row about Jaydon is as like the record of Jayden as a row about Jayden with a typing error in it. What tells them
apart is that Jaydon is a name. So two forenames are one where they are spellings of each other; or where one of them is
nobody's name, and can be a slip of the other and of no third, or a short form of the other and of no third.
"""

from collections import defaultdict
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from registry.search import nicknames
from registry.traits import rarity

SHARED_BY_BROTHERS = ("muhammad", "md", "mohd", "syed", "abdul")


@lru_cache(maxsize=65536)
def are_one(one: str, other: str) -> bool:
    """Whether two words that are alike, normalised, are the same forename as far as can be known. In any order."""
    if one == other or other in nicknames.others(one) or one in nicknames.others(other):
        return True
    if (one in _known()) == (other in _known()):
        return False  # two names that there are, or two of which nobody knows
    written, name = (one, other) if other in _known() else (other, one)
    return _meant_by(written) <= {name, *nicknames.others(name)}


def are_of_brothers(one: str, other: str) -> bool:
    """Whether both are a forename that brothers may all bear, each with another after it, however it is spelt."""
    return one in _brothers() and other in _brothers()


@cache
def _brothers() -> frozenset[str]:
    return frozenset(word for name in SHARED_BY_BROTHERS for word in (name, *nicknames.others(name)))


def _meant_by(written: str) -> set[str]:
    """The names that somebody may have meant who wrote what is none: by a short form, or by one typing error."""
    full = set(nicknames.forenames_of(written)) & _known()
    slips = {name for key in _keys(written) for name in _by_key().get(key, ()) if OSA.distance(written, name) == 1}
    return full | slips


@cache
def _known() -> frozenset[str]:
    return rarity.table().forenames


@cache
def _by_key() -> dict[str, list[str]]:
    """Names by themselves, and by all that is left of them without one letter: whatever is one error apart meets."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in _known():
        for key in _keys(name):
            found[key].append(name)
    return found


def _keys(word: str) -> set[str]:
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}
