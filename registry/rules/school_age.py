"""Who is of compulsory school age, in England (Education Act 1996, section 8).

It begins on the day that is prescribed next after the fifth birthday, or on the birthday itself where that is one of
them: 31 August, 31 December or 31 March. It ends on the last Friday of June of the school year in which the child is
sixteen; a school year is from September to August.
"""

from datetime import date, timedelta

from registry.rules.retention import years_later

BEGINS_AT, ENDS_AT = 5, 16
PRESCRIBED = ((3, 31), (8, 31), (12, 31))
LAST_MONTH_OF_SCHOOL_YEAR = 8
FRIDAY = 4


def is_of_school_age(born: date, today: date) -> bool:
    """Whether somebody born on that day is of compulsory school age on `today`."""
    return school_age_begins(born) <= today <= school_age_ends(born)


def school_age_begins(born: date) -> date:
    """The first day."""
    fifth = years_later(born, BEGINS_AT)
    return next(day for month, number in PRESCRIBED if (day := date(fifth.year, month, number)) >= fifth)


def school_age_ends(born: date) -> date:
    """The last day: the school leaving date."""
    sixteenth = years_later(born, ENDS_AT)
    year = sixteenth.year + (sixteenth.month > LAST_MONTH_OF_SCHOOL_YEAR)
    end = date(year, 6, 30)
    return end - timedelta(days=(end.weekday() - FRIDAY) % 7)
