"""How long a record lives (DOMAIN: retention)."""

from datetime import date

MAJORITY = 18
ARCHIVE_YEARS = 6
YEARS_AFTER_DEATH = 1


def destroy_on(date_of_birth: date, date_of_death: date | None) -> date:
    """The day a record must be gone: live to 18 or a year past death, then six years of archive."""
    lived_until = grown_up_on(date_of_birth)
    if date_of_death is not None:
        lived_until = min(lived_until, _later(date_of_death, YEARS_AFTER_DEATH))
    return _later(lived_until, ARCHIVE_YEARS)


def age(date_of_birth: date, today: date) -> int:
    """Whole years lived."""
    return today.year - date_of_birth.year - ((today.month, today.day) < (date_of_birth.month, date_of_birth.day))


def grown_up_on(date_of_birth: date) -> date:
    """The eighteenth birthday; of whoever was born on 29 February, 1 March, since the day before they are seventeen."""
    return _later(date_of_birth, MAJORITY)


def _later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February, in a year without one
        return date(day.year + years, 3, 1)
