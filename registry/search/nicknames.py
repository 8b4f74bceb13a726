"""Names by which one person goes: short forms, and spellings too far apart for the ear. Our own tables, in `data/`.

They are used by who asks: a child is filed under the names of the record alone, so the tables can grow without a new
index.
"""

from collections import defaultdict
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
MOST_OTHERS = 24


def others(word: str) -> tuple[str, ...]:
    """Other names that the bearer of the name `word` may be filed under, at most MOST_OTHERS; normalised words."""
    return _table().get(word, ())


def forenames_of(word: str) -> tuple[str, ...]:
    """As `others`, of forenames: with their short forms."""
    return _forenames().get(word, ())


@cache
def _table() -> dict[str, tuple[str, ...]]:
    """Spellings alone: they hold for family names too."""
    known: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for line in _lines("spellings.txt"):
        group = line.split()
        for word in group:
            known[word].update(dict.fromkeys(group))
    return _closed(known)


@cache
def _forenames() -> dict[str, tuple[str, ...]]:
    """Short forms first, from the full name to each of them and back; then spellings."""
    known: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for line in _lines("short_forms.txt"):
        full, _colon, short = line.partition(":")
        spellings = (full, *others(full))
        for each in short.split():
            known[each].update(dict.fromkeys(spellings))
            for spelling in spellings:
                known[spelling][each] = None
    for word, spelt in _table().items():
        known[word].update(dict.fromkeys(spelt))
    return _closed(known)


def _closed(known: dict[str, dict[str, None]]) -> dict[str, tuple[str, ...]]:
    return {word: tuple(other for other in group if other != word)[:MOST_OTHERS] for word, group in known.items()}


def _lines(name: str) -> list[str]:
    text = (DATA / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
