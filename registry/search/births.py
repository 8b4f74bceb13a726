"""Dates of birth as people give them: beside the right one by a day, a month or a year, a digit wrong, or in part.

Who is wrong about a date mostly names a neighbour of it, whatever that does to the digits: 20 May for 19 May, 1 August
for 31 July. Who types it wrong changes a digit. Both are asked for, and weighed apart.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import MAXYEAR, MINYEAR, date
from functools import lru_cache
from itertools import product

from rapidfuzz.distance import OSA

from registry.rules.retention import KEPT_TO

A_FEW_DAYS = 7
DAYS_OF_A_YEAR = 366
MONTH, YEAR = 1, 12  # in months
OLDEST = KEPT_TO + 1  # in years that differ: nobody's record is kept when they are older


def is_made_up(born: date) -> bool:
    """Whether it is the birthday that is written down when nobody knows it."""
    return (born.month, born.day) == (1, 1)


def level(asked: date, held: date) -> str:
    """How well two dates of birth agree, whichever is asked. 1 January stands for a day that nobody knew."""
    made_up = is_made_up(asked) or is_made_up(held)
    if asked == held:
        return "year" if made_up else "same"
    if (asked.year, asked.month, asked.day) == (held.year, held.day, held.month):
        return "swapped"
    return "year" if made_up and asked.year == held.year else _beside_or_slipped(asked, held)


def _beside_or_slipped(asked: date, held: date) -> str:
    """The likeliest first: a day, a year, a month out; a digit wrong; not far from it."""
    days = abs(asked.toordinal() - held.toordinal())
    if days <= DAYS_OF_A_YEAR:
        if beside := _beside_level(asked, held, days):
            return beside
    elif (asked.year == held.year) + (asked.month == held.month) + (asked.day == held.day) < 2:  # noqa: PLR2004 - of three
        return "other"  # a digit wrong is wrong in one of them: most pairs of dates need no more than this
    if OSA.distance(asked.isoformat(), held.isoformat(), score_cutoff=1) <= 1:
        return "slip"
    return "days_out" if days <= A_FEW_DAYS else "other"


def _beside_level(asked: date, held: date, days: int) -> str:
    if days == 1:
        return "day_out"
    if _apart(asked, held, YEAR):
        return "year_out"
    return "month_out" if _apart(asked, held, MONTH) else ""


@lru_cache(maxsize=16384)  # more days than there are in the life of a record
def days_meant(born: date) -> frozenset[date]:
    """As `slips`, with the 1 January of that year, which stands for any day of it: to be looked up."""
    return frozenset((*slips(born), date(born.year, 1, 1)))


@lru_cache(maxsize=1024)
def slips(born: date) -> tuple[date, ...]:
    """The dates somebody may have meant who gave this one: likelier ones first."""
    years = (_moved(born, -YEAR), _moved(born, YEAR))
    near = (as_date(born.year, born.day, born.month), *years, *_lasts(born, years), *_beside(born))
    written = born.isoformat().replace("-", "")
    digits = (
        written[:place] + digit + written[place + 1 :] for place, digit in product((7, 6, 5, 4, 3, 2), "0123456789")
    )
    typed = (as_date(int(slip[:4]), int(slip[4:6]), int(slip[6:])) for slip in digits)
    return tuple(dict.fromkeys(each for each in (*near, *typed) if each and each != born))


def days_beside(born: date) -> tuple[date, ...]:
    """The day before it and the day after."""
    number = born.toordinal()
    return tuple(date.fromordinal(each) for each in (number - 1, number + 1) if 0 < each <= date.max.toordinal())


def years_near(born: date) -> tuple[int, ...]:
    """The year of the date, and that of a day or a month beside it where it is another."""
    return tuple(dict.fromkeys(each.year for each in (born, *_beside(born)) if each))


def years_kept(this_year: int) -> range:
    """The years in which anybody may be born who has a record."""
    return range(this_year - OLDEST, this_year + 1)


def year_level(asked: int, held: date) -> str:
    """How well a year agrees, where no more of the date is known."""
    return {0: "same", 1: "year_out"}.get(abs(asked - held.year), "other")


def month_level(asked: tuple[int, int], held: date) -> str:
    """How well a year and a month agree, where the day is not known. 1 January may stand for any day of its year."""
    year, month_ = asked
    apart = abs((year - held.year) * YEAR + month_ - held.month)
    if apart == 0 and not is_made_up(held):
        return "same"
    if apart == MONTH and not is_made_up(held):
        return "month_out"
    if year == held.year:
        return "year"
    return "year_out" if apart == YEAR else "other"


@lru_cache(maxsize=16384)  # more days than there are in the life of a record
def month(born: date) -> str:
    """Its month and year, as they stand in a token."""
    return f"{born:%Y-%m}"


def months_near(born: date) -> tuple[str, ...]:
    """The other months that somebody may have meant who gave the date: those beside it, and day and month swapped."""
    near = (*_beside(born), as_date(born.year, born.day, born.month), _moved(born, -YEAR), _moved(born, YEAR))
    return tuple(dict.fromkeys(month(each) for each in near if each and month(each) != month(born)))


def as_date(year: int, month: int, day: int) -> date | None:
    """That date, or None where there is none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _apart(one: date, other: date, months: int) -> bool:
    """Whether they are so many months apart: from the last of a month to that of another, whatever day it is."""
    earlier, later = min(one, other), max(one, other)
    return _moved(earlier, months) == later or _moved(later, -months) == earlier


def _moved(born: date, months: int) -> date | None:
    year, month = divmod(born.year * 12 + born.month - 1 + months, 12)
    if not MINYEAR <= year <= MAXYEAR:
        return None
    return date(year, month + 1, min(born.day, monthrange(year, month + 1)[1]))


def _beside(born: date) -> tuple[date | None, ...]:
    """The days beside it, its day in the months beside, and of the last of a month the last of these."""
    months = (_moved(born, -MONTH), _moved(born, MONTH))
    return (*days_beside(born), *months, *_lasts(born, months))


def _lasts(born: date, moved: tuple[date | None, ...]) -> Iterator[date]:
    """Of the last of a month the last of those it was moved to: 29 February, a year after the 28th."""
    if born.day == monthrange(born.year, born.month)[1]:
        yield from (each.replace(day=monthrange(each.year, each.month)[1]) for each in moved if each)
