"""Keyed fingerprints of the words of a name, by which administrators find people whose names are sealed.

Each word is kept whole and by each of its beginnings of three or more letters, so that "Adey" finds Adeyemi. 24 bits a
fingerprint: among 330,000 people one in some hundred that comes up is there by chance, and is seen not to fit.
"""

import re

from anyascii import anyascii

from encryption.tokens import fingerprint
from pages.typed import plain

SHORTEST_BEGINNING = 3
TOKEN_BYTES = 3
NOT_A_WORD = re.compile(r"[^a-z0-9]+")


def tokens_of_name(name: str) -> list[int]:
    """What a person of that name is filed under: in ascending order, which tells nothing of the name's."""
    return sorted({_token(beginning) for word in _words(name) for beginning in _beginnings(word)})


def tokens_asked(text: str) -> list[int]:
    """What whoever is meant by `text` is filed under, all of it; empty where there is no word in it."""
    return sorted({_token(word) for word in _words(text)})


def fits(name: str, text: str) -> bool:
    """Whether each word of `text` begins a word of the name: asked of whom the tokens found."""
    words = _words(name)
    return all(any(word.startswith(asked) for word in words) for asked in _words(text))


def _words(name: str) -> list[str]:
    # Apostrophes join what they stand in: O'Neill is oneill, however it is typed.
    letters = anyascii(plain(name).casefold()).casefold().replace("'", "")
    return [word for word in NOT_A_WORD.split(letters) if word]


def _beginnings(word: str) -> list[str]:
    return [word[:length] for length in range(SHORTEST_BEGINNING, len(word))] + [word]


def _token(beginning: str) -> int:
    return int.from_bytes(fingerprint("name of a user", beginning)[:TOKEN_BYTES], "big")
