"""One way of writing what people write in many ways."""

import re
from functools import lru_cache

from anyascii import anyascii

from pages.typed import plain

LONGEST_WORD = 24  # letters that count; bounds the work a long name makes
MOST_PARTS = 4  # parts of a name that count

_NOT_LETTERS = re.compile(r"[^a-z]+")
_SEPARATORS = re.compile(r"[^a-z\x00]+")  # a null stands where an apostrophe stood after a particle
_HOUSE = re.compile(r"(?:^|[ ,])([0-9]{1,4}[a-z]?)[ ,]+([a-z][a-z' .-]+)")
_FIRST_HALVES = "abd abdal abdel abdi abdoul abdul abu anna anne jean mary noor nur umm"
_BEGIN_A_FORENAME = frozenset(_FIRST_HALVES.split())
# Before an apostrophe: O'Brien, D'Souza, L'Estrange, M'Bappe, N'Golo.
_BEFORE_APOSTROPHE = re.compile(r"(?<![a-z])([odlmn])'(?=[a-z]{2})")
_KINDS = (
    "road rd, street st, avenue ave av, close cl, drive dr, lane ln, grove gr, crescent cres cr, gardens gdns, way, "
    "court ct, place pl, terrace ter, square sq, walk, mews, row, park, hill, view"
)
_KINDS_OF_STREET = {word: kind.split()[0] for kind in _KINDS.split(",") for word in kind.split()}
# Written together with the name they stand before: "de Souza" and "Desouza", "al-Hassan" and "Alhassan" are one. The
# name is known without them too: "Hassan" finds "Al-Hassan".
_PARTICLES = (
    "al ap as ath bin bint binte da dal das de degli dei del della den der di do dos du "
    "el en es fitz ibn la le les lo mac mc na nic ni o of os san santa st ter te ul ur van vande "
    "vanden vander von y zu"
)
PARTICLES = frozenset(_PARTICLES.split())


@lru_cache(maxsize=65536)
def name_parts(text: str) -> tuple[str, ...]:
    """The words of a name as plain lower-case letters: "O'Brien-Núñez" is ("obrien", "nunez").

    Particles are joined to what follows them. Scripts other than Latin are transliterated. At most MOST_PARTS words of
    LONGEST_WORD letters.
    """
    if text.isascii() and text.isalpha():  # most names, and much the fastest
        return (text.lower()[:LONGEST_WORD],)
    return tuple(dict.fromkeys(particle + word for particle, word in _split(text)))


def joined_forename(text: str) -> tuple[str, ...]:
    """Forenames that are one where they are written together: "Abdul Rahman" is ("abdulrahman",). () for others."""
    first, *others = name_parts(text) or ("",)
    return (first + others[0],) if others and first in _BEGIN_A_FORENAME else ()


@lru_cache(maxsize=65536)
def bare_parts(text: str) -> tuple[str, ...]:
    """The words of a name that has particles, without them: "Al-Hassan" is ("hassan",). () where it has none."""
    if text.isascii() and text.isalpha():
        return ()
    return tuple(dict.fromkeys(word for particle, word in _split(text) if particle))


@lru_cache(maxsize=65536)
def whole_name(text: str) -> str:
    """A name as one word: "Smith-Jones" is "smithjones"."""
    return "".join(name_parts(text))[:LONGEST_WORD]


@lru_cache(maxsize=65536)
def street(text: str) -> str:
    """A street as plain letters, without the word for what kind of street it is: "Oak Rd." is "oak"."""
    words = _words_of_a_street(text)
    named = words[:-1] if len(words) > 1 and words[-1] in _KINDS_OF_STREET else words
    return "".join(named)[:LONGEST_WORD]


def house_number(text: str) -> str:
    """A house number in small letters, without spaces: "33 A" is "33a"."""
    return "".join(text.lower().split())


@lru_cache(maxsize=65536)
def house_and_street(lines: str) -> tuple[str, str]:
    """House number and street of an address's lines; the street alone where no number stands before it."""
    house, text = _house_and_street_as_written(lines)
    return house, street(text)


@lru_cache(maxsize=65536)
def kind_of_street(lines: str) -> str:
    """What kind of street an address, or a street, is in: of "33 Oak Rd." it is "road"; "" where nothing says so."""
    words = _words_of_a_street(_house_and_street_as_written(lines)[1])
    return _KINDS_OF_STREET.get(words[-1], "") if len(words) > 1 else ""


def _house_and_street_as_written(lines: str) -> tuple[str, str]:
    match = None
    for match in _HOUSE.finditer(_plain(lines)):  # noqa: B007 - the last: a flat's number stands before the house's
        pass
    return (match[1], match[2]) if match else ("", lines.rpartition(",")[2])


def _words_of_a_street(text: str) -> list[str]:
    return [word for word in _NOT_LETTERS.split(_plain(text).replace("'", "")) if word]


def _plain(text: str) -> str:
    return anyascii(plain(text.replace("\x00", ""))).lower().replace("`", "'")


def _split(text: str) -> list[tuple[str, str]]:
    """Words with the particles before each. A particle that nothing follows is a word."""
    marked = _BEFORE_APOSTROPHE.sub(r"\1-'", _plain(text)).replace("-'", "\x00").replace("'", "")
    parts: list[tuple[str, str]] = []
    particle = ""
    for word in _SEPARATORS.split(marked):
        if len(parts) == MOST_PARTS:
            return parts
        before, elided, after = word.rpartition("\x00")
        particle = (particle + before)[:LONGEST_WORD]
        if after in PARTICLES and not elided:
            particle = (particle + after)[:LONGEST_WORD]
        elif after:
            parts.append((particle, after[: max(1, LONGEST_WORD - len(particle))]))
            particle = ""
    if particle and len(parts) < MOST_PARTS:
        parts.append(("", particle))
    return parts
