"""How long a record lives (DOMAIN: retention)."""

from datetime import date
from enum import Enum, auto

MAJORITY = 18
ARCHIVE_YEARS = 6
YEARS_AFTER_DEATH = 1


class Stage(Enum):
    """Where a record is on its way."""

    LIVE = auto()
    ARCHIVED = auto()  # which no user reads
    GONE = auto()


def stage_on(today: date, date_of_birth: date, date_of_death: date | None) -> Stage:
    """What a record should be on that day."""
    if today < archive_on(date_of_birth, date_of_death):
        return Stage.LIVE
    return Stage.ARCHIVED if today < destroy_on(date_of_birth, date_of_death) else Stage.GONE


def archive_on(date_of_birth: date, date_of_death: date | None) -> date:
    """The day a record ends to be live: the 18th birthday, or a year past death."""
    grown_up = grown_up_on(date_of_birth)
    return grown_up if date_of_death is None else min(grown_up, years_later(date_of_death, YEARS_AFTER_DEATH))


def destroy_on(date_of_birth: date, date_of_death: date | None) -> date:
    """The day a record must be gone: after six years of archive."""
    return years_later(archive_on(date_of_birth, date_of_death), ARCHIVE_YEARS)


def age(date_of_birth: date, today: date) -> int:
    """Whole years lived."""
    return today.year - date_of_birth.year - ((today.month, today.day) < (date_of_birth.month, date_of_birth.day))


def grown_up_on(date_of_birth: date) -> date:
    """The eighteenth birthday; of whoever was born on 29 February, 1 March, since the day before they are seventeen."""
    return years_later(date_of_birth, MAJORITY)


def years_later(day: date, years: int) -> date:
    """The same day so many years later; of 29 February, in a year without one, 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
