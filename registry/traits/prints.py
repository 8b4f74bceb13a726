"""The fingerprints by which children and users are compared: of a value written in one way, as the search writes it.

One label for each kind of value, whoever has it, so that a user's name compares with a guardian's and a child's.
"""

import re

from access.people.traits import Home, Rare
from encryption.tokens import trait
from pages import postcodes
from registry.search import normalise
from registry.traits import rarity

# A son is a Kowalski where his sister is a Kowalska, and an Ivanov where she is an Ivanova: one family.
_OF_A_WOMAN = ((re.compile(r"(?<=..)(s|c|dz)ka$"), r"\1ki"), (re.compile(r"(?<=...)(o|e)va$"), r"\1v"))
_FLAT = re.compile(r"\b(?:flat|apartment|apt|unit|room)\s*([0-9]{1,4}[a-z]?|[a-z])\b", re.IGNORECASE)
# Before somebody's own name, where they wrote it with their name.
_WRITTEN_BEFORE = "mr mrs ms miss mx dr prof professor rev sir dame pc dc ps ds sgt nurse sister"
_TITLES = frozenset(_WRITTEN_BEFORE.split())


def one_family(word: str) -> str:
    """A family name, normalised, as all of that family bear it."""
    for ending, by in _OF_A_WOMAN:
        word = ending.sub(by, word)
    return word


def family(text: str) -> Rare | None:
    """A family name as a whole; None where there is no letter in it."""
    word = one_family(normalise.whole_name(text))
    return Rare(trait("family", word), rarity.of_family(word)) if word else None


def families(text: str) -> tuple[Rare, ...]:
    """A family name as a whole, and each part of a double-barrelled one."""
    whole = normalise.whole_name(text)
    parts = normalise.name_parts(text) if whole else ()
    words = dict.fromkeys(one_family(word) for word in (whole, *parts) if word)
    return tuple(Rare(trait("family", word), rarity.of_family(word)) for word in words)


def whole(given: str, family_name: str) -> Rare | None:
    """First forename with family name; None where one of them is missing."""
    first, word = normalise.name_parts(given)[:1], one_family(normalise.whole_name(family_name))
    if not (first and word):
        return None
    return Rare(trait("person", first[0], word), rarity.of_whole(first[0], word))


def apart(name: str) -> tuple[str, str]:
    """Forenames and family name of a name in one line. The last word, with its particles, is taken for the latter."""
    words = [word for word in name.split() if normalise.whole_name(word)]
    while len(words) > 1 and normalise.whole_name(words[0]) in _TITLES:
        words.pop(0)
    at = len(words) - 1
    while at > 1 and words[at - 1].casefold() in normalise.PARTICLES:
        at -= 1
    return " ".join(words[:at]), " ".join(words[at:])


def telephone(number: str) -> int:
    """A number in its one way of writing, whatever extension it has."""
    return trait("telephone", number.partition(";")[0])


def home(lines: str, postcode: str) -> Home:
    """An address: `lines` with commas between them, and a normalised postcode. Nothing without a whole one."""
    if not postcodes.is_full(postcode):
        return Home(0, 0, 0)
    at = _house(lines)
    return Home(
        home=trait("home", *at, postcode) if at else 0,
        postcode=trait("postcode", postcode),
        near=trait("near", postcodes.district(postcode), postcodes.inward(postcode)[0]),
    )


def _house(lines: str) -> tuple[str, str, str] | None:
    """Flat, house and street; of a house without a number its name. None where neither is said."""
    flat = _FLAT.search(lines)
    house, street = normalise.house_and_street(lines)
    if house and street:
        return flat[1].lower() if flat else "", house, street
    name = normalise.street(lines.partition(",")[0])
    return (flat[1].lower() if flat else "", name, "") if name else None
