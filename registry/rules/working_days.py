"""Working days: Monday to Friday. Bank holidays are taken for working days: no list of them is kept here."""

from datetime import date, timedelta

SATURDAY = 5


def after_working_days(day: date, number: int) -> date:
    """The day on which so many working days have gone by since `day`, which is not counted."""
    while number > 0:
        day += timedelta(days=1)
        number -= day.weekday() < SATURDAY
    return day
