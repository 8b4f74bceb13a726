"""The agreement that every user signs: its texts, each named by the day from which it is in force."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

TEXTS = Path(__file__).parent
DAYS_TO_SIGN = 30  # for how long signatures of the version before still hold


@dataclass(frozen=True, slots=True)
class Agreement:
    """One version. `paragraphs` are plain text."""

    version: str
    from_day: date
    title: str
    paragraphs: list[str]


def in_force(*, today: date) -> Agreement:
    """The newest version that is in force today."""
    begun = [path for path in sorted(TEXTS.glob("*.md")) if date.fromisoformat(path.stem) <= today]
    return _read(begun[-1])


def _read(path: Path) -> Agreement:
    title, *paragraphs = path.read_text().strip().split("\n\n")
    plain = [" ".join(paragraph.split()) for paragraph in paragraphs]
    return Agreement(path.stem, date.fromisoformat(path.stem), title.removeprefix("# "), plain)
