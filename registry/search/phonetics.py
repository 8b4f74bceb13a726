"""How a name sounds, whichever tradition spelt it.

Names in England are spelt by many rules: Irish mh, South Asian dh, Polish sz, Chinese x, Arabic transliterated anew by
each registrar. `fold` writes what is one sound in one way, before Double Metaphone (Philips 2000), which was made for
names in America, gives the sound. A child is filed under one sound; who asks, asks for its other readings too, so that
the index does not grow. All arguments are normalised words: plain lower-case letters.
"""

import re
from functools import lru_cache

from doublemetaphone import doublemetaphone

MOST_READINGS = 4
SHORT_HALF = 2

# What is written, and how it is folded. In order: what stands first has been folded when the next is looked for.
_FOLDS = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        # at the beginning: Gaelic Mac, silent letters, Welsh ll and ff and rh, Wade-Giles hs, Tsui and Tzu
        (r"^ma?c(?=[^aeiouh]|[aeiou][a-z]{3})", "mk"),
        (r"^(?:kn|gn|pn|mn|ng(?=[aeiou]))", "n"),
        (r"^wr", "r"),
        (r"^(?:ps|hs|ts|tz|x)(?=[aeiouy])", "s"),
        (r"^wh(?=[aeiy])", "w"),
        (r"^w(?=[aeiou])", "v"),
        # Polish, Czech, German, Hungarian
        (r"szcz|shch", "sh"),
        (r"tsch|tch|cz|tzsch", "ch"),
        (r"sch|sz", "sh"),
        (r"rz", "z"),
        (r"(?:dzi|dz|zh)(?=[aeiou])", "j"),
        (r"(?:w|v|v?v)i(?:cz|ch|c|tz|ts)$", "vich"),
        # aspirates of South Asia and Arabic; th, which many say as t; ph
        (r"ph", "f"),
        (r"([bdjkt])h", r"\1"),
        (r"^gh|(?<=[^aeiou])gh", "g"),
        (r"c[kq]|q", "k"),
        # one vowel in many spellings, for those that the ear tells apart badly
        (r"ee|ea|ie|ei|(?<=.)y(?![aeiou])", "i"),
        (r"oo|ou", "u"),
        (r"^ew", "yu"),
        (r"(.)\1+", r"\1"),
    )
)
# One class for initials that are heard or transliterated as one another.
_INITIALS = {
    **dict.fromkeys("ckq", "k"),
    **dict.fromkeys("gj", "j"),
    **dict.fromkeys("sxz", "s"),
    **dict.fromkeys("vw", "v"),
    **dict.fromkeys("eiy", "i"),
    **dict.fromkeys("ou", "o"),
}


@lru_cache(maxsize=131072)
def fold(word: str) -> str:
    """The word with each sound written in one way, whatever the language: "Choudhury" and "Chaudhry" come near."""
    folded = word
    for pattern, by in _FOLDS:
        folded = pattern.sub(by, folded)
    return folded or word


@lru_cache(maxsize=131072)
def sound(word: str) -> str:
    """How the word sounds; the word itself where it has no sound."""
    return str(doublemetaphone(fold(word))[0]) or word


@lru_cache(maxsize=16384)
def readings(word: str) -> tuple[str, ...]:
    """The sounds under which somebody may have filed the word: its own first, at most MOST_READINGS."""
    own, second = sound(word), str(doublemetaphone(fold(word))[1])
    unfolded = str(doublemetaphone(word)[0])
    others = [
        second,
        own.replace("X", "S") if "X" in own else own.replace("S", "X", 1),  # Ayşe and Aysha, Xu and Shu
        own[:1] + own[1:].replace("F", "") if "v" in word[1:] else "",  # Kovalski and Kowalski
        "A" + own[1:] if own.startswith("J") else "",  # Jakub and Yakub
        "H" + own[1:] if word.startswith(("kh", "ch")) else "",  # Khadija and Hadija
        unfolded,
    ]
    return tuple(dict.fromkeys(each for each in (own, *others) if each))[:MOST_READINGS]


@lru_cache(maxsize=131072)
def initial(word: str) -> str:
    """The class of the word's first letter: c, k and q are one, v and w another. "" for no word."""
    first = fold(word)[:1] if word else ""
    return _INITIALS.get(first, first)


@lru_cache(maxsize=131072)
def halves(word: str) -> tuple[str, str]:
    """The beginning and the end of a word: one typing error leaves one of them whole, but in words of four letters or
    fewer, where two neighbours that are swapped may stand in both."""
    kept = _kept(len(word))
    return f"{word[:kept]}-", f"-{word[-kept:]}"


def halves_asked(word: str) -> tuple[str, ...]:
    """The halves of any word that becomes this one by a letter left out, put in or changed."""
    kept = dict.fromkeys(_kept(len(word) + more) for more in (0, -1, 1))
    return tuple(dict.fromkeys(half for each in kept for half in (f"{word[:each]}-", f"-{word[-each:]}")))


def _kept(letters: int) -> int:
    """How many letters a half has: fewer than half of the word, but two, since one tells too little."""
    return SHORT_HALF if letters <= 2 * SHORT_HALF + 2 else SHORT_HALF + 1
