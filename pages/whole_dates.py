"""A whole date in one box, as people in England and their systems write it.

The day stands before the month, always: an American date is never guessed. A year comes first only with four digits,
and a month only by its name; so no date is read in two ways.
"""

import re
from collections.abc import Sequence

from pages.typed import plain

PARTS = 3
# Characters: "Wednesday, 30th of September 2015 00:00:00.000 +01:00" has 53. What has more is no date, and is not held
# against the patterns below, some of which take as long as the square of its length.
LONGEST = 60
_WEEKDAY = re.compile(r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b[.,]?\s*", re.IGNORECASE)
_ORDINAL = re.compile(r"(?<=[0-9])(?:st|nd|rd|th)\b(?:\s+of\b)?", re.IGNORECASE)
_TIME = re.compile(
    r"[T\s,]+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)?\s*(?:[ap]m)?\s*(?:Z|UTC|GMT|BST|[+-][0-9]{2}:?[0-9]{2})?$",
    re.IGNORECASE,
)
_MIDNIGHT = re.compile(r"[T\s,]+(?:00?:00(?::00(?:[.,]0+)?)?|12:00(?::00)?\s*am)", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s/.,'\\-]+|(?<=[0-9])(?=[a-z])|(?<=[a-z])(?=[0-9])", re.IGNORECASE)
_RUN = re.compile(r"[0-9]{8}")
_CENTURIES = ("19", "20")


def spread(boxes: Sequence[str | None]) -> list[str | None]:
    """Day, month and year each in its box, where one of the three boxes holds a whole date and the others nothing else.

    Everything else stays as it was typed.
    """
    texts = [plain(text or "") for text in boxes]
    for place, text in enumerate(texts):
        parts = parts_of(text)
        others = [other for each, other in enumerate(texts) if each != place]
        if parts and all(other in ("", text) for other in others):
            return list(parts)
    return list(boxes)


def is_whole(text: str | None) -> bool:
    """Whether a text is a whole date, so that it has no place beside another part of one."""
    return parts_of(plain(text or "")) is not None


def has_time(text: str | None) -> bool:
    """Whether a text ends with a time of day, other than the midnight that systems write after a date."""
    typed = plain(text or "")
    found = _TIME.search(typed) if len(typed) <= LONGEST else None
    return found is not None and not _MIDNIGHT.match(typed, found.start())


def parts_of(text: str) -> tuple[str, str, str] | None:
    """Day, month and year of a plain text that has the shape of a whole date; None for any other.

    Whether there is such a day, and whether its year is written out, is not asked here.
    """
    if len(text) > LONGEST:
        return None
    day = _WEEKDAY.sub("", text).strip(" .,;")
    time = _TIME.search(day)
    if time and _MIDNIGHT.match(day, time.start()):
        day = day[: time.start()]
    if _RUN.fullmatch(day):
        return _of_run(day)
    words = _BETWEEN.split(_ORDINAL.sub(" ", day).strip())
    if len(words) != PARTS or not all(words):
        return None
    first, second, third = words
    if first.isalpha():  # April 3 2015
        return second, first, third
    if len(first) == len("2015"):  # 2015-04-03
        return (second, third, first) if third.isalpha() else (third, second, first)
    return first, second, third


def _of_run(digits: str) -> tuple[str, str, str]:
    """Of eight digits: no day of a month leaves a year of ours where the year stands first, and the other way round."""
    if digits[:2] in _CENTURIES and digits[4:6] <= "12":
        return digits[6:], digits[4:6], digits[:4]
    return digits[:2], digits[2:4], digits[4:]
