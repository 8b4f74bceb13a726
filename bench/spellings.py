"""How names come out otherwise: by the keyboard, by ear, by handwriting, by another alphabet, by affection.

Our own tables, written apart from the registry's and from the demonstration's: they know nothing of how either is made.
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_OFFSETS = (0.0, 0.3, 0.8)  # how far a row stands to the right of the one above, in keys

# What is heard, and how else it may be written. Longer sounds stand first.
HEARD: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("augh", ("or", "af")),
    ("eigh", ("ay", "ey")),
    ("ough", ("off", "ow")),
    ("tch", ("ch",)),
    ("sch", ("sh",)),
    ("ph", ("f",)),
    ("ck", ("k", "c")),
    ("th", ("t", "f")),
    ("kh", ("k",)),
    ("gh", ("g",)),
    ("dh", ("d",)),
    ("bh", ("b", "v")),
    ("wh", ("w",)),
    ("wr", ("r",)),
    ("kn", ("n",)),
    ("mb", ("m",)),
    ("sz", ("sh", "s")),
    ("cz", ("ch",)),
    ("rz", ("zh",)),
    ("ee", ("ea", "i", "ie")),
    ("ea", ("ee", "e")),
    ("ie", ("y", "ee", "ey")),
    ("ey", ("y", "ie")),
    ("ai", ("ay", "ei")),
    ("ay", ("ai", "ey")),
    ("oo", ("u", "ou")),
    ("ou", ("oo", "u", "ow")),
    ("ow", ("ou",)),
    ("au", ("or", "aw")),
    ("ae", ("ay",)),
    ("x", ("cks", "ks")),
    ("c", ("k", "s")),
    ("k", ("c",)),
    ("q", ("k",)),
    ("y", ("i", "ie")),
    ("v", ("w", "f")),
    ("w", ("v",)),
    ("z", ("s",)),
    ("s", ("z", "c")),
    ("j", ("g",)),
    ("d", ("t",)),
    ("t", ("d",)),
    ("b", ("p",)),
    ("p", ("b",)),
    ("m", ("n",)),
    ("n", ("m",)),
    ("f", ("ph", "th")),
    ("l", ("ll",)),
    ("r", ("rr",)),
    ("e", ("a", "i")),
    ("i", ("e", "y")),
    ("a", ("e", "u")),
    ("o", ("u", "a")),
    ("u", ("oo", "o")),
)

# What is written, and what a tired eye or a scanner takes it for.
READ: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("rn", ("m",)),
    ("cl", ("d",)),
    ("vv", ("w",)),
    ("li", ("h",)),
    ("ii", ("u",)),
    ("m", ("rn", "nn")),
    ("d", ("cl",)),
    ("w", ("vv",)),
    ("a", ("o", "u")),
    ("o", ("a",)),
    ("e", ("c",)),
    ("c", ("e",)),
    ("u", ("v", "n")),
    ("v", ("u", "r")),
    ("n", ("u", "r")),
    ("h", ("b", "k")),
    ("b", ("h",)),
    ("g", ("q", "y")),
    ("q", ("g",)),
    ("y", ("g",)),
    ("t", ("f", "l")),
    ("f", ("t",)),
    ("l", ("i", "t")),
    ("i", ("l",)),
    ("j", ("i",)),
    ("s", ("r",)),
    ("r", ("s", "v")),
    ("k", ("h",)),
)


@cache
def neighbours() -> Mapping[str, str]:
    """The keys next to each key of an English keyboard."""
    places = {
        letter: (row, column + _OFFSETS[row])
        for row, letters in enumerate(_ROWS)
        for column, letter in enumerate(letters)
    }
    return {
        letter: "".join(
            other
            for other, (its_row, its_column) in places.items()
            if other != letter and abs(its_row - row) <= 1 and abs(its_column - column) <= 1
        )
        for letter, (row, column) in places.items()
    }


@cache
def nicknames() -> Mapping[str, tuple[str, ...]]:
    """What the bearers of a forename (in lower case) are called."""
    with (DATA / "nicknames.csv").open(encoding="utf-8") as file:
        return {row["forename"].lower(): tuple(row["called"].split()) for row in csv.DictReader(file)}


@cache
def transliterations() -> Mapping[str, tuple[str, ...]]:
    """The other spellings of a name (in lower case)."""
    with (DATA / "transliterations.csv").open(encoding="utf-8") as file:
        groups = [row["spellings"].split() for row in csv.DictReader(file)]
    others: dict[str, tuple[str, ...]] = {}
    for group in groups:
        for name in group:
            known = others.get(name.lower(), ())
            others[name.lower()] = tuple(dict.fromkeys((*known, *(each for each in group if each != name))))
    return others
