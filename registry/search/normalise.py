"""One way of writing what people write in many ways."""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii
from doublemetaphone import doublemetaphone

_NOT_LETTERS = re.compile(r"[^a-z]+")
_POSTCODE = re.compile(r"^([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})$")
_OUTWARD = re.compile(r"^[A-Z]{1,2}[0-9][A-Z0-9]?$")
# Written together with the name they stand before: "de Souza" and "Desouza", "al-Hassan" and "Alhassan" are one.
# fmt: off
PARTICLES = frozenset(
    (
        "al",
        "ap",
        "ben",
        "bin",
        "da",
        "das",
        "de",
        "del",
        "della",
        "den",
        "der",
        "di",
        "dos",
        "du",
        "el",
        "ibn",
        "la",
        "le",
        "mac",
        "mc",
        "o",
        "st",
        "ter",
        "van",
        "von",
    )
)
# fmt: on


@lru_cache(maxsize=65536)
def name_parts(text: str) -> tuple[str, ...]:
    """The words of a name as plain lower-case letters: "O'Brien-Núñez" is ("obrien", "nunez").

    Particles are joined to what follows them. Scripts other than Latin are transliterated.
    """
    plain = anyascii(unicodedata.normalize("NFKC", text)).lower().replace("'", "").replace("`", "")
    parts: list[str] = []
    particle = ""
    for word in _NOT_LETTERS.split(plain):
        if word in PARTICLES:
            particle += word
        elif word:
            parts.append(particle + word)
            particle = ""
    if particle:
        parts.append(particle)
    return tuple(parts)


def whole_name(text: str) -> str:
    """A name as one word: "Smith-Jones" is "smithjones"."""
    return "".join(name_parts(text))


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """How a normalised word sounds (Double Metaphone, Philips 2000); the word itself where it has no sound."""
    return str(doublemetaphone(word)[0]) or word


def deletions(word: str) -> list[str]:
    """The word, and the word with any one letter left out. Two words one typing error apart share at least one."""
    return list(dict.fromkeys([word, *(word[:place] + word[place + 1 :] for place in range(len(word)))]))


def postcode(text: str) -> str:
    """A full postcode such as "M33 4AB", or an outward part such as "M33"; "" where it is neither."""
    typed = text.upper().strip()
    match = _POSTCODE.match("".join(typed.split()))
    if match:
        return f"{match[1]} {match[2]}"
    # Spaces stay: "M3 3" is half of a postcode in M3, not the district M33.
    return typed if _OUTWARD.match(typed) else ""


def district(code: str) -> str:
    """The outward part of a normalised postcode."""
    return code.partition(" ")[0]
